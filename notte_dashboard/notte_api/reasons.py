"""The reasons of a 422 in all the shapes they come in: a list, one object, a text that pydantic wrote."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from notte_dashboard.notte_api.errors import Detail

REASONS = 200
REASON_LENGTH = 500
PARSED_LENGTH = 16 * 1024
ECHOES = frozenset({"input", "ctx", "body"})
INPUT_ECHO = re.compile(r",? ?input_value=.*?(?:, input_type=\w+\]|\Z)", re.DOTALL)
LISTED_ECHO = re.compile(r"""['"](?:input|ctx|body)['"]\s*:""")
PYDANTIC_REASON = re.compile(r"^(?P<loc>\S+)\n +(?P<msg>.*?) \[type=(?P<type>[\w.]+)", re.MULTILINE)


def details_of(content: Any) -> list[Detail]:
    """Every reason found; empty when the body gives none that names a rule or a field."""
    return list(_limited(_reasons(content)))


def _limited(reasons: Iterator[Detail]) -> Iterator[Detail]:
    for count, reason in enumerate(reasons):
        if count == REASONS:
            return
        yield reason


def _reasons(content: Any) -> Iterator[Detail]:
    if isinstance(content, list):
        for item in content:
            yield from _reasons(item)
    elif isinstance(content, str):
        yield from _written_reasons(content)
    elif isinstance(content, dict):
        yield from _object_reasons(content)


def _object_reasons(content: dict[str, Any]) -> Iterator[Detail]:
    if isinstance(content.get("msg"), str):
        yield Detail(_loc(content.get("loc")), content["msg"][:REASON_LENGTH], _rule(content.get("type")))
        return
    for name in ("detail", "details", "errors", "message", "error"):
        found = list(_reasons(content.get(name)))
        if found:
            yield from found
            return


def _written_reasons(text: str) -> Iterator[Detail]:
    for found in PYDANTIC_REASON.finditer(text):
        loc = tuple(int(part) if part.isdecimal() else part for part in found["loc"].split("."))
        yield Detail(loc, found["msg"][:REASON_LENGTH], found["type"])
    listed = _listed(text)
    if listed is not None:
        yield from _reasons(listed)


def _listed(text: str) -> list[Any] | None:
    """A list of reasons that was turned into text, by JSON or by Python."""
    text = text[text.find("[{") :].strip() if "[{" in text else ""
    if not text or len(text) > PARSED_LENGTH:
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return value if isinstance(value, list) else None
    return None


def _loc(value: Any) -> tuple[str | int, ...]:
    parts = value if isinstance(value, list | tuple) else [value]
    return tuple(part for part in parts if isinstance(part, str | int) and not isinstance(part, bool))


def _rule(value: Any) -> str:
    return value[:REASON_LENGTH] if isinstance(value, str) else ""


def without_inputs(content: Any) -> Any:
    """The body without what was sent: a 422 echoes it, secrets included."""
    if isinstance(content, str):
        return _text_without_inputs(content)
    if isinstance(content, list):
        return [without_inputs(item) for item in content]
    if isinstance(content, dict):
        return {name: without_inputs(item) for name, item in content.items() if name not in ECHOES}
    return content


def _text_without_inputs(text: str) -> str:
    text = INPUT_ECHO.sub("", text)
    listed = _listed(text)
    if listed is not None:
        return text[: text.index("[{")] + json.dumps(without_inputs(listed), ensure_ascii=False, default=str)
    echo = LISTED_ECHO.search(text)
    return text[: echo.start()] if echo else text
