"""Reads a task as a list of instructions."""

import re
from typing import Final

from notte_dashboard.local_api.brains.rules.clauses import LONGEST_CLAUSE, LONGEST_TASK, TOKEN, Kept, cut
from notte_dashboard.local_api.brains.rules.instructions import (
    Ask,
    Click,
    Find,
    Instruction,
    Meaning,
    Open,
    Submit,
    SwitchTab,
    Unknown,
    Wait,
)
from notte_dashboard.local_api.brains.rules.questions import loose_question, questions
from notte_dashboard.local_api.brains.rules.readers import (
    Read,
    bare_name,
    buying,
    clicking,
    filling,
    filling_form,
    logging_in,
    moving,
    opening,
    pressing,
    scrolling,
    searching,
    selecting,
    selecting_anywhere,
    ticking,
    typing_into,
    typing_somewhere,
    unticking,
    waiting,
    waiting_for,
)
from notte_dashboard.local_api.brains.rules.wordings import CART, LOADED, NEW_TAB, SEARCH_BOX, SITE
from notte_dashboard.local_api.brains.rules.words import ORDINALS

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


def parse(task: str) -> list[Instruction]:
    clauses, kept = cut(task[:LONGEST_TASK])
    return [Instruction(kept.as_written(clause), meaning) for clause in clauses for meaning in meanings(clause, kept)]


def meanings(clause: str, kept: Kept) -> list[Meaning]:
    if CONDITION.search(clause) or len(clause) > LONGEST_CLAUSE:
        return [Unknown()]
    if place := PLACE.match(clause):
        return [] if HERE.match(place["place"]) else [Open(bare_name(place["place"], kept))]
    if later := LATER_PAGE.search(clause):
        asked = _one(clause[: later.start()], kept)
        if all(isinstance(one, Ask) for one in asked):
            number = int(later["number"] or ORDINALS.get((later["word"] or "").casefold(), 2))
            return [*[Click("Next page")] * min(max(number - 1, 0), 9), *asked]
    return _one(clause, kept)


def _one(clause: str, kept: Kept) -> list[Meaning]:
    for pattern, read in RULES:
        if (found := pattern.match(clause)) and (meaning := read(found, kept)) is not None:
            return [meaning]
    asked = questions(clause, kept.back)
    if asked:
        return [Ask(one) for one in asked]
    if found := re.match(r"^(?:find|look for|locate|show me|get)\s+(.+)$", clause, re.IGNORECASE):
        return [Find(bare_name(found[1], kept))]
    loose = loose_question(clause, kept.back)
    return [Ask(loose)] if loose else [Unknown()]


def _rules(*rules: tuple[str, Read]) -> tuple[tuple[re.Pattern[str], Read], ...]:
    return tuple((re.compile(rf"^(?:{pattern})$", re.IGNORECASE), read) for pattern, read in rules)


