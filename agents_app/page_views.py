"""What an agent's page asks for later: steps it does not show, a step's raw data, the answer as a file."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents_app import queries
from agents_app.views import agent_for
from notte_dashboard.http import DashboardRequest, file_answer, raw_answer, steps_answer
from notte_dashboard.runs.answer_view import as_json
from notte_dashboard.workspaces.access import Action, can


@login_required
@require_GET
@never_cache
def agent_steps(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    agent = agent_for(request, uuid, Action.VIEW)
    can_operate = can(request.user, Action.RUN, agent.workspace_id)
    return steps_answer(request, agent, queries.timeline(agent), can_operate=can_operate)


@login_required
@require_GET
@never_cache
def agent_step(request: DashboardRequest, uuid: UUID, number: int) -> HttpResponse:
    agent = agent_for(request, uuid, Action.VIEW)
    return raw_answer(request, agent.steps.filter(number=number).order_by("seq"), number)


@login_required
@require_GET
def agent_answer(request: DashboardRequest, uuid: UUID, form: str) -> HttpResponse:
    agent = agent_for(request, uuid, Action.VIEW)
    if form not in {"txt", "json"} or not agent.answer:
        raise Http404
    text = as_json(agent.answer) if form == "json" else agent.answer
    return file_answer(text, f"answer-{str(agent.uuid)[:8]}.{form}")
