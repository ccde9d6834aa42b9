"""May this viewer address be framed? It is a credential: checked each time, never stored, logged or sent to groups."""

from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from django.conf import settings

from notte_dashboard.notte_api.connection import Connection


class Viewer(NamedTuple):
    url: str
    reason: str
    sandbox: str


DECODED = 5
# A remote viewer needs its own origin for its stored state; the local one shares our host name, so it gets none.
REMOTE_SANDBOX, LOCAL_SANDBOX = "allow-scripts allow-same-origin", "allow-scripts"


def framed(url: str | None, connection: Connection, *, theme: str, interactive: bool = False) -> Viewer:
    """The address with our parameters, or the reason why there is no picture."""
    if not url:
        return Viewer("", "The API gave no viewer address. The session may have just ended.", "")
    try:
        parts = urlsplit(url)
        address = _with_parameters(parts, {"mode": "embed-minimal", "interactive": str(int(interactive)), "theme": theme})
    except ValueError:
        return Viewer("", "The API gave a viewer address that can't be read.", "")
    # Both: reading a URL drops line breaks, behind which a key can hide.
    if connection.carries_key(_plain(url)) or connection.carries_key(_plain(address)):
        return Viewer("", "The viewer address holds the API key, so it is not handed to a browser.", "")
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in settings.NOTTE_VIEWER_ORIGINS:
        named = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"[:200]
        return Viewer("", f"The viewer is at {named}, which NOTTE_VIEWER_ORIGINS does not allow.", "")
    local = origin in settings.LOCAL_VIEWER_ORIGINS
    return Viewer(address, "", LOCAL_SANDBOX if local else REMOTE_SANDBOX)


def _plain(address: str) -> str:
    """Without percent-encoding, however often and of whatever letters."""
    for _ in range(DECODED):
        address = unquote(address)
    return address


def _with_parameters(parts: SplitResult, ours: dict[str, str]) -> str:
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in ours]
    return urlunsplit(parts._replace(query=urlencode([*query, *ours.items()], safe=":/")))
