"""Presets as a member would have saved them, and forms as a browser would post them."""

import json
from html.parser import HTMLParser
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


class Submitted(HTMLParser):
    """What a browser would post of the start form, just as it is drawn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._templates = self._inside = 0
        self._name = self._tag = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        self._templates += tag == "template"
        self._inside = self._inside or (tag == "form" and found.get("id") == "start-form")
        ours = self._inside or found.get("form") == "start-form"
        if tag in {"input", "select", "textarea"} and (
            self._templates or not ours or not found.get("name") or "disabled" in found
        ):
            self._name, self._tag = "", tag
        elif tag in {"select", "textarea"}:
            self._name, self._tag = found["name"], tag
            self.values[self._name] = ""
            self._first = True
        elif tag == "input" and (found.get("type") not in {"radio", "checkbox"} or "checked" in found):
            self.values[found["name"]] = found.get("value", "on" if "checked" in found else "")
        elif tag == "option" and self._name and (self._first or "selected" in found):
            self.values[self._name] = found.get("value", "")
            self._first = False

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        self._inside = self._inside and tag != "form"
        self._name = "" if tag in {"select", "textarea"} else self._name

    def handle_data(self, data: str) -> None:
        if self._name and self._tag == "textarea":
            self.values[self._name] = (self.values[self._name] + data).removeprefix("\n")


def shown_request(html: str) -> dict[str, Any]:
    """The JSON of the panel."""
    from tests.sessions_app.drawn import Drawn  # noqa: PLC0415 - only for those who draw

    return json.loads(Drawn(html).texts["code-json"])
