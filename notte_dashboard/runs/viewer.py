"""May this viewer address be framed? It is a credential: checked each time, never stored, logged or sent to groups."""

from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from django.conf import settings

from notte_dashboard.notte_api.connection import Connection


class Viewer(NamedTuple):
    url: str
    reason: str
    sandbox: str
    code: str = ""
    speaks: bool = False
    """Whether its page tells ours what it shows."""

    @property
    def again(self) -> bool:
        """Whether asking again may help, without anybody doing something."""
        return self.code in PASSING


DECODED = 5
# A remote viewer needs its own origin for its stored state; the local one shares our host name, so it gets none.
REMOTE_SANDBOX, LOCAL_SANDBOX = "allow-scripts allow-same-origin", "allow-scripts"
CONTROL = "control"
"""The local API's token to act in the browser, beside the one to watch it."""
ENDED, STARTING, UNREACHABLE, NO_ADDRESS = "ended", "starting", "unreachable", "no_address"
UNREADABLE, HOLDS_KEY, NOT_ALLOWED, REVIEWER = "unreadable", "holds_key", "not_allowed", "reviewer"
PASSING = frozenset({STARTING, UNREACHABLE, NO_ADDRESS})


def missing(code: str, reason: str) -> Viewer:
    return Viewer("", reason, "", code)


def holding_key() -> Viewer:
    return missing(HOLDS_KEY, "The viewer address holds the API key, so it is not handed to a browser.")


def framed(url: str | None, connection: Connection, *, theme: str, interactive: bool = False) -> Viewer:
    """The address with our parameters, or the reason why there is no picture."""
    if not url:
        return missing(NO_ADDRESS, "The API gave no viewer address. The session may have just ended.")
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        local = origin in settings.LOCAL_VIEWER_ORIGINS
        ours = {"mode": "embed-minimal", "interactive": str(int(interactive)), "theme": theme}
        address = _with_parameters(parts, ours, without=CONTROL if local and not interactive else "")
    except ValueError:
        return missing(UNREADABLE, "The API gave a viewer address that can't be read.")
    # Both: reading a URL drops line breaks, behind which a key can hide.
    if connection.carries_key(plain(url)) or connection.carries_key(plain(address)):
        return holding_key()
    if origin not in settings.NOTTE_VIEWER_ORIGINS:
        named = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"[:200]
        return missing(NOT_ALLOWED, f"The viewer is at {named}, which NOTTE_VIEWER_ORIGINS does not allow.")
    return Viewer(address, "", LOCAL_SANDBOX if local else REMOTE_SANDBOX, speaks=local)


def plain(address: str) -> str:
    """Without percent-encoding, however often and of whatever letters."""
    for _ in range(DECODED):
        address = unquote(address)
    return address


def _with_parameters(parts: SplitResult, ours: dict[str, str], *, without: str) -> str:
    given = parse_qsl(parts.query, keep_blank_values=True)
    query = [(name, value) for name, value in given if name not in ours and name != without]
    return urlunsplit(parts._replace(query=urlencode([*query, *ours.items()], safe=":/")))
