"""Answers a question, going a few pages further if this one does not hold the answer."""

from dataclasses import replace
from typing import Final

from notte_dashboard.local_api.brains.interface import Card, Element, PageView
from notte_dashboard.local_api.brains.rules import find, tables
from notte_dashboard.local_api.brains.rules.acting import Hands
from notte_dashboard.local_api.brains.rules.answers import answer
from notte_dashboard.local_api.brains.rules.instructions import Kind, Question, Search
from notte_dashboard.local_api.brains.rules.steps import CannotError, Moment, Plan, act, on, seek
from notte_dashboard.local_api.brains.rules.surroundings import links_there, page_name
from notte_dashboard.local_api.brains.rules.things import PARTS, items_of, stated_count
from notte_dashboard.local_api.brains.rules.words import ORDINALS, likeness, meaning, normal, some, stems

MOST_PAGES: Final = 20
MOST_HOPS: Final = 2
FAR: Final = frozenset((Kind.PRICE, Kind.CELL, Kind.ROW, Kind.WHERE, Kind.EXTREME, Kind.VALUE, Kind.ITEMS))
"""Questions about the world of the site. The others are about the page that is open."""
WHOLE: Final = frozenset((Kind.EXTREME, Kind.COUNT))
"""Questions whose answer on one page of several is only a part."""


def ask(question: Question, now: Moment, hands: Hands) -> Plan[tuple[str, Moment]]:
    """The answer, or `CannotError` telling what was looked at."""
    seen = {now.view.url}
    found, now = yield from seek(now, lambda view: answer(question, view), _about(question))
    hops = 0
    while found is None and question.kind in FAR and hops < MOST_HOPS:
        found, now = yield from _over_pages(question, now, seen)
        if found is not None or (question.kind is not Kind.PRICE and _is_of_kind(question, now.view)):
            break
        link = _closer(question, now.view, seen)
        if link is None:
            break
        now = yield from act(on("click", link, f"Look for {_about(question)} behind '{link.name}'.", "seems to lead closer"))
        seen |= {link.href, now.view.url}
        hops += 1
        found, now = yield from seek(now, lambda view: answer(question, view), _about(question))
    if (
        found is None
        and question.kind is Kind.PRICE
        and question.subject
        and question.number is None
        and find.search_field(now.view)
    ):
        now = yield from hands.carry_out(Search(question.subject), now)
        found = answer(question, now.view)
    if found is None:
        raise CannotError(_not_found(question, now.view, len(seen)))
    if _goes_on(question, now.view):
        found, now = yield from _of_all_pages(question, now)
    return found, now


def _goes_on(question: Question, view: PageView) -> bool:
    if question.kind not in WHOLE or find.next_page(view) is None:
        return False
    if question.kind is Kind.COUNT:
        of_this_page = question.column == "here" or " ".join(stems(question.wanted)) in PARTS.keys() - {"row", "table row"}
        return not of_this_page and stated_count(question.wanted, view) is None
    return True


def _of_all_pages(question: Question, now: Moment) -> Plan[tuple[str, Moment]]:
    """Reads on to the last page and answers from all of them together."""
    whole, seen = now.view, {now.view.url}
    for _ in range(MOST_PAGES):
        link = find.next_page(now.view)
        if link is None or link.href in seen:
            break
        now = yield from act(on("click", link, f"Read the next page too for {_about(question)}.", "the list goes on there"))
        seen |= {link.href, now.view.url}
        whole = _together(whole, now.view)
    found = answer(question, whole) or ""
    rest = "" if find.next_page(now.view) is None else f" (on the first {len(seen)} pages; there are more)"
    return f"{found}{rest}", now


def _together(one: PageView, more: PageView) -> PageView:
    rows = {table.headers: table.rows for table in more.tables}
    joined = tuple(replace(table, rows=table.rows + rows.get(table.headers, ())) for table in one.tables)
    items = {part.name: part.items for part in more.lists}
    lists = tuple(replace(part, items=part.items + items.get(part.name, ())) if part.name else part for part in one.lists)
    return replace(one, tables=joined, cards=one.cards + more.cards, lists=lists)


