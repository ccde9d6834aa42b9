"""Answers a question from what a page shows. Pure: no answer is None, never a guess."""

from collections.abc import Callable, Iterable
from typing import Final

from notte_dashboard.local_api.brains.interface import PageView
from notte_dashboard.local_api.brains.rules import tables
from notte_dashboard.local_api.brains.rules.instructions import Kind, Question
from notte_dashboard.local_api.brains.rules.prices import amount, price_of, priced
from notte_dashboard.local_api.brains.rules.things import items_of, nth_item, stated_count
from notte_dashboard.local_api.brains.rules.values import value_of
from notte_dashboard.local_api.brains.rules.words import GOOD, best, likeness, mentions, normal, nth

LONGEST_TEXT: Final = 3_000


def answer(question: Question, view: PageView) -> str | None:
    return ANSWERS[question.kind](question, view)


def main_heading(view: PageView) -> str:
    ranked = sorted(view.headings, key=lambda heading: heading.level)
    return ranked[0].text if ranked else ""


def main_message(view: PageView) -> str:
    """What a person would read out first: an announcement, else the heading and what stands below it."""
    if view.messages and not all(_is_count(message) for message in view.messages):
        return " ".join(dict.fromkeys(message for message in view.messages if not _is_count(message)))
    parts = [main_heading(view), *view.paragraphs[:1]]
    shown = ": ".join(part for part in parts if part)
    return shown or " ".join(view.text.split())[:500]


def _is_count(message: str) -> bool:
    # Result counters and clocks are announced too, yet they are not what the page "says".
    words = normal(message).split()
    return len(words) <= 3 and any(word.isdigit() for word in words)  # noqa: PLR2004 - "12 products found"


def _title(_question: Question, view: PageView) -> str | None:
    return view.title or None


def _url(_question: Question, view: PageView) -> str | None:
    return view.url or None


def _heading(question: Question, view: PageView) -> str | None:
    if question.number in {None, 1}:
        return main_heading(view) or None
    heading = nth(view.headings, question.number or 1)
    return heading.text if heading else None


def _headings(_question: Question, view: PageView) -> str | None:
    return _lines(heading.text for heading in view.headings)


def _paragraph(question: Question, view: PageView) -> str | None:
    return nth(view.paragraphs, question.number or 1)


def _text(_question: Question, view: PageView) -> str | None:
    lines = [" ".join(line.split()) for line in view.text.splitlines()]
    text = "\n".join(line for line in lines if line)
    return f"{text[:LONGEST_TEXT]}…" if len(text) > LONGEST_TEXT else text or None


def _message(_question: Question, view: PageView) -> str | None:
    return main_message(view) or None


def _price(question: Question, view: PageView) -> str | None:
    return price_of(question, view)


def _items(question: Question, view: PageView) -> str | None:
    items = items_of(question.wanted, view)
    if items is None:
        return None
    if question.with_prices:
        prices = {card.name: price for card, price in priced(view)}
        items = [f"{item}: {prices[item]}" if item in prices else item for item in items]
    return _lines(items)


def _count(question: Question, view: PageView) -> str | None:
    if question.column != "here" and (stated := stated_count(question.wanted, view)):
        return stated
    items = items_of(question.wanted, view, empty=True)
    return None if items is None else str(len(items))


def _item(question: Question, view: PageView) -> str | None:
    return nth_item(question.wanted, question.number or 1, view)


def _cell(question: Question, view: PageView) -> str | None:
    found = tables.cell(question.wanted, question.subject, view)
    if found is None and question.subject:
        found = _of_card(question, view) or value_of(f"{question.wanted} of {question.subject}", view)
    if found is None and _is_about(question.subject, view):
        found = value_of(question.wanted, view)
    return found


def _of_card(question: Question, view: PageView) -> str | None:
    card = best(view.cards, question.subject, lambda one: (one.name,), least=0.8)
    if card is None:
        return None
    if normal(question.wanted) == "description":
        return card.text.removeprefix(card.name).strip() or None
    return None


def _is_about(subject: str, view: PageView) -> bool:
    """`the total of the cart` is the total, on a page called cart."""
    names = (view.title, main_heading(view), *(table.name for table in view.tables))
    return normal(subject) in {"page", "this page", "cart", "order", "form"} or any(
        likeness(name, subject) >= GOOD for name in names
    )


def _row(question: Question, view: PageView) -> str | None:
    return tables.row(question.column, question.subject, view)


def _where(question: Question, view: PageView) -> str | None:
    return tables.where(question.wanted, question.column, question.subject, view)


def _extreme(question: Question, view: PageView) -> str | None:
    found = tables.extreme(question.wanted, question.column, view, highest=question.highest)
    if found is not None or normal(question.column) not in {"price", "cost"}:
        return found
    known = [(card, price, value) for card, price in priced(view) if (value := amount(price)) is not None]
    if not known:
        return None
    card, price, _value = (max if question.highest else min)(known, key=lambda one: one[2])
    return f"{card.name} ({price})"


def _contains(question: Question, view: PageView) -> str | None:
    """A page that does not hold the text is an answer too."""
    shown = normal(question.subject) in " ".join(normal(line) for line in (view.title, *view.text.splitlines()))
    fields = any(likeness(element.name, question.subject) >= GOOD for element in view.elements)
    lines = any(mentions(line, question.subject) for line in view.text.splitlines())
    yes = shown or fields or lines
    return f"{'Yes' if yes else 'No'}, the page {'shows' if yes else 'does not show'} '{question.subject}'."


def _value(question: Question, view: PageView) -> str | None:
    return value_of(question.wanted, view)


def _lines(items: Iterable[str]) -> str | None:
    return "\n".join(item for item in items if item) or None


ANSWERS: Final[dict[Kind, Callable[[Question, PageView], str | None]]] = {
    Kind.TITLE: _title,
    Kind.URL: _url,
    Kind.HEADING: _heading,
    Kind.HEADINGS: _headings,
    Kind.PARAGRAPH: _paragraph,
    Kind.TEXT: _text,
    Kind.MESSAGE: _message,
    Kind.PRICE: _price,
    Kind.COUNT: _count,
    Kind.ITEMS: _items,
    Kind.ITEM: _item,
    Kind.CELL: _cell,
    Kind.ROW: _row,
    Kind.WHERE: _where,
    Kind.EXTREME: _extreme,
    Kind.CONTAINS: _contains,
    Kind.VALUE: _value,
}
