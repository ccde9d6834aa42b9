"""The live side of a session's page."""

from uuid import UUID

from django.db.models.functions import Now
from django.template.loader import render_to_string

from notte_dashboard.realtime.consumer import RunConsumer
from notte_dashboard.realtime.groups import run_group
from notte_dashboard.realtime.sources import Batch, Fragment, Snapshot
from sessions_app import page, queries
from sessions_app.models import BrowserSession

FRAGMENTS = {
    "heading": "partials/heading.html",
    "session-tabs": "sessions_app/partials/tabs.html",
    "session-limits": "sessions_app/partials/limits.html",
    "session-agents": "sessions_app/partials/agents.html",
    "status": "partials/status.html",
    "stuck": "partials/stuck.html",
    "countdown": "partials/countdown.html",
    "problem": "partials/problem.html",
    "ending": "partials/ending.html",
    "actions": "partials/actions.html",
    "facts": "partials/facts.html",
    "viewer-slot": "partials/viewer_slot.html",
    "driver": "partials/viewer_driver.html",
    "steps-empty": "partials/steps_empty.html",
}


class SessionSource:
    def __init__(self, session: BrowserSession) -> None:
        self.pk, self.workspace_id = session.pk, session.workspace_id
        self.group = run_group(session.kind, session.uuid)
        self.can_operate = False

    def snapshot(self, *, viewed: bool) -> Snapshot:
        session = BrowserSession.objects.select_related("started_by", "stop_requested_by", "workspace").get(pk=self.pk)
        if viewed:
            BrowserSession.objects.filter(pk=self.pk).update(viewed_at=Now())
        context = page.live_context(session, can_operate=self.can_operate)
        shown = {name: file for name, file in FRAGMENTS.items() if name != "steps-empty" or not session.last_seq}
        fragments = [Fragment(name, render_to_string(file, context)) for name, file in shown.items()]
        return Snapshot(session.last_seq, over=session.is_settled, fragments=fragments)

    def batch(self, after: int) -> Batch | None:
        session = BrowserSession.objects.get(pk=self.pk)
        found = queries.timeline(session).after(after)
        if not found:
            return None
        shared = {"run": session, "can_operate": self.can_operate}
        html = "".join(render_to_string("partials/step_card.html", {"card": card, **shared}) for card in found)
        return Batch(after + 1, max(item.seq for card in found for item in card.items), html)


class SessionConsumer(RunConsumer):
    def source(self, uuid: UUID) -> SessionSource | None:
        session = BrowserSession.objects.filter(uuid=uuid).first()
        return SessionSource(session) if session else None
