import shlex
from collections.abc import Sequence

from notte_dashboard.presets.snippets.calls import NEW_SESSION, Call
from notte_dashboard.presets.snippets.literal import compact

CLOSED = '"}'
READS_THE_ID = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"session_id\"])'"


def curl(base_url: str, calls: Sequence[Call]) -> str:
    """For a POSIX shell. The first of two calls leaves the new session's id in a variable of the second."""
    *before, last = [_command(base_url, call) for call in calls]
    return "\n\n".join([*(f"SESSION_ID=$({command} | {READS_THE_ID})" for command in before), last])


def _command(base_url: str, call: Call) -> str:
    lines = [
        f"curl --fail-with-body -sS {shlex.quote(base_url + call.path)}",
        '-H "Authorization: Bearer $NOTTE_API_KEY"',
        "-H 'Content-Type: application/json'",
        f"--data-raw {_quoted(call)}",
    ]
    return " \\\n  ".join(lines)


def _quoted(call: Call) -> str:
    """In single quotes, out of which only the variable of a new session leads."""
    if call.body.get("session_id") is not NEW_SESSION:
        return _single(compact(call.body))
    rest = compact({name: value for name, value in call.body.items() if name != "session_id"})
    begun = rest[:-1] + (", " if rest != "{}" else "") + '"session_id": "'
    return f'{_single(begun)}"$SESSION_ID"{_single(CLOSED)}'


def _single(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"
