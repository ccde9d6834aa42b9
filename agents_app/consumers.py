"""The live side of an agent's page."""

from uuid import UUID

from django.db.models.functions import Now
from django.template.loader import render_to_string

from agents_app import page, queries
from agents_app.models import AgentRun
from notte_dashboard.realtime.consumer import RunConsumer
from notte_dashboard.realtime.groups import run_group
from notte_dashboard.realtime.sources import Batch, Fragment, Snapshot

FRAGMENTS = {
    "heading": "partials/heading.html",
    "status": "partials/status.html",
    "stuck": "partials/stuck.html",
    "progress": "agents_app/partials/progress.html",
    "answer": "agents_app/partials/answer.html",
    "problem": "partials/problem.html",
    "ending": "partials/ending.html",
    "actions": "partials/actions.html",
    "facts": "partials/facts.html",
    "viewer-slot": "partials/viewer_slot.html",
    "driver": "partials/viewer_driver.html",
    "steps-empty": "partials/steps_empty.html",
}


class AgentSource:
    def __init__(self, agent: AgentRun) -> None:
        self.pk, self.workspace_id = agent.pk, agent.workspace_id
        self.group = run_group(agent.kind, agent.uuid)
        self.can_operate = False

    def snapshot(self, *, viewed: bool) -> Snapshot:
        agent = AgentRun.objects.select_related("session", "started_by", "stop_requested_by", "workspace").get(pk=self.pk)
        if viewed:
            AgentRun.objects.filter(pk=self.pk).update(viewed_at=Now())
        context = page.live_context(agent, can_operate=self.can_operate)
        shown = {name: file for name, file in FRAGMENTS.items() if name != "steps-empty" or not agent.last_seq}
        fragments = [Fragment(name, render_to_string(file, context)) for name, file in shown.items()]
        return Snapshot(agent.last_seq, over=agent.is_settled, fragments=fragments)

    def batch(self, after: int) -> Batch | None:
        agent = AgentRun.objects.get(pk=self.pk)
        found = queries.timeline(agent).after(after)
        if not found:
            return None
        shared = {"run": agent, "can_operate": self.can_operate}
        html = "".join(render_to_string("partials/step_card.html", {"card": card, **shared}) for card in found)
        return Batch(after + 1, max(item.seq for card in found for item in card.items), html)


class AgentConsumer(RunConsumer):
    def source(self, uuid: UUID) -> AgentSource | None:
        agent = AgentRun.objects.filter(uuid=uuid).first()
        return AgentSource(agent) if agent else None
