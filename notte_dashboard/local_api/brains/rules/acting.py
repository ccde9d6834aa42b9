"""How each instruction is carried out."""

import re
from functools import singledispatchmethod
from typing import Final

from notte_dashboard.local_api.brains.interface import Element, PageView
from notte_dashboard.local_api.brains.rules import find
from notte_dashboard.local_api.brains.rules import instructions as to
from notte_dashboard.local_api.brains.rules.answers import main_heading, main_message
from notte_dashboard.local_api.brains.rules.patience import scroll, wait
from notte_dashboard.local_api.brains.rules.steps import CannotError, Moment, Plan, Step, act, on, seek
from notte_dashboard.local_api.brains.rules.surroundings import (
    address_of,
    fields_there,
    is_here,
    links_there,
    options_there,
    page_name,
    subject_in,
    things_there,
)
from notte_dashboard.local_api.brains.rules.words import GOOD, best, likeness, normal, some

ADDRESS: Final = re.compile(
    r"^(?:https?://\S+|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?|localhost(?::\d+)?(?:/\S*)?|/\S*)$", re.IGNORECASE
)
NO: Final = frozenset(("no", "off", "false", "0", "unchecked"))


class Hands:
    """Carries out instructions and remembers what they touched."""

    def __init__(self) -> None:
        self.last_field: str = ""
        self.done: list[str] = []

    @singledispatchmethod
    def carry_out(self, wish: to.Meaning, _now: Moment) -> Plan[Moment]:
        raise CannotError(f"I have no way to do this: {wish}.")
        yield  # pragma: no cover - makes this a generator like the others

    @carry_out.register
    def _(self, wish: to.Open, now: Moment) -> Plan[Moment]:
        if ADDRESS.match(wish.target):
            url = address_of(wish.target, now.view.url)
            kind = "goto_new_tab" if wish.new_tab else "goto"
            now = yield from act(Step({"type": kind, "url": url}, f"Open {url}."))
            self.done.append(f"Opened {now.view.url}.")
            return now
        link, now = yield from seek(now, lambda view: find.clickable(view, wish.target), f"a link to '{wish.target}'")
        if is_here(now.view, wish.target, link):
            self.done.append(f"'{wish.target}' was open already.")
            return now
        if link is None:
            raise CannotError(f"I found no link to '{wish.target}' on {page_name(now.view)}; {links_there(now.view)}.")
        if wish.new_tab and link.href:
            now = yield from act(Step({"type": "goto_new_tab", "url": link.href}, f"Open '{link.name}' in a new tab.", link))
        else:
            now = yield from act(on("click", link, f"Follow '{link.name}' to the {wish.target}.", "leads to the page asked for"))
        self.done.append(f"Opened '{link.name}'.")
        return now

    @carry_out.register
    def _(self, wish: to.Find, now: Moment) -> Plan[Moment]:
        shown, now = yield from seek(now, lambda view: subject_in(view, wish.subject), f"'{wish.subject}'")
        if shown is None:
            if find.search_field(now.view) is None:
                now, _field = yield from self._go_to_search(now)
            now = yield from self.carry_out(to.Search(wish.subject), now)
            shown = subject_in(now.view, wish.subject)
        if shown is None:
            raise CannotError(f"I did not find '{wish.subject}' on {page_name(now.view)}; {things_there(now.view)}.")
        self.done.append(f"Found: {shown}")
        return now

    @carry_out.register
    def _(self, wish: to.Click, now: Moment) -> Plan[Moment]:
        element, now = yield from seek(now, lambda view: find.clickable(view, wish.target), f"'{wish.target}'")
        if element is None:
            raise CannotError(
                f"I found nothing called '{wish.target}' to click on {page_name(now.view)}; {things_there(now.view)}."
            )
        now = yield from act(on("click", element, f"Click '{element.name or wish.target}'.", "named in the task"))
        self.done.append(f"Clicked '{element.name or wish.target}'.")
        return now

    @carry_out.register
    def _(self, wish: to.Fill, now: Moment) -> Plan[Moment]:
        first = wish.values[0][0]
        field, now = yield from seek(now, lambda view: find.any_field(view, first), f"the field '{first}'")
        if field is None and wish.form:
            now = yield from self._go_to_form(wish.form, now)
        for label, value in wish.values:
            now = yield from self._fill_one(label, value, now)
        return now

    def _go_to_form(self, form: str, now: Moment) -> Plan[Moment]:
        link = find.clickable(now.view, f"{form} form")
        if link is None or link.role != "link":
            return now
        now = yield from act(on("click", link, f"Open the {form} form.", "the form is not on this page"))
        self.done.append(f"Opened '{link.name}'.")
        return now

    def _fill_one(self, label: str, value: str, now: Moment) -> Plan[Moment]:
        what = f"the field '{label}'" if label else "a field to type in"
        field, now = yield from seek(now, lambda view: find.any_field(view, label), what)
        if field is None:
            raise CannotError(f"I did not find {what} on {page_name(now.view)}; {fields_there(now.view)}.")
        if field.options:
            return (yield from self.carry_out(to.Select(value, field.name), now))
        if field.role in find.TICK_ROLES:
            return (yield from self.carry_out(to.Check(field.name, on=value.casefold() not in NO), now))
        now = yield from act(
            on("fill", field, f"Fill in {field.name or label}.", "field to fill", value=value, clear_before_fill=True)
        )
        self.last_field = field.selector
        self.done.append(f"Filled in {field.name or label}.")
        return now

    @carry_out.register
    def _(self, _wish: to.Submit, now: Moment) -> Plan[Moment]:
        button, now = yield from seek(
            now, lambda view: find.submit_button(view, self._last(view)), "a button that submits the form"
        )
        if button is not None:
            now = yield from act(on("click", button, f"Submit the form with '{button.name}'.", "submits the form"))
        elif self._last(now.view):
            now = yield from act(Step({"type": "press_key", "key": "Enter"}, "Submit the form with the Enter key."))
        else:
            raise CannotError(f"I found no form to submit on {page_name(now.view)}; {things_there(now.view)}.")
        self.done.append("Submitted the form.")
        return now

    def _last(self, view: PageView) -> Element | None:
        return (
            next((element for element in view.elements if element.selector == self.last_field), None) if self.last_field else None
        )

    @carry_out.register
    def _(self, wish: to.Search, now: Moment) -> Plan[Moment]:
        field, now = yield from seek(now, find.search_field, "a search field")
        if field is None:
            now, field = yield from self._go_to_search(now)
        now = yield from act(
            on(
                "fill",
                field,
                f"Type '{wish.query}' into the search field.",
                "search field",
                value=wish.query,
                clear_before_fill=True,
            )
        )
        before = now.view
        now = yield from act(Step({"type": "press_key", "key": "Enter"}, f"Search for '{wish.query}'."))
        button = find.submit_button(now.view, find.search_field(now.view))
        if now.view.url == before.url and now.view.text == before.text and button and "search" in normal(button.name):
            now = yield from act(
                on("click", button, f"Search for '{wish.query}' with the button.", "the Enter key changed nothing")
            )
        self.done.append(f"Searched for '{wish.query}'.")
        return now

    def _go_to_search(self, now: Moment) -> Plan[tuple[Moment, Element]]:
        for name in ("search", "shop", "store", "catalogue", "products"):
            link = best((one for one in now.view.elements if one.role == "link"), name, lambda one: (one.name,), least=0.9)
            if link and link.href != now.view.url:
                now = yield from act(
                    on("click", link, f"Look for a search field behind '{link.name}'.", "this page has no search field")
                )
                if field := find.search_field(now.view):
                    return now, field
        raise CannotError(f"I found no search field on {page_name(now.view)}; {fields_there(now.view)}.")

    @carry_out.register
    def _(self, wish: to.Select, now: Moment) -> Plan[Moment]:
        found, now = yield from seek(now, lambda view: find.choice(view, wish.option, wish.field), f"the option '{wish.option}'")
        if found is None:
            if not wish.field and find.clickable(now.view, wish.option):
                return (yield from self.carry_out(to.Click(wish.option), now))
            where = f" for '{wish.field}'" if wish.field else ""
            raise CannotError(f"I found no option '{wish.option}'{where} on {page_name(now.view)}; {options_there(now.view)}.")
        element, wording = found
        if wording:
            step = on(
                "select_dropdown_option", element, f"Choose '{wording}' as {element.name}.", "has the option", value=wording
            )
        else:
            step = on("check", element, f"Choose '{element.name}'.", "the option asked for", value=True)
        now = yield from act(step)
        self.last_field = element.selector
        self.done.append(f"Chose '{wording or element.name}'.")
        return now

    @carry_out.register
    def _(self, wish: to.Check, now: Moment) -> Plan[Moment]:
        element, now = yield from seek(now, lambda view: find.tickable(view, wish.target), f"the checkbox '{wish.target}'")
        if element is None:
            boxes = some(one.name for one in now.view.elements if one.role in find.TICK_ROLES)
            there = f"it has {boxes}" if boxes else "it has none at all"
            raise CannotError(f"I found no checkbox '{wish.target}' on {page_name(now.view)}; {there}.")
        word = "Tick" if wish.on else "Untick"
        if element.checked is not wish.on:
            now = yield from act(on("check", element, f"{word} '{element.name}'.", "named in the task", value=wish.on))
        self.last_field = element.selector
        self.done.append(f"{word}ed '{element.name}'.")
        return now

    @carry_out.register
    def _(self, wish: to.Login, now: Moment) -> Plan[Moment]:
        password, now = yield from seek(now, find.password_field, "a password field")
        if password is None:
            link = find.clickable(now.view, "log in")
            if link is None:
                raise CannotError(f"I found no place to log in on {page_name(now.view)}; {things_there(now.view)}.")
            now = yield from act(on("click", link, "Open the login form.", "leads to the login form"))
        return (yield from self._log_in(wish, now))

    def _log_in(self, wish: to.Login, now: Moment) -> Plan[Moment]:
        for find_field, name, value in (
            (find.username_field, "username", wish.username),
            (find.password_field, "password", wish.password),
        ):
            field = find_field(now.view)
            if field is None:
                raise CannotError(f"I found no {name} field on {page_name(now.view)}; {fields_there(now.view)}.")
            now = yield from act(on("fill", field, f"Fill in the {name}.", f"{name} field", value=value, clear_before_fill=True))
            self.last_field = field.selector
        now = yield from self.carry_out(to.Submit(), now)
        if find.password_field(now.view) and now.view.messages:
            raise CannotError(f"The login was not accepted; the page says: {main_message(now.view)}")
        self.done[-1:] = ["Logged in."] if not find.password_field(now.view) else ["Sent the login form."]
        return now

    @carry_out.register
    def _(self, wish: to.AddToCart, now: Moment) -> Plan[Moment]:
        product = "" if likeness(main_heading(now.view), wish.product) >= GOOD else wish.product
        button, now = yield from seek(now, lambda view: find.cart_button(view, product), "a button that adds to the cart")
        if button is None and product:
            now = yield from self._go_to_product(product, now)
            button = find.cart_button(now.view, "")
        if button is None:
            what = wish.product or "this"
            raise CannotError(f"I found no button that adds {what} to a cart on {page_name(now.view)}; {things_there(now.view)}.")
        now = yield from act(on("click", button, f"Put {wish.product or 'it'} into the cart.", "adds to the cart"))
        self.done.append(f"Put {wish.product or 'it'} into the cart.")
        return now

    def _go_to_product(self, product: str, now: Moment) -> Plan[Moment]:
        if find.clickable(now.view, product) is None:
            now = yield from self.carry_out(to.Search(product), now)
        return (yield from self.carry_out(to.Click(product), now))

    @carry_out.register
    def _(self, wish: to.Scroll, now: Moment) -> Plan[Moment]:
        told, now = yield from scroll(wish, now)
        self.done.append(told)
        return now

    @carry_out.register
    def _(self, wish: to.Wait, now: Moment) -> Plan[Moment]:
        told, now = yield from wait(wish, now)
        self.done.append(told)
        return now

    @carry_out.register
    def _(self, wish: to.Move, now: Moment) -> Plan[Moment]:
        words = {"go_back": "Go back", "go_forward": "Go forward", "reload": "Reload the page", "close_tab": "Close the tab"}
        now = yield from act(Step({"type": wish.action}, f"{words[wish.action]}."))
        self.done.append(now.result.message + "." if now.result else f"{words[wish.action]}.")
        return now

    @carry_out.register
    def _(self, wish: to.SwitchTab, now: Moment) -> Plan[Moment]:
        now = yield from act(Step({"type": "switch_tab", "tab_index": wish.number}, f"Switch to tab {wish.number + 1}."))
        self.done.append(f"Switched to tab {wish.number + 1}.")
        return now

    @carry_out.register
    def _(self, wish: to.Press, now: Moment) -> Plan[Moment]:
        now = yield from act(Step({"type": "press_key", "key": wish.key}, f"Press {wish.key}."))
        self.done.append(f"Pressed {wish.key}.")
        return now