def _over_pages(question: Question, now: Moment, seen: set[str]) -> Plan[tuple[str | None, Moment]]:
    """Turns the pages of a list or table that has what is asked for in kind, but not in these rows."""
    for _ in range(MOST_PAGES):
        link = find.next_page(now.view)
        if link is None or link.href in seen or not _is_of_kind(question, now.view):
            break
        now = yield from act(on("click", link, f"Look for {_about(question)} on the next page.", "the list goes on there"))
        seen |= {link.href, now.view.url}
        if found := answer(question, now.view):
            return found, now
    return None, now


def _is_of_kind(question: Question, view: PageView) -> bool:
    if question.kind is Kind.PRICE:
        return bool(view.cards) or any(tables.column_of(table, "price") is not None for table in view.tables)
    columns = [name for name in (question.wanted, question.column) if name]
    if question.kind in {Kind.CELL, Kind.WHERE, Kind.ROW}:
        return any(not columns or any(tables.column_of(table, name) is not None for name in columns) for table in view.tables)
    return False


def _closer(question: Question, view: PageView, seen: set[str]) -> Element | None:
    """The link or card that speaks most of what is asked."""
    wanted = meaning(" ".join(part for part in (question.subject, question.wanted, question.column) if part))
    wanted |= {"price"} if question.kind is Kind.PRICE else frozenset()
    ranked = sorted(
        (
            (_nearness(question, wanted, one, _card_of(one, view)), -index, one)
            for index, one in enumerate(view.elements)
            if _leads_on(one, view, seen)
        ),
        key=lambda each: each[:2],
        reverse=True,
    )
    return ranked[0][2] if ranked and ranked[0][0] > 0 else None


def _leads_on(element: Element, view: PageView, seen: set[str]) -> bool:
    return (
        element.role == "link"
        and element.href.startswith("http")
        and element.href not in seen
        and element.href.split("#")[0] != view.url
    )


def _card_of(element: Element, view: PageView) -> Card | None:
    return next((card for card in view.cards if card.href == element.href), None)


def _nearness(question: Question, wanted: frozenset[str], element: Element, card: Card | None) -> float:
    name = max(likeness(element.name, part) for part in (question.subject, question.wanted))
    spoken = frozenset(stems(f"{element.name} {card.text if card else ''}")) & wanted
    return (name if name >= 0.8 else 0.0) + 0.5 * len(spoken) / max(len(wanted), 1)  # noqa: PLR2004 - a sure name


def _about(question: Question) -> str:
    names = {Kind.PRICE: "price", Kind.ROW: "row", Kind.HEADING: "heading", Kind.HEADINGS: "headings", Kind.TITLE: "title"}
    wanted = question.wanted or names.get(question.kind, question.kind.value)
    if question.kind is Kind.EXTREME:
        return f"the {question.wanted or 'thing'} with the {'highest' if question.highest else 'lowest'} {question.column}"
    if question.kind is Kind.WHERE:
        return f"the {wanted} whose {question.column} is '{question.subject}'"
    if question.number is not None:
        place = next(word for word, number in ORDINALS.items() if number == question.number)
        return f"the price of the {place} {question.subject}" if question.kind is Kind.PRICE else f"the {place} {wanted}"
    if question.kind is Kind.COUNT:
        return f"the number of {wanted}"
    return f"the {wanted} of '{question.subject}'" if question.subject else f"the {wanted}"


def _not_found(question: Question, view: PageView, pages: int) -> str:
    looked = f" and {pages - 1} other pages" if pages > 2 else " and 1 other page" if pages == 2 else ""  # noqa: PLR2004 - plural
    return f"I did not find {_about(question)} on {page_name(view)}{looked}; {_instead(question, view)}."


def _instead(question: Question, view: PageView) -> str:
    """What the page has of the kind that was asked for."""
    if question.kind in {Kind.CELL, Kind.WHERE, Kind.ROW, Kind.EXTREME} and view.tables:
        headers = some((header for table in view.tables for header in table.headers), 8)
        return f"its tables have the columns {headers}" if headers else "its tables have no column headings"
    if question.kind in {Kind.PRICE, Kind.ITEMS, Kind.ITEM} and (cards := items_of("items", view)):
        return f"it lists {some(cards, 6)}"
    if view.messages:
        return f"it says: {' '.join(view.messages)[:200]}"
    if view.pairs:
        return f"it gives {some(pair.label for pair in view.pairs)}"
    if view.headings and normal(view.headings[0].text):
        return f"its headings are {some(heading.text for heading in view.headings)}"
    return links_there(view)