RULES: Final = _rules(
    (
        r"(?:go |come |navigate |step )?back(?: to the (?:previous|last) page)?|return to the (?:previous|last) page",
        moving("go_back"),
    ),
    (r"go forward|forward", moving("go_forward")),
    (r"(?:reload|refresh)(?: (?:the|this) page| it)?", moving("reload")),
    (r"close (?:the|this) (?:current )?tab", moving("close_tab")),
    (r"(?:switch|change|go) to (?:the )?tab (?:number )?(?P<n>\d)", lambda found, _kept: SwitchTab(int(found["n"]) - 1)),
    (
        r"(?:switch|change|go) to (?:the )?(?P<w>first|second|third) tab",
        lambda found, _kept: SwitchTab(("first", "second", "third").index(found["w"])),
    ),
    (
        r"wait(?: for)? (?:about )?(?P<number>\d+|a|one|two|three|five|ten) (?P<unit>second|sec|s|minute|min|ms|millisecond)s?",
        waiting,
    ),
    (r"wait(?: for| until| till)? (?P<text>(?!(?:a |the )?page|it\b).+)", waiting_for),
    (
        rf"wait{LOADED}",
        lambda _f, _k: Wait(1),
    ),
    (
        (
            r"scroll(?: the page)?(?P<where>(?: further)? (?:down|up))?(?: a (?:bit|little)| one screen)?"
            r"(?: (?:un)?til you (?:see|find)| to (?:see)?| to)?(?: (?P<to>.+))?"
        ),
        scrolling,
    ),
    (rf"(?:add|put|place) (?:(?P<product>.+?) )?(?:in ?to|to|in) (?:the |my |your )?{CART}", buying),
    (r"buy (?P<product>.+)", buying),
    (r"(?:log|sign)[ -]?in\b.*", logging_in),
    (
        (
            r"(?:fill|complete)(?: (?:in|out|up))?(?: (?:the|this|that|a))?(?: (?P<form>[^:,]*?))?\s*\bform(?: (?:in|out))?"
            r"(?:\s+(?:with|using|by entering|as follows)|\s*:)\s*:?\s*(?P<values>.+)"
        ),
        filling_form,
    ),
    (
        (
            r"(?:fill|enter|type|put)(?: in| out)?\s+"
            rf"(?P<values>(?=.*{TOKEN})(?!{TOKEN}).+,.+|(?!{TOKEN}).+{TOKEN}\s+and\s+.+{TOKEN})"
        ),
        filling,
    ),
    (
        (
            rf"(?:search|look|google|query)(?: (?:on |in )?(?:the |this )?{SITE})? (?:for|up) (?P<query>.+?)"
            rf"(?:,? (?:on|in|using|with) (?:the|this) (?:{SITE}|{SEARCH_BOX}))?"
        ),
        searching,
    ),
    (rf"(?:use|using) the {SEARCH_BOX} to (?:find|search for|look for) (?P<query>.+)", searching),
    (rf"find (?P<query>.+) (?:using|with|via) the {SEARCH_BOX}", searching),
    (r"search (?P<query>(?!results?\b).+)", searching),
    (
        (
            rf"(?:type|enter|write|input|put|insert|fill in|fill|use) (?P<value>{TOKEN}|\S+)"
            r" (?:in ?to|in|as|for|at|on) (?P<field>.+)"
        ),
        typing_into,
    ),
    (rf"(?:fill(?: in| out)?|set|change|clear) (?P<field>(?!{TOKEN}).+?) (?:with|to|as|=) (?P<value>.+)", typing_into),
    (rf"(?:fill in|enter|type|set) (?:the )?(?P<field>(?!{TOKEN})[\w -]+?):? (?P<value>{TOKEN})", typing_into),
    (rf"(?:type|enter|write|input) (?P<value>{TOKEN}|\S+)", typing_somewhere),
    (r"clear (?P<field>.+?)(?P<value>)", typing_into),
    (rf"(?:select|choose|pick) (?P<option>{TOKEN}|.+?) (?:as|for|in|from|under|on) (?P<field>.+)", selecting),
    (rf"(?:select|choose|pick) (?P<field>(?!{TOKEN}).+?) (?P<option>{TOKEN})", selecting),
    (r"(?:select|choose|pick) (?P<option>.+)", selecting_anywhere),
    (r"(?:un-?check|un-?tick|untick|disable|deselect|unselect|turn off) (?P<target>.+)", unticking),
    (r"(?:check|tick|mark|enable|accept|agree to|turn on)(?: off)? (?!(?:if|whether|that)\b)(?P<target>.+)", ticking),
    (
        r"(?:submit|send|save)(?: (?:it|this|(?:the|this|your) [\w -]*?(?:form|message|request|data|changes|order|it)))?",
        lambda _f, _k: Submit(),
    ),
    (r"sort (?:(?:it|the [\w ]+?|by) )?(?:by )?(?:the )?(?P<target>.+?)(?: column)?", clicking),
    (r"(?:press|hit|tap)(?: on)? (?P<target>.+)", pressing),
    (r"(?:click|push|follow|use)(?: on)?(?: the link(?: to)?)? (?P<target>.+)", clicking),
    (
        rf"(?:go|navigate|browse|head|move|switch)(?: back)? (?:over )?(?:in)?to (?P<target>.+?){NEW_TAB}",
        opening,
    ),
    (rf"(?:open|visit|load|browse|access)(?: up)? (?P<target>.+?){NEW_TAB}", opening),
    (
        rf"(?P<target>{TOKEN})(?P<tab>\b)?",
        lambda found, kept: Open(kept.back(found[0])) if "://" in kept.back(found[0]) else None,
    ),
)
