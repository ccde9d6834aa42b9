"""The two requests that the dashboard sends, as forms: what a preset, a panel or a link can be of."""

from typing import Any, NamedTuple

from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START, Layout


class FormKind(NamedTuple):
    name: str
    label: str
    schema_name: str
    layout: Layout
    path: str
    """Where the API takes it."""

    @property
    def start_url(self) -> str:
        return f"{self.name}s:start"

    def form_class(self, document: dict[str, Any] | None = None) -> type[SchemaForm]:
        return build_form(self.schema_name, self.layout, document=document)


SESSION = FormKind("session", "Session", "ApiSessionStartRequest", SESSION_START, "/sessions/start")
AGENT = FormKind("agent", "Agent", "ApiAgentStartRequest", AGENT_START, "/agents/start")
KINDS = {kind.name: kind for kind in (SESSION, AGENT)}
