"""Finds the element that an operator's words mean."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from notte_dashboard.local_api.brains.interface import Element, PageView
from notte_dashboard.local_api.brains.rules.words import GOOD, best, likeness, meaning, normal, nth, ordinal, stems

TEXT_ROLES: Final = frozenset(("textbox", "searchbox", "spinbutton", "combobox"))
TICK_ROLES: Final = frozenset(("checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"))
CHOICE_ROLES: Final = frozenset(("combobox", "listbox", "radio"))
SUBMIT_WORDS: Final = [
    "submit",
    "send",
    "save",
    "continue",
    "login",
    "register",
    "create",
    "apply",
    "ok",
    "go",
    "search",
    "confirm",
    "subscribe",
    "next",
    "sign",
    "order",
    "checkout",
    "finish",
    "done",
    "add",
]
NO_SUBMIT_WORDS: Final = frozenset(["cancel", "reset", "clear", "close", "back", "show", "hide", "menu", "logout"])
HOME: Final = frozenset(("home", "home page", "homepage", "start page", "start", "front page", "main page"))
NEXT_NAMES: Final = ("next page", "next", "older", "older posts", "more results")
NEXT_SIGNS: Final = frozenset(("›", "»", "→", ">", ">>"))  # noqa: RUF001 - as pages write them


def clickable(view: PageView, target: str) -> Element | None:
    """A link, a button or a box to tick; `the second link` and `the first result` count, the rest go by name."""
    things = [element for element in view.elements if element.role not in TEXT_ROLES | {"listbox", "slider"}]
    number, noun = ordinal(target)
    if number is not None and (counted := _counted(view, things, number, noun)):
        return counted
    if normal(target) in HOME and (home := _home(things)):
        return home
    if normal(target) in {"next page", "next"}:
        return next_page(view)
    named = _named(things, target)
    return named or _of_group(things, target)


def next_page(view: PageView) -> Element | None:
    things = [element for element in view.elements if element.role in {"link", "button"} and not element.disabled]
    signs = (element for element in things if element.name in NEXT_SIGNS)
    return next((element for name in NEXT_NAMES for element in things if normal(element.name) == name), None) or next(signs, None)


def link_to(view: PageView, url: str) -> Element | None:
    return next((element for element in view.elements if element.href and element.href == url), None)


def text_field(view: PageView, label: str) -> Element | None:
    fields = [element for element in view.elements if element.role in TEXT_ROLES and not element.disabled]
    if not label:
        return _only_field(fields)
    by_name = best(fields, label, lambda element: (element.name,))
    by_hint = by_name or best(fields, label, lambda element: (element.hint,))
    return by_hint or next(
        (element for element in fields if element.kind in {"email", "password", "search"} and normal(label) == element.kind), None
    )


def _only_field(fields: list[Element]) -> Element | None:
    """`Type 'x'` without saying where: the one empty field, or the one field."""
    plain = [element for element in fields if element.kind != "select"]
    empty = [element for element in plain if not element.value]
    if len(plain) == 1:
        return plain[0]
    return empty[0] if len(empty) == 1 else None


def any_field(view: PageView, label: str) -> Element | None:
    """What `name 'value'` in a form may mean: a text field, a choice or a box."""
    ticks = [element for element in view.elements if element.role in TICK_ROLES and not element.disabled]
    return text_field(view, label) or (best(ticks, label, lambda element: (element.name,)) if label else None)


def search_field(view: PageView) -> Element | None:
    fields = [element for element in view.elements if element.role in TEXT_ROLES - {"spinbutton"} and element.kind != "select"]
    searching = (element for element in fields if element.role == "searchbox" or element.kind == "search")
    named = (element for element in fields if {"search", "find"} & set(stems(f"{element.name} {element.hint}")))
    return next(searching, None) or next(named, None)


def choice(view: PageView, option: str, field: str) -> tuple[Element, str] | None:
    """The list and its own wording of the option; or the radio button, with no option."""
    lists = [element for element in view.elements if element.options and not element.disabled]
    if field:
        lists = sorted((one for one in lists if likeness(one.name, field) >= GOOD), key=lambda one: -likeness(one.name, field))
    for one in lists:
        if wording := best(one.options, option, lambda text: (text, re.sub(r"\s*\(.*\)$", "", text))):
            return one, wording
    radios = [element for element in view.elements if element.role == "radio" and not element.disabled]
    if field:
        radios = [one for one in radios if likeness(one.group, field) >= GOOD or likeness(one.name, f"{option} {field}") >= GOOD]
    radio = best(radios, option, lambda one: (one.name,))
    return (radio, "") if radio else None


def tickable(view: PageView, target: str) -> Element | None:
    return best(
        (one for one in view.elements if one.role in TICK_ROLES and not one.disabled), target, lambda one: (one.name, one.hint)
    )


def username_field(view: PageView) -> Element | None:
    names = ("username", "user", "email", "login", "account", "username or email")
    fields = [element for element in view.elements if element.role == "textbox" and not element.secret]
    return next((found for name in names if (found := best(fields, name, lambda element: (element.name, element.hint)))), None)


def password_field(view: PageView) -> Element | None:
    return next((element for element in view.elements if element.secret and not element.disabled), None)


def submit_button(view: PageView, after: Element | None) -> Element | None:
    """The button that sends the form: the first fit one after the field that was filled last, in reading order."""
    elements = list(view.elements)
    start = elements.index(after) + 1 if after in elements else 0
    for part in (elements[start:], elements[:start] if after else []):
        buttons = [element for element in part if element.role == "button" and not element.disabled]
        fit = [element for element in buttons if not NO_SUBMIT_WORDS & set(stems(element.name))]
        sends = (element for element in fit if element.kind in {"submit", "image"})
        named = (element for element in fit if set(SUBMIT_WORDS) & set(stems(element.name)))
        if found := next(sends, None) or next(named, None):
            return found
    return None


def cart_button(view: PageView, product: str) -> Element | None:
    buttons = [element for element in view.elements if element.role in {"button", "link"} and not element.disabled]
    adding = [
        one
        for one in buttons
        if {"add", "cart"} <= set(stems(one.name)) or normal(one.name) in {"buy", "buy now", "add to bag", "add"}
    ]
    if not product:
        return adding[0] if len(adding) == 1 else None
    return best(adding, product, lambda one: (one.group, one.name), least=0.8)


def _named(things: list[Element], target: str) -> Element | None:
    """A button asked for as a button wins over a link of the same name."""
    last = normal(target).split()[-1:]
    kind = {"button": "button", "link": "link", "tab": "tab", "checkbox": "checkbox"}.get(last[0]) if last else None
    of_kind = [element for element in things if element.role == kind] if kind else []
    return best(of_kind, target, lambda element: (element.name,)) or best(
        things, target, lambda element: (element.name, element.hint)
    )


def _of_group(things: list[Element], target: str) -> Element | None:
    """`Remove Blue Teapot`: the button `Remove` in the row called Blue Teapot."""
    wanted = meaning(target)
    fits = (
        element
        for element in things
        if element.group and wanted <= meaning(f"{element.name} {element.group}") and wanted & meaning(element.name)
    )
    return next(fits, None)


def _counted(view: PageView, things: list[Element], number: int, noun: str) -> Element | None:
    key = " ".join(stems(noun))
    if key in {"link", "button", "checkbox", "tab"}:
        return nth((element for element in things if element.role == key), number)
    if key in {"result", "product", "item", "article", "entry", "post", "story", "hit", "card", "search result"}:
        card = nth((card for card in view.cards if card.href), number)
        return link_to(view, card.href) if card else None
    return nth((element for element in things if likeness(element.name, noun) >= GOOD), number)


def _home(things: Iterable[Element]) -> Element | None:
    links = [element for element in things if element.role == "link" and urlsplit(element.href).scheme in {"http", "https"}]
    named = (element for element in links if normal(element.name) in HOME)
    shortest = min(links, key=lambda element: len(urlsplit(element.href).path), default=None)
    return next(named, None) or shortest
