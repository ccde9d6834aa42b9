"""A link that carries a filled-in form: its request without secrets, as base64url of compact JSON."""

import base64
import binascii
import json
from typing import Any

from notte_dashboard.schema_forms import json_text, secrets
from notte_dashboard.schema_forms.again import without_secrets
from notte_dashboard.schema_forms.layouts import Layout

LONGEST = 6 * 1024


class LinkError(ValueError):
    """The message is for whoever made or opened the link."""


def packed(request: dict[str, Any], layout: Layout) -> str:
    text = json.dumps(public_part(request, layout), ensure_ascii=False, separators=(",", ":"))
    found = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    if len(found) > LONGEST:
        raise LinkError("This request is too long for a link. Save it as a preset instead.")
    return found


def unpacked(text: str, layout: Layout) -> dict[str, Any]:
    """What is in the link, less anything secret that somebody put there."""
    if len(text) > LONGEST:
        raise LinkError("The link is too long.")
    try:
        found = json_text.read(_decoded(text))
    except (ValueError, binascii.Error) as error:
        raise LinkError("The link is damaged: it could not be read.") from error
    if not isinstance(found, dict):
        raise LinkError("The link is damaged: it holds no request.")
    return public_part(found, layout)


def public_part(request: dict[str, Any], layout: Layout) -> dict[str, Any]:
    return dict(without_secrets(secrets.split(request, layout)[0]))


def _decoded(text: str) -> str:
    """Compact JSON itself is welcome too: such a link can be written by hand."""
    if text.lstrip().startswith("{"):
        return text
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
