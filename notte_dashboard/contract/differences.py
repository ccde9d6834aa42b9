"""What changed between two contracts, in what the dashboard sends and reads. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from notte_dashboard.contract.facts import UNION, Facts, Place, facts_of, written

LONGEST_VALUE = 160
WORDING = frozenset({"title", "description", "example", "examples", "$comment"})
OF_THE_FIELD = WORDING | {"required", "default", "null"}
FLAGS = frozenset({"required", "null"})
NOT_SAID = "none"
LABELS = {"null": "null accepted", "enum": "choices", "additionalProperties": "other keys"}
BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "format")


class Sort(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    WORDING = "wording"


@dataclass(frozen=True)
class Change:
    sort: Sort
    place: str
    keyword: str = ""
    """Of what stayed, the keyword that says something else now."""
    before: Any = None
    after: Any = None

    @property
    def text(self) -> str:
        if self.sort is Sort.ADDED:
            return f"new: {self.after}"
        if self.sort is Sort.REMOVED:
            return f"gone, was: {self.before}"
        label = LABELS.get(self.keyword, self.keyword)
        if isinstance(self.before, list) and isinstance(self.after, list):
            return f"{label}: {', '.join(_of_lists(self.before, self.after))}"
        if self.keyword in FLAGS:
            return f"{label}: {_yes(self.before)} → {_yes(self.after)}"
        return f"{label}: {_said(self.before)} → {_said(self.after)}"


class Section(NamedTuple):
    title: str
    changes: list[Change]


class Operation(NamedTuple):
    title: str
    method: str
    path: str
    starts: str = ""
    """The name of the request's schema, where the dashboard builds a form from it."""


STARTS = (
    Operation("Start of a session", "post", "/sessions/start", "ApiSessionStartRequest"),
    Operation("Start of an agent", "post", "/agents/start", "ApiAgentStartRequest"),
)
READ = (
    *(operation._replace(starts="") for operation in STARTS),
    Operation("Session", "get", "/sessions/{session_id}"),
    Operation("Stopped session", "delete", "/sessions/{session_id}/stop"),
    Operation("Sessions", "get", "/sessions"),
    Operation("Live view of a session", "get", "/sessions/{session_id}/debug"),
    Operation("Agent", "get", "/agents/{agent_id}"),
    Operation("Stopped agent", "delete", "/agents/{agent_id}/stop"),
    Operation("Agents", "get", "/agents"),
    Operation("Vaults", "get", "/vaults"),
    Operation("Personas", "get", "/personas"),
    Operation("Profiles", "get", "/profiles"),
    Operation("Health", "get", "/health"),
)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Section]:
    """Sections that have changes: first both requests, then the answers."""
    return [section for section in (*_of_requests(before, after), *_of_answers(before, after)) if section.changes]


def _of_requests(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Section]:
    for operation in STARTS:
        old, new = (_dig(document, "components", "schemas", operation.starts) for document in (before, after))
        yield Section(f"{operation.title}, request", compare(facts_of(before, old), facts_of(after, new)))


def _of_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Section]:
    """An answer that several operations give is told once; within another one it is only named."""
    roots = frozenset(str(answer.get("$ref")) for document in (before, after) for answer in _answers(document))
    told = []
    for operation in READ:
        old, new = answer_of(before, operation), answer_of(after, operation)
        title = f"{operation.title}, answer"
        if old is None or new is None:
            yield Section(title, list(_of_operation(operation, old, new)))
        elif (old, new) not in told:
            told.append((old, new))
            yield Section(title, compare(facts_of(before, old, stop=roots), facts_of(after, new, stop=roots)))


def _answers(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for operation in READ:
        if isinstance(found := answer_of(document, operation), Mapping):
            yield found


def _of_operation(operation: Operation, old: Any, new: Any) -> Iterator[Change]:
    name = f"{operation.method.upper()} {operation.path}"
    if old is None and new is not None:
        yield Change(Sort.ADDED, name, after="an operation")
    elif new is None and old is not None:
        yield Change(Sort.REMOVED, name, before="an operation")


def operation_of(document: Mapping[str, Any], operation: Operation) -> Mapping[str, Any] | None:
    """Names of path parameters and a slash at the end tell nothing."""
    paths = _dig(document, "paths")
    for path, item in paths.items() if isinstance(paths, Mapping) else ():
        if _shape(str(path)) == _shape(operation.path):
            found = _dig(item, operation.method)
            return found if isinstance(found, Mapping) else None
    return None


def answer_of(document: Mapping[str, Any], operation: Operation) -> Any:
    responses = _dig(operation_of(document, operation), "responses")
    success = next((code for code in responses if str(code).startswith("2")), "") if isinstance(responses, Mapping) else ""
    return _dig(responses, success, "content", "application/json", "schema")


def _shape(path: str) -> list[str]:
    return ["{}" if part.startswith("{") else part for part in path.rstrip("/").split("/")]


def _dig(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def compare(before: dict[Place, Facts], after: dict[Place, Facts]) -> list[Change]:
    """What is inside of something that came, went or became something else is told with it."""
    return list(_changes(before, after))


def _changes(before: dict[Place, Facts], after: dict[Place, Facts]) -> Iterator[Change]:
    told: set[Place] = set()
    for place in (*after, *(place for place in before if place not in after)):
        if any(place[:end] in told for end in range(len(place))):
            continue
        old, new = before.get(place), after.get(place)
        if old is None or new is None or old["type"] != new["type"]:
            told.add(place)
        if old is None:
            yield Change(Sort.ADDED, written(place), after=summary(after[place]))
        elif new is None:
            yield Change(Sort.REMOVED, written(place), before=summary(old))
        else:
            yield from _of_place(written(place), old, new)


def _of_place(place: str, old: Facts, new: Facts) -> Iterator[Change]:
    other_type = old["type"] != new["type"]
    if other_type:
        yield Change(Sort.CHANGED, place, "type", summary(old), summary(new))
    for keyword in dict.fromkeys((*old, *new)):
        if keyword in {"type", "members"} or (other_type and keyword not in OF_THE_FIELD):
            continue
        if not _same(old.get(keyword), new.get(keyword)) or (keyword in old) is not (keyword in new):
            sort = Sort.WORDING if keyword in WORDING else Sort.CHANGED
            yield Change(sort, place, keyword, old.get(keyword, NOT_SAID), new.get(keyword, NOT_SAID))


def _same(old: Any, new: Any) -> bool:
    """As JSON: 1 is not true."""
    return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)


def summary(facts: Facts) -> str:
    """One line for a field: what it takes, its bounds, whether it must be there."""
    parts = [f"{UNION} {', '.join(facts['members'])}" if facts["type"] == UNION else str(facts["type"])]
    if "enum" in facts:
        parts.append(f"one of {_listed(facts['enum'])}")
    parts += [f"{keyword} {_said(facts[keyword])}" for keyword in ("const", *BOUNDS, "default") if keyword in facts]
    return ", ".join([*parts, *(["required"] if facts.get("required") else [])])


def _of_lists(old: list[Any], new: list[Any]) -> Iterator[str]:
    came = [value for value in new if not any(_same(value, known) for known in old)]
    went = [value for value in old if not any(_same(value, known) for known in new)]
    if came:
        yield f"new {_listed(came)}"
    if went:
        yield f"gone {_listed(went)}"
    if not came and not went:
        yield "another order or number"


def _listed(values: list[Any]) -> str:
    return _cut(", ".join(value if isinstance(value, str) else _said(value) for value in values))


def _said(value: Any) -> str:
    return _cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _yes(value: Any) -> str:
    return "yes" if value is True else "no"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
