"""The contract in force: openapi.json as the vendor publishes it, and the recorded fixes over it. Pure, standard library only."""

import copy
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DOCUMENT = FOLDER / "openapi.json"
OVERRIDES = FOLDER / "overrides.json"
SOURCE = FOLDER / "source.json"
MISSING = object()


class Fit(StrEnum):
    """How an override stands to a document. Only one that applies is used."""

    APPLIES = "applies"
    GONE = "its place is gone"
    RIGHT = "the document is right by now"
    DIFFERS = "the document says something new there"


@dataclass(frozen=True)
class Override:
    pointer: str
    was: Any
    """What is published there, and wrong: anything else is not for this fix to replace."""
    value: Any
    reason: str

    def fit(self, document: dict[str, Any]) -> Fit:
        found = at(document, self.pointer)
        if found is MISSING:
            return Fit.GONE
        if found == self.value:
            return Fit.RIGHT
        return Fit.APPLIES if found == self.was else Fit.DIFFERS


@dataclass(frozen=True)
class Source:
    """Where the document came from, and when; the digest says whether this is still about the file that is there."""

    source: str
    date: str
    sha256: str


def published() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return document


def recorded_overrides() -> tuple[Override, ...]:
    return tuple(Override(**override) for override in json.loads(OVERRIDES.read_text()))


def recorded_source() -> Source | None:
    """None when openapi.json was put there by hand."""
    if not SOURCE.exists():
        return None
    source = Source(**json.loads(SOURCE.read_text()))
    return source if source.sha256 == digest_of(DOCUMENT.read_text()) else None


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def contract_with_overrides() -> dict[str, Any]:
    return with_overrides(published(), recorded_overrides())


def with_overrides(document: dict[str, Any], overrides: Iterable[Override]) -> dict[str, Any]:
    """A copy with every fix that applies: a new document must not break on a fix that was for the old one."""
    fixed = copy.deepcopy(document)
    for override in overrides:
        if override.fit(document) is Fit.APPLIES:
            parents, last = override.pointer.rsplit("/", 1)
            place = at(fixed, parents)
            place[_key(place, last)] = copy.deepcopy(override.value)
    return fixed


def version_of(document: dict[str, Any]) -> str:
    info = document.get("info")
    return str(info.get("version", "")) if isinstance(info, dict) else ""


def at(document: Any, pointer: str) -> Any:
    """What a JSON pointer leads to, or MISSING."""
    for part in pointer.split("/")[1:]:
        key = _key(document, part)
        in_list = isinstance(document, list) and isinstance(key, int) and key < len(document)
        if not in_list and not (isinstance(document, dict) and key in document):
            return MISSING
        document = document[key]
    return document


def _key(place: Any, part: str) -> str | int:
    name = part.replace("~1", "/").replace("~0", "~")
    return int(name) if isinstance(place, list) and name.isascii() and name.isdigit() else name


def document_text(document: dict[str, Any]) -> str:
    """As the file holds it: in the document's own order, one value a line, so that versions can be compared."""
    return json.dumps(document, indent=1, ensure_ascii=False)


def overrides_text(overrides: Iterable[Override]) -> str:
    return json.dumps([asdict(override) for override in overrides], indent=2, ensure_ascii=False) + "\n"


def source_text(source: Source) -> str:
    return json.dumps(asdict(source), indent=2, ensure_ascii=False) + "\n"
