"""Reads a task as a list of instructions."""

import re
from collections.abc import Callable
from typing import Final

from notte_dashboard.local_api.brains.rules.clauses import TOKEN, Kept, cut
from notte_dashboard.local_api.brains.rules.fields import field_values, login_of
from notte_dashboard.local_api.brains.rules.instructions import (
    AddToCart,
    Ask,
    Check,
    Click,
    Fill,
    Find,
    Instruction,
    Meaning,
    Move,
    Open,
    Press,
    Scroll,
    Search,
    Select,
    Submit,
    SwitchTab,
    Unknown,
    Wait,
)
from notte_dashboard.local_api.brains.rules.questions import loose_question, question, questions
from notte_dashboard.local_api.brains.rules.words import ORDINALS

Read = Callable[[re.Match[str], Kept], Meaning | None]

CONDITION: Final = re.compile(
    r"^(?:if|unless|until|while|when(?:ever)?|repeat|for (?:each|every|all)|every|keep|otherwise|else)\b"
    r"|(?<!check )(?<!tell me )(?<!say )(?<!see )(?<!know )(?<!find out )(?<!confirm )(?<!report )\b(?:if|unless)\b",
    re.IGNORECASE,
)
"""What would need a decision: not attempted, rather than done without looking."""
PLACE: Final = re.compile(r"^(?:in|on|from|at|using|under) (?P<place>(?:the|this|that) [^,]+)$", re.IGNORECASE)
HERE: Final = re.compile(
    r"^(?:the|this|that) (?:(?:current|same|resulting|search|new) )?(?:table|list|page|form|results?(?: page)?|site|website)$",
    re.IGNORECASE,
)
LATER_PAGE: Final = re.compile(
    r" (?:on|of|from) (?:the )?(?:(?P<word>next|second|2nd|third|3rd|fourth|4th) page|page (?:number )?(?P<number>\d))$",
    re.IGNORECASE,
)
ARTICLE: Final = re.compile(r"^(?:(?:the|a|an|this|that|my|your)\s+)", re.IGNORECASE)
KIND_AFTER: Final = re.compile(
    r"\s+(?:field|input|box|text ?box|text ?area|drop-?down|menu|select|list|selector|option)$", re.IGNORECASE
)
KEYS: Final = {
    "enter": "Enter",
    "return": "Enter",
    "escape": "Escape",
    "esc": "Escape",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Delete",
    "page down": "PageDown",
    "page up": "PageUp",
    "home": "Home",
    "end": "End",
    "arrow down": "ArrowDown",
    "arrow up": "ArrowUp",
    "arrow left": "ArrowLeft",
    "arrow right": "ArrowRight",
    "down": "ArrowDown",
    "up": "ArrowUp",
}
SECONDS: Final = {"second": 1.0, "sec": 1.0, "s": 1.0, "minute": 60.0, "min": 60.0, "ms": 0.001, "millisecond": 0.001}


def parse(task: str) -> list[Instruction]:
    clauses, kept = cut(task)
    return [Instruction(kept.as_written(clause), meaning) for clause in clauses for meaning in meanings(clause, kept)]


def meanings(clause: str, kept: Kept) -> list[Meaning]:
    if CONDITION.search(clause):
        return [Unknown()]
    if place := PLACE.match(clause):
        return [] if HERE.match(place["place"]) else [Open(_name(place["place"], kept))]
    if later := LATER_PAGE.search(clause):
        number = int(later["number"] or ORDINALS.get((later["word"] or "").casefold(), 2))
        return [Click("Next page")] * min(max(number - 1, 0), 9) + _one(clause[: later.start()], kept)
    return _one(clause, kept)


def _one(clause: str, kept: Kept) -> list[Meaning]:
    for pattern, read in RULES:
        if (found := pattern.match(clause)) and (meaning := read(found, kept)) is not None:
            return [meaning]
    asked = questions(clause, kept.back)
    if asked:
        return [Ask(one) for one in asked]
    if found := re.match(r"^(?:find|look for|locate|show me|get)\s+(.+)$", clause, re.IGNORECASE):
        return [Find(_name(found[1], kept))]
    loose = loose_question(clause, kept.back)
    return [Ask(loose)] if loose else [Unknown()]


def _name(text: str, kept: Kept) -> str:
    return ARTICLE.sub("", kept.back(text))


def _field(text: str, kept: Kept) -> str:
    return KIND_AFTER.sub("", _name(text, kept))


def _open(found: re.Match[str], kept: Kept) -> Meaning | None:
    target = _name(found["target"], kept)
    return Open(target, new_tab=bool(found["tab"])) if target else None


def _click(found: re.Match[str], kept: Kept) -> Meaning:
    return Click(_name(found["target"], kept))


def _press(found: re.Match[str], kept: Kept) -> Meaning:
    target = _name(found["target"], kept)
    key = re.sub(r"\s*(?:key|button)$", "", target.casefold()) if not target.casefold().endswith("button") else target.casefold()
    return Press(KEYS[key]) if key in KEYS else Click(target)


