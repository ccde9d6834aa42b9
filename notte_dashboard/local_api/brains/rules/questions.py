"""Reads a clause as a question about the page."""

import re
from collections.abc import Callable
from typing import Final

from notte_dashboard.local_api.brains.rules.instructions import Kind, Question
from notte_dashboard.local_api.brains.rules.wordings import (
    ABOUT_PAGE,
    CONTAINS,
    LEAD,
    LEAST,
    LISTED,
    MESSAGE,
    MOST,
    NOUN_ENDS,
    NTH,
    SUPERLATIVE,
    SUPERLATIVES,
    THINGS,
)
from notte_dashboard.local_api.brains.rules.words import ORDINALS, normal, ordinal

Read = Callable[[dict[str, str]], Question]


def question(clause: str, restore: Callable[[str], str]) -> Question | None:
    """None if the clause is no question that has a sure reading; see `loose_question` for the rest."""
    text = _bare(clause)
    for pattern, read in PATTERNS:
        if found := pattern.match(text):
            return read({name: restore(value or "") for name, value in found.groupdict().items()})
    return None


def loose_question(clause: str, restore: Callable[[str], str]) -> Question | None:
    """A clause that begins like a question but names something unusual: the value next to those words."""
    text = _bare(clause)
    if text == _plain(clause) or not text:
        return None
    return Question(Kind.VALUE, wanted=restore(_trimmed(text)))


def questions(clause: str, restore: Callable[[str], str]) -> list[Question]:
    """`the title and the first heading` are two; `name and price of the first result` are two of one thing."""
    if (whole := question(clause, restore)) is not None and whole.kind is not Kind.CELL:
        return [whole]
    parts = [part for part in re.split(r",?\s+and\s+(?:the\s+)?|,\s+(?:the\s+)?", _bare(clause)) if part]
    of = re.search(r" (?:of|for) .+$", parts[-1]) if parts else None
    asked = []
    for part in parts:
        shared = of[0] if of and not re.search(r" (?:of|for) ", part) else ""
        asked.append(question(f"{part}{shared}", restore) or question(part, restore))
    if len(parts) > 1 and all(asked):
        return [one for one in asked if one]
    return [whole] if whole else []


def _plain(clause: str) -> str:
    return re.sub(r"\s+", " ", clause).strip(" ?.!,:").casefold()


def _bare(clause: str) -> str:
    text = _plain(clause)
    text = re.sub(
        r"^(?:in|on|from|using|according to) (?:the|this|that) (?:[\w ]{0,30}?)(?:table|list|page|form|results?),? ", "", text
    )
    while (lead := LEAD.match(text)) and lead.end() < len(text):
        text = text[lead.end() :]
    text = re.sub(r"^me ", "", text)
    text = re.sub(
        r"^(?:does|do|did) (?!(?:it|they|(?:the|this) (?:page|site|result|form|next page|new page))\b)(.+)"
        r" (?:say|show|read|state)$",
        r"\1",
        text,
    )
    return re.sub(r",? (?:in|on|from|of) (?:the|this|that) (?:table|list|search results?)$", "", text).strip()


def _trimmed(text: str) -> str:
    text = re.sub(r"^(?:the|a|an|its|my|your) ", "", text)
    text = re.sub(r" (?:is|are|says?|shows?|reads?)$", "", text)
    return re.sub(rf"{ABOUT_PAGE}$", "", text).strip()


def _price(found: dict[str, str]) -> Question:
    number, noun = ordinal(_trimmed(found.get("subject", "")))
    if number is not None:
        return Question(Kind.PRICE, subject=noun, number=number)
    subject = _trimmed(found.get("subject", ""))
    if subject in {"total", "full", "final", "sum", "overall"}:
        return Question(Kind.VALUE, wanted="total")
    return Question(Kind.PRICE, subject="" if subject in ITSELF else subject)


def _priced(found: dict[str, str]) -> Question:
    return _price({"subject": found.get("subject") or found.get("other") or ""})


def _count(found: dict[str, str]) -> Question:
    noun = NOUN_ENDS.sub("", found["noun"].strip())
    here = found["noun"].strip() != noun and "page" in found["noun"]
    return Question(Kind.COUNT, wanted=_trimmed(noun), column="here" if here else "")


def _items(found: dict[str, str]) -> Question:
    noun = NOUN_ENDS.sub("", found["noun"].strip())
    return Question(Kind.ITEMS, wanted=_trimmed(noun), with_prices=bool(found.get("prices")))


def _item(found: dict[str, str]) -> Question:
    return Question(Kind.ITEM, wanted=_trimmed(found["noun"]), number=ORDINALS[found["nth"]])


def _cell(found: dict[str, str]) -> Question:
    wanted, subject = _trimmed(found["wanted"]), _trimmed(found["subject"])
    number, noun = ordinal(subject)
    if normal(wanted) in {"text", "content", "name", "title"} and number is not None:
        kind = Kind.PARAGRAPH if noun == "paragraph" else Kind.ITEM
        return Question(kind, wanted=noun, number=number)
    return Question(Kind.CELL, wanted=wanted, subject=subject, number=number)


def _heading(found: dict[str, str]) -> Question:
    return Question(Kind.HEADING, number=ORDINALS.get(found.get("nth") or "first", 1))


def _extreme(found: dict[str, str]) -> Question:
    column, highest = SUPERLATIVE[found["word"]]
    return Question(Kind.EXTREME, wanted=_trimmed(found.get("noun", "")), column=column, highest=highest)


def _extreme_of(found: dict[str, str]) -> Question:
    return Question(Kind.EXTREME, wanted=_trimmed(found["noun"]), column=_trimmed(found["column"]), highest=bool(found["most"]))


