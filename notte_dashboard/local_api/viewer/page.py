"""The viewer as one document. It runs in a sandbox, whose cache is thrown away: each further file would be fetched each time."""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "viewer.css").read_text()
_SCRIPT = "".join((_FOLDER / name).read_text() for name in ("picture.js", "controls.js", "viewer.js"))
HTML = (_FOLDER / "index.html").read_text().replace("{{ style }}", _STYLE).replace("{{ script }}", _SCRIPT)


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_SOURCES = (f"script-src {_source(_SCRIPT)}", f"style-src {_source(_STYLE)}")


def policy(host: str, dashboard_origins: Sequence[str]) -> str:
    """Names the origin instead of 'self': the page is in a sandbox, with an origin of its own that nothing matches."""
    ancestors = ["http://localhost:*", "http://127.0.0.1:*", *dashboard_origins]
    return "; ".join(
        (
            "default-src 'none'",
            *_SOURCES,
            f"connect-src ws://{host}",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {' '.join(ancestors)}",
            "sandbox allow-scripts",
        )
    )
