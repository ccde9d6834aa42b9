"""May this viewer address be framed? It is a credential: checked each time, never stored, logged or sent to groups."""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings

from notte_dashboard.notte_api.connection import Connection


class Viewer(NamedTuple):
    url: str
    reason: str
    sandbox: str


# A remote viewer needs its own origin for its stored state; the local one shares our host name, so it gets none.
REMOTE_SANDBOX, LOCAL_SANDBOX = "allow-scripts allow-same-origin", "allow-scripts"


def framed(url: str | None, connection: Connection, *, theme: str, interactive: bool = False) -> Viewer:
    """The address with our parameters, or the reason why there is no picture."""
    if not url:
        return Viewer("", "The API gave no viewer address. The session may have just ended.", "")
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return Viewer("", "The API gave a viewer address that can't be read.", "")
    if connection.carries_key(url):
        return Viewer("", "The viewer address holds the API key, so it is not handed to a browser.", "")
    if origin not in settings.NOTTE_VIEWER_ORIGINS:
        return Viewer("", f"The viewer is at {origin[:200]}, which NOTTE_VIEWER_ORIGINS does not allow.", "")
    wanted = {"mode": "embed-minimal", "interactive": "1" if interactive else "0", "theme": theme}
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in wanted]
    address = urlunsplit(parts._replace(query=urlencode([*query, *wanted.items()], safe=":/")))
    local = origin in settings.LOCAL_VIEWER_ORIGINS
    return Viewer(address, "", LOCAL_SANDBOX if local else REMOTE_SANDBOX)