def _type(found: re.Match[str], kept: Kept) -> Meaning:
    return Fill(((_field(found["field"], kept), kept.back(found["value"])),))


def _fill_form(found: re.Match[str], kept: Kept) -> Meaning | None:
    values = field_values(found["values"], kept)
    form = re.sub(r"^(?:out|in|up)\b\s*", "", found["form"] or "")
    return Fill(values, form=_name(form, kept)) if values else None


def _fill_values(found: re.Match[str], kept: Kept) -> Meaning | None:
    values = field_values(found["values"], kept)
    return Fill(values) if values else None


def _type_only(found: re.Match[str], kept: Kept) -> Meaning:
    return Fill((("", kept.back(found["value"])),))


def _search(found: re.Match[str], kept: Kept) -> Meaning:
    return Search(kept.back(found["query"]))


def _select(found: re.Match[str], kept: Kept) -> Meaning:
    return Select(kept.back(ARTICLE.sub("", found["option"])), _field(found["field"] or "", kept))


def _select_only(found: re.Match[str], kept: Kept) -> Meaning:
    return Select(_name(found["option"], kept))


def _check(found: re.Match[str], kept: Kept) -> Meaning | None:
    if (
        question(found["target"], kept.back)
        and re.match(r"check\b", found[0], re.IGNORECASE)
        and not re.search(TOKEN, found["target"])
    ):
        return None
    return Check(re.sub(r"\s*check-?box$", "", _name(found["target"], kept), flags=re.IGNORECASE))


def _uncheck(found: re.Match[str], kept: Kept) -> Meaning:
    return Check(re.sub(r"\s*check-?box$", "", _name(found["target"], kept), flags=re.IGNORECASE), on=False)


def _cart(found: re.Match[str], kept: Kept) -> Meaning:
    product = _name(found["product"] or "", kept)
    generic = product.casefold() in {
        "it",
        "one",
        "this",
        "that",
        "them",
        "product",
        "item",
        "this product",
        "this item",
        "to",
        "",
    }
    return AddToCart("" if generic else product)


def _login(found: re.Match[str], kept: Kept) -> Meaning:
    return login_of(found[0], kept) or Click("log in")


def _scroll(found: re.Match[str], kept: Kept) -> Meaning:
    where = (found["where"] or "").casefold()
    to = kept.back(found["to"] or "")
    if re.fullmatch(r"(?:the )?(?:very )?(?:bottom|end|top|start|beginning)(?: of (?:the|this) page)?", to, re.IGNORECASE):
        return Scroll(up=bool(re.search("top|start|beginning", to, re.IGNORECASE)), to="end")
    return Scroll(up="up" in where, to=ARTICLE.sub("", to))


def _wait(found: re.Match[str], _kept: Kept) -> Meaning:
    number = {"a": "1", "one": "1", "two": "2", "three": "3", "five": "5", "ten": "10"}.get(found["number"], found["number"])
    return Wait(seconds=float(number) * SECONDS[found["unit"].casefold()])


def _wait_for(found: re.Match[str], kept: Kept) -> Meaning:
    text = re.sub(r"\s+(?:to )?(?:appears?|loads?|shows?(?: up)?|is (?:there|shown|visible))$", "", kept.back(found["text"]))
    return Wait(text=ARTICLE.sub("", text))


def _move(action: str) -> Read:
    return lambda _found, _kept: Move(action)


def _rules(*rules: tuple[str, Read]) -> tuple[tuple[re.Pattern[str], Read], ...]:
    return tuple((re.compile(rf"^(?:{pattern})$", re.IGNORECASE), read) for pattern, read in rules)


