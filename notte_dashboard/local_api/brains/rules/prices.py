import re
from decimal import Decimal, InvalidOperation
from typing import Final

from notte_dashboard.local_api.brains.interface import Card, PageView
from notte_dashboard.local_api.brains.rules import tables
from notte_dashboard.local_api.brains.rules.instructions import Question
from notte_dashboard.local_api.brains.rules.values import pair_value
from notte_dashboard.local_api.brains.rules.words import GOOD, best, likeness, mentions, nth

CURRENCY: Final = r"(?:[$€£¥₹₽₩₺]|(?:USD|EUR|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|CAD|AUD|Fr\.|kr|zł|Kč)(?![a-z]))"
NUMBER: Final = r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
MONEY: Final = re.compile(rf"(?:{CURRENCY}\s?(?:{NUMBER})|(?<![\d.,])(?:{NUMBER})\s?{CURRENCY})")


def price_in(text: str) -> str | None:
    found = MONEY.search(text)
    return found[0].strip() if found else None


def amount(price: str) -> Decimal | None:
    digits = re.sub(r"[^\d.,]", "", price).strip(".,")
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: decimals.start()] if decimals else digits)
    try:
        return Decimal(f"{whole or 0}.{decimals[1] if decimals else 0}")
    except InvalidOperation:
        return None


def priced(view: PageView) -> list[tuple[Card, str]]:
    return [(card, price) for card in view.cards if (price := price_in(card.text))]


def price_of(question: Question, view: PageView) -> str | None:
    if question.number is not None:
        chosen = nth(priced(view), question.number)
        return chosen[1] if chosen else _nth_row_price(question.number, view)
    if not question.subject:
        return _price_here(view)
    return (
        _card_price(question.subject, view)
        or tables.cell("price", question.subject, view)
        or (_price_here(view) if _page_is(question.subject, view) else None)
        or _line_price(question.subject, view)
    )


def _card_price(subject: str, view: PageView) -> str | None:
    found = best(priced(view), subject, lambda one: (one[0].name,))
    return found[1] if found else None


def _nth_row_price(number: int, view: PageView) -> str | None:
    for table in view.tables:
        if (row := nth(table.rows, number)) and (price := price_in(" ".join(row))):
            return price
    return None


def _price_here(view: PageView) -> str | None:
    """The page's own price: only if it is one thing's page, so that the first of many is not taken for it."""
    if labelled := pair_value("price", view):
        return price_in(labelled) or labelled
    found = MONEY.findall(view.text)
    return found[0] if len(set(found)) == 1 else None


def _page_is(subject: str, view: PageView) -> bool:
    return any(likeness(name, subject) >= GOOD for name in (view.title, *(one.text for one in view.headings if one.level == 1)))


def _line_price(subject: str, view: PageView) -> str | None:
    lines = [line.strip() for line in view.text.splitlines() if line.strip()]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if mentions(line, subject) and (price := price_in(line) or (price_in(after) if len(line) < 80 else None)):  # noqa: PLR2004 - a name
            return price
    return None