def _where(found: dict[str, str]) -> Question:
    return Question(Kind.WHERE, wanted=_trimmed(found["wanted"]), column=_trimmed(found["column"]), subject=found["subject"])


def _row(found: dict[str, str]) -> Question:
    return Question(Kind.ROW, column=_trimmed(found.get("column", "")), subject=found["subject"])


def _contains(found: dict[str, str]) -> Question:
    subject = re.sub(r"^[\w ]{0,30}\b(?:called|named|titled|labelled|saying|that says) ", "", found["subject"])
    return Question(Kind.CONTAINS, subject=re.sub(rf"{ABOUT_PAGE}$|,? (?:here|there)$", "", subject))


def _kind(kind: Kind) -> Callable[[dict[str, str]], Question]:
    return lambda found: Question(
        kind, number=ORDINALS.get(found.get("nth", "") or "first", 1) if kind is Kind.PARAGRAPH else None
    )


def _table(*rules: tuple[str, Read]) -> tuple[tuple[re.Pattern[str], Read], ...]:
    return tuple((re.compile(rf"^(?:{pattern})$"), read) for pattern, read in rules)


ITSELF: Final = frozenset(("it", "its", "this", "that", "product", "this product", "that product", "item", "this item", "one"))
NAMES: Final = r"(?:names? of |titles? of )?(?:all )?(?:of )?(?:the )?"
THEIR: Final = r"(?:the |all |its )*"
PATTERNS: Final = _table(
    (rf"(?:the |its )?(?:page |page's |window |tab )?title{ABOUT_PAGE}(?: is)?", _kind(Kind.TITLE)),
    (
        rf"(?:the |its )?(?:current |page |page's )?(?:url|web ?address){ABOUT_PAGE}(?: is)?|page (?:am i|are we|are you) on",
        _kind(Kind.URL),
    ),
    (
        rf"{THEIR}(?:section |page )?(?:headings|headlines|section titles){ABOUT_PAGE}(?: (?:there )?are| there| say)?",
        _kind(Kind.HEADINGS),
    ),
    (
        rf"(?:the |its )?(?:(?P<nth>{NTH}) )?(?:page |page's |main |h1 |big )*(?:heading|headline){ABOUT_PAGE}(?: says?| is)?",
        _heading,
    ),
    (rf"(?:the |its )?(?:(?P<nth>{NTH}) )?(?:paragraph|intro(?:duction)?){ABOUT_PAGE}(?: says?| is)?", _kind(Kind.PARAGRAPH)),
    (
        rf"(?:the |its |whole |all |full )*(?:page |page's )?(?:text|contents?){ABOUT_PAGE}|(?:the |this )?page(?: aloud)?",
        _kind(Kind.TEXT),
    ),
    (MESSAGE, _kind(Kind.MESSAGE)),
    (r"(?:how much|what) (?:is|are|does|do|would|will) (?:the |an? )?(?P<subject>.+?)(?: (?:cost|costs))?", _price),
    (r"(?:does|do|would) (?:the |an? )?(?P<subject>.+?) costs?", _price),
    (r"(?:the )?(?:price|cost)s? (?:of|for) (?P<subject>.+?)(?: (?:is|are|costs?))?", _price),
    (
        r"(?P<subject>(?!list|the list).+?)(?:'s| costs?) ?(?:price|costs?)?|(?:the )?(?P<other>.+?)(?:'s)? price",
        _priced,
    ),
    (r"(?:the |its )?(?:price|cost)(?: is)?|(?:it|this|that) costs?", lambda _found: Question(Kind.PRICE)),
    (r"(?:how many|(?:the )?(?:total )?number of|(?:the )?count of|count) (?:the )?(?P<noun>.+)", _count),
    (rf"(?:the |a |an )?(?P<word>{SUPERLATIVES}) (?P<noun>.+?)(?: is)?", _extreme),
    (rf"(?:which |the )?(?P<noun>[\w -]+?) (?:is|are|costs?) (?:the )?(?P<word>{SUPERLATIVES})", _extreme),
    (
        rf"(?:which |the )?(?P<noun>[\w -]+?) (?:has|have|with|having) the (?:(?P<most>{MOST})|{LEAST}) (?P<column>.+)",
        _extreme_of,
    ),
    (r"(?:the )?rows? (?:where|in which|whose) (?:the )?(?P<column>.+?) (?:is|=|equals|are) (?P<subject>.+)", _row),
    (r"(?:the )?rows? (?:for|of|with|containing|about) (?P<subject>.+)", _row),
    (
        r"(?:the )?(?P<wanted>.+?) (?:where|whose|in the row where) (?:the )?(?P<column>.+?) (?:is|=|equals) (?P<subject>.+)",
        _where,
    ),
    (r"which (?P<wanted>.+?) (?:has|have) (?:the )?(?P<column>\w+) (?P<subject>.+)", _where),
    (rf"{CONTAINS} (?:an? |any |the )?(?:text |word |words )?(?P<subject>.+)", _contains),
    (rf"{NAMES}(?P<noun>[\w -]*s|people)(?P<prices> (?:with|and) (?:their |the )?(?:prices?|costs?))", _items),
    (rf"(?:(?:the )?(?:name|title|text) of )?(?:the )?(?P<nth>{NTH}) (?P<noun>{THINGS})(?: is| says?)?", _item),
    (r"(?:the )?(?P<subject>[^,]+?)'s (?P<wanted>.+?)(?: is)?", _cell),
    (r"(?:the |its )?(?P<wanted>[^,]+?) (?:of|for) (?P<subject>.+?)(?: is)?", _cell),
    (rf"{NAMES}(?P<noun>{LISTED})", _items),
)
