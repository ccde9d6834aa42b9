"""Cuts a task into clauses: one wish each, in the operator's own words, with what stands in quotes kept whole."""

import re
from dataclasses import dataclass, field
from typing import Final

LONGEST_TASK: Final = 20_000
MOST_CLAUSES: Final = 60
OPEN, CLOSE = "\ue000", "\ue001"
TOKEN: Final = rf"{OPEN}\d+{CLOSE}"
QUOTED: Final = re.compile(
    r"(?<![\w])(?:'(?P<a>[^'\n]*(?:(?<=\w)'(?=\w)[^'\n]*)*)'(?!\w)|\"(?P<b>[^\"\n]*)\"|‘(?P<c>[^’\n]*)’(?!\w)"
    r"|“(?P<d>[^”\n]*)”|«(?P<e>[^»\n]*)»|`(?P<f>[^`\n]*)`)"
)
ADDRESS: Final = re.compile(
    r"\bhttps?://[^\s<>'\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[\w-]+\.)+[a-z]{2,}(?:/[^\s,;]*)?", re.IGNORECASE
)
NUMBER: Final = re.compile(r"\b\d+(?:[.,]\d+)+\b")
BULLET: Final = re.compile(
    r"(?m)^\s*(?:\d{1,2}[.)]|[-*•])\s+|(?<=[.;:!?\n])\s*\(?\d{1,2}\)\s+|(?<=[.;:!?])\s+\d{1,2}[.)]\s+|^\s*\d{1,2}[.)]\s+"
)
VERBS: Final = (
    r"go|open|visit|navigate|browse|click|press|tap|hit|fill|complete|type|enter|write|input|search|look|select|choose|pick|set|check|tick"
    r"|untick|uncheck|submit|send|save|scroll|wait|reload|refresh|log ?in|sign ?in|log|sign|add|put|buy|tell|give|say|list|read|show|report|return"
    r"|get|find|extract|count|print|what|what's|which|how|who|where|whether|is there|are there|does|do|summari[sz]e|describe|accept|agree|sort|follow"
    r"|clear|close|switch|change|use|come back|answer|note|copy|state|name the|let me know|check(?:ing)?|confirm|download|upload|delete|remove"
)
BREAKS: Final = re.compile(
    rf"\s*;+\s*|[.!?]+(?=\s|$)|\n+|,?\s+(?:and\s+)?(?:then|afterwards|after that|finally),?\s+(?=\S)|,\s+(?:and\s+)?next,?\s+(?=\S)|,?\s+and\s+then,?\s+"
    rf"|,\s*(?:and\s+|but\s+)?(?=(?:{VERBS})\b)|\s+and\s+(?:also\s+)?(?=(?:{VERBS})\b)",
    re.IGNORECASE,
)
COURTESY: Final = re.compile(
    r"^(?:(?:please|kindly|now|also|just|first|firstly|second|secondly|then|finally|lastly|next|afterwards|after that|so|ok|okay|hi|hello|and)\b,?\s+"
    r"|(?:first|then|finally|next|now),\s*|(?:can|could|would|will) you (?:please )?|i(?: would|'d)? (?:want|like|need) (?:you )?to |i want |let'?s |"
    r"your (?:task|job) is to |try to |make sure to |you (?:should|must|need to) )",
    re.IGNORECASE,
)
SMALL_TALK: Final = re.compile(
    r"^(?:thanks?(?: you)?(?: very much| a lot| in advance)?|please|be (?:careful|quick|polite)|hello|hi|good luck|that(?:'s| is) (?:all|it)|ok(?:ay)?|done)$",
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
    text = re.sub(f"[{OPEN}{CLOSE}]", " ", task[:LONGEST_TASK])
    text = QUOTED.sub(lambda found: kept.token(next(part for part in found.groups() if part is not None), found[0]), text)
    text = ADDRESS.sub(lambda found: _address(found[0], kept), text)
    text = NUMBER.sub(lambda found: kept.token(found[0], found[0]), text)
    text = BULLET.sub("\n", text)
    clauses = [_bare(clause) for clause in BREAKS.split(text) if clause]
    return [clause for clause in clauses if clause and not SMALL_TALK.match(clause)][:MOST_CLAUSES], kept


def _address(found: str, kept: Kept) -> str:
    # A sentence that ends with an address: the point is not part of it.
    address = found.rstrip(".,;:!?)")
    return kept.token(address, address) + found[len(address) :]


def _bare(clause: str) -> str:
    clause = clause.strip(" \t,:-–")
    while shorter := COURTESY.match(clause):
        if shorter.end() >= len(clause) or clause[shorter.end() :].startswith("page"):
            break
        clause = clause[shorter.end() :].strip(" \t,:-–")
    return clause
