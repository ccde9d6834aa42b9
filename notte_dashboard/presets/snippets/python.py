import keyword
import pprint
import textwrap
from collections.abc import Sequence
from typing import Any

from notte_dashboard.presets.snippets.calls import NEW_SESSION, Call

VENDOR = "https://api.notte.cc"
WIDTH = 88
RUN_TIME = ("task", "url", "response_format", "session_offset")
"""What the SDK wants where an agent is started; the rest belongs to the agent itself."""


def python(base_url: str, calls: Sequence[Call]) -> str:
    """For the vendor's SDK (notte-sdk)."""
    server = [] if base_url == VENDOR else [("server_url", repr(base_url))]
    client = _call("NotteClient", [("api_key", 'os.environ["NOTTE_API_KEY"]'), *server])
    parts = ["import os\n\nfrom notte_sdk import NotteClient", f"client = {client}"]
    for call in calls:
        parts += _agent(call.body) if "task" in call.body or "session_id" in call.body else [_session(call.body)]
    return "\n\n".join(parts) + "\n"


def _session(body: dict[str, Any]) -> str:
    return f"session = {_call('client.Session', _written(body))}\nsession.start()"


def _agent(body: dict[str, Any]) -> list[str]:
    given = body.get("session_id")
    known = [] if given is NEW_SESSION or given is None else [f"session = client.Session(session_id={given!r})"]
    told = {name: value for name, value in body.items() if name in RUN_TIME}
    made = {name: value for name, value in body.items() if name not in RUN_TIME and name != "session_id"}
    agent = _call("client.Agent", [("session", "session"), *_written(made)])
    return [*known, f"agent = {agent}\nagent.start{_call('', _written(told))}"]


def _written(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Names that Python cannot take as keywords go in as a dictionary."""
    plain = {
        name: value for name, value in body.items() if name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
    }
    odd = {name: value for name, value in body.items() if name not in plain}
    found = [(name, _literal(value)) for name, value in plain.items()]
    return [*found, ("**", _literal(odd))] if odd else found


def _literal(value: Any) -> str:
    return pprint.pformat(value, width=WIDTH - 8, sort_dicts=False)


def _call(name: str, arguments: list[tuple[str, str]]) -> str:
    written = [f"{key}{value}" if key == "**" else f"{key}={value}" for key, value in arguments]
    line = f"{name}({', '.join(written)})"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    lines = "".join(f"{each},\n" for each in written)
    return f"{name}(\n{textwrap.indent(lines, '    ')})"