CART: Final = r"(?:cart|basket|bag|shopping (?:cart|basket|bag)|trolley)"
RULES: Final = _rules(
    (
        r"(?:go |come |navigate |step )?back(?: to the (?:previous|last) page)?|return to the (?:previous|last) page",
        _move("go_back"),
    ),
    (r"go forward|forward", _move("go_forward")),
    (r"(?:reload|refresh)(?: (?:the|this) page| it)?", _move("reload")),
    (r"close (?:the|this) (?:current )?tab", _move("close_tab")),
    (r"(?:switch|change|go) to (?:the )?tab (?:number )?(?P<n>\d)", lambda found, _kept: SwitchTab(int(found["n"]) - 1)),
    (
        r"(?:switch|change|go) to (?:the )?(?P<w>first|second|third) tab",
        lambda found, _kept: SwitchTab(("first", "second", "third").index(found["w"])),
    ),
    (
        r"wait(?: for)? (?:about )?(?P<number>\d+|a|one|two|three|five|ten) (?P<unit>second|sec|s|minute|min|ms|millisecond)s?",
        _wait,
    ),
    (r"wait(?: for| until| till)? (?P<text>(?!(?:a |the )?page|it\b).+)", _wait_for),
    (
        r"wait(?: (?:for|until|till) (?:the |a )?(?:page|it)(?: (?:to )?(?:be |is |has |finish(?:es)? )?(?:load(?:s|ed|ing)?|ready|finished))?)?",
        lambda _f, _k: Wait(1),
    ),
    (
        r"scroll(?: the page)?(?P<where>(?: further)? (?:down|up))?(?: a (?:bit|little)| one screen)?(?: (?:un)?til you (?:see|find)| to (?:see)?| to)?(?: (?P<to>.+))?",
        _scroll,
    ),
    (rf"(?:add|put|place) (?:(?P<product>.+?) )?(?:in ?to|to|in) (?:the |my |your )?{CART}", _cart),
    (r"(?:buy|order) (?P<product>.+)", _cart),
    (r"(?:log|sign)[ -]?in\b.*", _login),
    (
        r"(?:fill|complete)(?: (?:in|out|up))?(?: (?:the|this|that|a))?(?: (?P<form>[^:,]*?))?\s*\bform(?: (?:in|out))?"
        r"(?:\s+(?:with|using|by entering|as follows)|\s*:)\s*:?\s*(?P<values>.+)",
        _fill_form,
    ),
    (
        rf"(?:fill|enter|type|put)(?: in| out)?\s+(?P<values>(?=.*{TOKEN})(?!{TOKEN}).+,.+|(?!{TOKEN}).+{TOKEN}\s+and\s+.+{TOKEN})",
        _fill_values,
    ),
    (
        r"(?:search|look|google|query)(?: (?:on |in )?(?:the |this )?(?:site|shop|store|page|website|catalog(?:ue)?))? (?:for|up) (?P<query>.+?)"
        r"(?:,? (?:on|in|using|with) (?:the|this) (?:site|shop|store|page|website|search(?: (?:box|field|bar))?|catalog(?:ue)?))?",
        _search,
    ),
    (r"(?:use|using) the search(?: (?:box|field|bar|form))? to (?:find|search for|look for) (?P<query>.+)", _search),
    (r"find (?P<query>.+) (?:using|with|via) the search(?: (?:box|field|bar|form))?", _search),
    (r"search (?P<query>(?!results?\b).+)", _search),
    (
        rf"(?:type|enter|write|input|put|insert|fill in|fill|use) (?P<value>{TOKEN}|\S+) (?:in ?to|in|as|for|at|on) (?P<field>.+)",
        _type,
    ),
    (rf"(?:fill|fill in|fill out|set|change|clear) (?P<field>(?!{TOKEN}).+?) (?:with|to|as|=) (?P<value>.+)", _type),
    (rf"(?:fill in|enter|type|set) (?:the )?(?P<field>(?!{TOKEN})[\w -]+?):? (?P<value>{TOKEN})", _type),
    (rf"(?:type|enter|write|input) (?P<value>{TOKEN}|\S+)", _type_only),
    (r"clear (?P<field>.+?)(?P<value>)", _type),
    (rf"(?:select|choose|pick) (?P<option>{TOKEN}|.+?) (?:as|for|in|from|under|on) (?P<field>.+)", _select),
    (rf"(?:select|choose|pick) (?P<field>(?!{TOKEN}).+?) (?P<option>{TOKEN})", _select),
    (r"(?:select|choose|pick) (?P<option>.+)", _select_only),
    (r"(?:un-?check|un-?tick|untick|disable|deselect|unselect|turn off) (?P<target>.+)", _uncheck),
    (r"(?:check|tick|mark|enable|accept|agree to|turn on)(?: off)? (?!(?:if|whether|that)\b)(?P<target>.+)", _check),
    (
        r"(?:submit|send|save)(?: (?:it|this|(?:the|this|your) [\w -]*?(?:form|message|request|data|changes|order|it)))?",
        lambda _f, _k: Submit(),
    ),
    (r"sort (?:(?:it|the [\w ]+?|by) )?(?:by )?(?:the )?(?P<target>.+?)(?: column)?", _click),
    (r"(?:press|hit|tap)(?: on)? (?P<target>.+)", _press),
    (r"(?:click|push|follow|use)(?: on)?(?: the link(?: to)?)? (?P<target>.+)", _click),
    (
        r"(?:go|navigate|browse|head|move|switch)(?: back)? (?:over )?(?:in)?to (?P<target>.+?)(?P<tab> in (?:a|another) new tab)?",
        _open,
    ),
    (r"(?:open|visit|load|browse|access)(?: up)? (?P<target>.+?)(?P<tab> in (?:a|another) new tab)?", _open),
    (
        rf"(?P<target>{TOKEN})(?P<tab>\b)?",
        lambda found, kept: Open(kept.back(found[0])) if "://" in kept.back(found[0]) else None,
    ),
)
