"""What a page is and has: whether it is the one asked for, and what it holds instead of what was looked for."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from notte_dashboard.local_api.brains.interface import Element, PageView
from notte_dashboard.local_api.brains.rules import find
from notte_dashboard.local_api.brains.rules.answers import main_heading
from notte_dashboard.local_api.brains.rules.words import GOOD, best, likeness, mentions, some


def address_of(target: str, here: str) -> str:
    if target.startswith("/"):
        return urljoin(here, target)
    if urlsplit(target).scheme in {"http", "https"}:
        return target
    return f"{'http' if target.startswith('localhost') else 'https'}://{target}"


def is_here(view: PageView, target: str, link: Element | None) -> bool:
    """The page asked for is the one that is open: its link leads here, or without a link its title or heading says so."""
    if link is not None:
        return bool(link.href) and link.href.split("#")[0] == view.url.split("#")[0]
    return any(likeness(name, target) >= GOOD for name in (view.title, main_heading(view)))


def subject_in(view: PageView, subject: str) -> str | None:
    card = best(view.cards, subject, lambda one: (one.name,), least=0.8)
    if card:
        return card.text
    lines = [line.strip() for line in view.text.splitlines() if line.strip()]
    return next((line for line in lines if mentions(line, subject)), None)


def page_name(view: PageView) -> str:
    return f"the page '{view.title or main_heading(view) or view.url}'"


def links_there(view: PageView) -> str:
    return _there("links", (one.name for one in view.elements if one.role == "link"))


def fields_there(view: PageView) -> str:
    return _there(
        "fields", (one.name or one.hint or one.kind for one in view.elements if one.role in find.TEXT_ROLES | find.CHOICE_ROLES)
    )


def options_there(view: PageView) -> str:
    choices = [option for one in view.elements for option in one.options] + [
        one.name for one in view.elements if one.role == "radio"
    ]
    return _there("options", choices)


def things_there(view: PageView) -> str:
    buttons = [one.name for one in view.elements if one.role not in find.TEXT_ROLES | {"link"}]
    return f"{_there('buttons', buttons)}, and {_there('links', (one.name for one in view.elements if one.role == 'link'))}"


def _there(what: str, names: Iterable[str]) -> str:
    listed = some(names, 6)
    return f"it has the {what} {listed}" if listed else f"it has no {what}"
