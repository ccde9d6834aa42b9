"""Cuts a task into clauses: one wish each, in the operator's own words, with what stands in quotes kept whole."""

import re
from dataclasses import dataclass, field
from typing import Final

LONGEST_TASK: Final = 5_000
LONGEST_CLAUSE: Final = 600
EDGES: Final = " \t,:-\u2013"
OPEN, CLOSE = "\ue000", "\ue001"
TOKEN: Final = rf"{OPEN}\d+{CLOSE}"
QUOTED: Final = re.compile(
    r"(?<![\w])(?:'(?P<a>[^'\n]*(?:(?<=\w)'(?=\w)[^'\n]*)*)'(?!\w)|\"(?P<b>[^\"\n]*)\"|\u2018(?P<c>[^\u2019\n]*)\u2019(?!\w)"
    r"|\u201c(?P<d>[^\u201d\n]*)\u201d|«(?P<e>[^»\n]*)»|`(?P<f>[^`\n]*)`)"
)
ADDRESS: Final = re.compile(
    r"\bhttps?://[^\s<>'\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[\w-]+\.)+[a-z]{2,}(?:/[^\s,;]*)?", re.IGNORECASE
)
NUMBER: Final = re.compile(r"\b\d+(?:[.,]\d+)+\b")
BULLET: Final = re.compile(
    r"(?m)^\s*(?:\d{1,2}[.)]|[-*•])\s+|(?<=[.;:!?\n])\s*\(?\d{1,2}\)\s+|(?<=[.;:!?])\s+\d{1,2}[.)]\s+|^\s*\d{1,2}[.)]\s+"
)
VERBS: Final = (
    r"go|open|visit|navigate|browse|click|press|tap|hit|fill|complete|type|enter|write|input|search|look|select|choose|pick|set"
    r"|check|tick|untick|uncheck|submit|send|save|scroll|wait|reload|refresh|log ?in|sign ?in|log|sign|add|put|buy|tell|give|say"
    r"|list|read|show|report|return|get|find|extract|count|print|what|what's|which|how|who|where|whether|is there|are there|does"
    r"|do|summari[sz]e|describe|accept|agree|sort|follow|clear|close|switch|change|use|come back|answer|note|copy|state|name the"
    r"|let me know|confirm|download|upload|delete|remove"
)
BREAKS: Final = re.compile(
    r"\s*;+\s*|[.!?]+(?=\s|$)|\n+"
    r"|,?\s+(?:and\s+)?(?:then|afterwards|after that|finally),?\s+(?=\S)|,\s+(?:and\s+)?next,?\s+(?=\S)|,?\s+and\s+then,?\s+"
    rf"|,\s*(?:and\s+|but\s+)?(?=(?:{VERBS})\b)|\s+and\s+(?:also\s+)?(?=(?:{VERBS})\b)",
    re.IGNORECASE,
)
COURTESY: Final = re.compile(
    r"^(?:(?:please|kindly|now|also|just|first|firstly|second|secondly|then|finally|lastly|next|afterwards|after that|so|ok"
    r"|okay|hi|hello|and)\b,?\s+|(?:can|could|would|will) you (?:please )?|i(?: would|'d)? (?:want|like|need) (?:you )?to "
    r"|i want |let'?s |your (?:task|job) is to |try to |make sure to |you (?:should|must|need to) )",
    re.IGNORECASE,
)
SECRET: Final = re.compile(r"\b(?:pass(?:word|wd|code|phrase)?|pw|pin|secret)\b", re.IGNORECASE)
MASK: Final = "••••"
SMALL_TALK: Final = re.compile(
    r"^(?:thanks?(?: you)?(?: very much| a lot| in advance)?|please|be (?:careful|quick|polite)|hello|hi|good luck"
    r"|that(?:'s| is) (?:all|it)|ok(?:ay)?|done)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Kept:
    """What was set aside: quotes, addresses, numbers with points. Tokens stand in for them while the text is cut."""

    values: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def token(self, value: str, written: str) -> str:
        self.values.append(value)
        self.written.append(written)
        return f"{OPEN}{len(self.values) - 1}{CLOSE}"

    def back(self, text: str) -> str:
        return re.sub(rf"{OPEN}(\d+){CLOSE}", lambda found: self.values[int(found[1])], text).strip()

    def as_written(self, text: str) -> str:
        return re.sub(rf"{OPEN}(\d+){CLOSE}", lambda found: self.written[int(found[1])], text).strip()


def cut(task: str) -> tuple[list[str], Kept]:
    """The clauses, still with tokens in them."""
    kept = Kept()
    text = re.sub(f"[{OPEN}{CLOSE}]", " ", task)
    text = QUOTED.sub(lambda found: kept.token(next(part for part in found.groups() if part is not None), found[0]), text)
    text = ADDRESS.sub(lambda found: _address(found[0], kept), text)
    text = NUMBER.sub(lambda found: kept.token(found[0], found[0]), text)
    text = BULLET.sub("\n", text)
    clauses = [_bare(clause) for clause in BREAKS.split(text) if clause]
    return [clause for clause in clauses if clause and not SMALL_TALK.match(clause)], kept


def _address(found: str, kept: Kept) -> str:
    # A sentence that ends with an address: the point is not part of it.
    address = found.rstrip(".,;:!?)")
    return kept.token(address, address) + found[len(address) :]


def _bare(clause: str) -> str:
    clause = clause.strip(EDGES)
    while shorter := COURTESY.match(clause):
        if shorter.end() >= len(clause) or clause[shorter.end() :].startswith("page"):
            break
        clause = clause[shorter.end() :].strip(EDGES)
    return clause


def without_secrets(clause: str) -> str:
    """A clause as it may be shown again: one that speaks of a password loses its quotes and what follows that word."""
    found = SECRET.search(clause)
    if found is None:
        return clause
    return f"{QUOTED.sub(MASK, clause[: found.start()])}{found[0]}{' ' + MASK if clause[found.end() :].strip() else ''}"
