"""Presets as a member would have saved them, and forms as a browser would post them."""

import json
from typing import Any

from notte_dashboard.presets.kinds import KINDS
from notte_dashboard.presets.models import PresetVersion
from notte_dashboard.presets.services.save import save_preset

SECRET = "canary-4f1c9a7e"
FULL = {
    "idle_timeout_minutes": 4,
    "chrome_args": ["--lang=en-GB"],
    "proxies": [{"type": "external", "server": "http://proxy.example:8080", "username": "joe", "password": SECRET}],
    "extra_http_headers": {"Authorization": f"Bearer {SECRET}"},
    "user_agent": 'Agent\'s "own" $HOME',
}
"""A session request with secrets in several places, and with what shells and languages trip over."""


def a_preset(person: Any, request: dict[str, Any] | None = None, *, kind: str = "session", **more: Any) -> PresetVersion:
    more = {"name": "Mine", "shared": False, **more}
    return save_preset(by=person.user, workspace=person.workspace, kind=KINDS[kind], request=request or {}, **more)


def typed(kind: str, request: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a browser posts for a form that holds this request."""
    return {**KINDS[kind].form_class().data_for(request), **more}


def shown_request(html: str) -> dict[str, Any]:
    """The JSON of the panel."""
    from tests.sessions_app.drawn import Drawn  # noqa: PLC0415 - only for those who draw

    return json.loads(Drawn(html).texts["code-json"])
