from collections.abc import Sequence
from typing import Any

from notte_dashboard.presets.snippets.calls import NEW_SESSION, Call
from notte_dashboard.presets.snippets.literal import compact

LARGEST_WHOLE = 2**53 - 1
"""Beyond it a number in JavaScript becomes another number."""
WIDTH = 88
SESSION_AT_LAST, CLOSED = ', "session_id": "', '"}'


def javascript(base_url: str, calls: Sequence[Call]) -> str:
    """For Node 18 and later: nobody's key belongs into a web page."""
    *before, last = [_fetch(base_url, call) for call in calls]
    parts = [*(f"const session = {_answered(sent)}" for sent in before), f"const answer = {_answered(last)}"]
    return "\n\n".join(parts) + "\nconsole.log(answer);\n"


def _answered(sent: str) -> str:
    return f"await {sent}.then((response) => response.json());"


def _fetch(base_url: str, call: Call) -> str:
    return f"""fetch({compact(base_url + call.path)}, {{
  method: "POST",
  headers: {{
    Authorization: `Bearer ${{process.env.NOTTE_API_KEY}}`,
    "Content-Type": "application/json",
  }},
  body: {_body(call.body)},
}})"""


def _body(body: dict[str, Any]) -> str:
    return f"JSON.stringify({_literal(body, 1)})" if exact(body) else _as_text(body)


def _as_text(body: dict[str, Any]) -> str:
    if body.get("session_id") is not NEW_SESSION:
        return compact(compact(body))
    rest = compact({name: value for name, value in body.items() if name != "session_id"})
    return f"{compact(rest[:-1] + SESSION_AT_LAST)} + session.session_id + {compact(CLOSED)}"


def exact(value: Any) -> bool:
    """Whether JavaScript holds every number in here as it is."""
    if isinstance(value, dict):
        return all(map(exact, value.values()))
    if isinstance(value, list):
        return all(map(exact, value))
    return isinstance(value, bool) or not isinstance(value, int) or abs(value) <= LARGEST_WHOLE


def _literal(value: Any, depth: int) -> str:
    if value is NEW_SESSION:
        return "session.session_id"
    if isinstance(value, dict):
        return _bracketed("{", [f"{_key(name)}: {_literal(inner, depth + 1)}" for name, inner in value.items()], "}", depth)
    if isinstance(value, list):
        return _bracketed("[", [_literal(inner, depth + 1) for inner in value], "]", depth)
    return compact(value)


def _bracketed(opening: str, entries: list[str], closing: str, depth: int) -> str:
    line = f"{opening}{', '.join(entries)}{closing}"
    if "\n" not in line and len(line) + 2 * depth <= WIDTH:
        return line
    inner = "".join(f"\n{'  ' * (depth + 1)}{entry}," for entry in entries)
    return f"{opening}{inner}\n{'  ' * depth}{closing}"


def _key(name: str) -> str:
    """Written plainly, this one name would set the prototype instead of a property."""
    return '["__proto__"]' if name == "__proto__" else compact(name)
