"""Rows with hostile texts in the database of a running dashboard, written by the product's own code.

A program of its own, because it needs the dashboard's settings. It reads one JSON command a line and answers each with one line.
"""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402 - what follows needs Django

from agents_app.models import AgentRun, AgentStep  # noqa: E402
from notte_dashboard.presets.models import Preset, PresetVersion  # noqa: E402
from notte_dashboard.realtime.publish import announce  # noqa: E402
from notte_dashboard.runs.models import Run  # noqa: E402
from notte_dashboard.runs.recording import record_answer, record_steps  # noqa: E402
from notte_dashboard.runs.states import State  # noqa: E402
from notte_dashboard.runs.storable import clean, storable  # noqa: E402
from notte_dashboard.workspaces.models import Membership  # noqa: E402
from sessions_app.models import BrowserSession, SessionStep  # noqa: E402

NONCE = "hostile-"
OWNER = "a test, which no worker relieves"
STEP = {AgentRun: AgentStep, BrowserSession: SessionStep}
made: list[int] = []


def held() -> dict[str, Any]:
    now = timezone.now()
    return {"state": State.ACTIVE, "active_at": now, "lease_owner": OWNER, "lease_until": now + timedelta(hours=1)}


def step(number: int, payloads: list[str]) -> list[dict[str, Any]]:
    """One step that says nothing else."""
    start, stop = ({"type": kind, "value": {"step_number": number}} for kind in ("agent_step_start", "agent_step_stop"))
    return [start, *(part for payload in payloads for part in items(number, payload)), stop]


def items(number: int, payload: str) -> list[dict[str, Any]]:
    """Of every kind; each of their texts is the payload."""
    thoughts = dict.fromkeys(["next_goal", "previous_goal_eval", "memory", "page_summary"], payload)
    action = {"type": "fill", "id": payload, "value": payload, "text_label": payload, "selector": payload, "description": payload}
    tab = {"tab_id": number, "url": payload, "title": payload}
    return [
        {"type": "observation", "value": {"metadata": {"url": payload, "title": payload, "tabs": [tab]}}},
        {"type": "agent_completion", "value": {"state": thoughts, "action": action}},
        {
            "type": "agent_completion",
            "value": {"state": {}, "action": {"type": "completion", "answer": payload, "success": False}},
        },
        {"type": "execution_result", "value": {"action": action, "success": True, "message": payload, "agent_id": payload}},
        {
            "type": "execution_result",
            "value": {"action": {"type": payload, payload: payload}, "success": False, "exception": payload},
        },
        {"validation": payload},
        {"type": payload, "value": {payload: payload, "message": payload}},
    ]


def columns(model: type[Run], payloads: list[str], names: list[str]) -> dict[str, Any]:
    """All of them in each column; since many are cut short, each column begins with others."""
    start = len(payloads) / len(names)
    turned = [payloads[round(start * number) :] + payloads[: round(start * number)] for number in range(len(names))]
    return storable(model, {name: clean("\n".join(texts)) for name, texts in zip(names, turned, strict=True)})


def make(payloads: list[str]) -> dict[str, Any]:
    """A session and an agent without steps, which go on until `end`; and presets."""
    member = Membership.objects.select_related("user", "workspace").order_by("pk")[0]
    whole = clean("\n".join(payloads))
    request = {"task": whole, "url": whole, "response_format": None, whole[:200]: whole}
    common = {"workspace": member.workspace, "started_by": member.user, "request": request, "remote": {whole[:300]: [whole]}}
    told = ["session_id", "browser_type", "user_agent", "remote_status", "last_title", "last_url"]
    number = BrowserSession.objects.count()
    session = BrowserSession.objects.create(
        nonce=f"{NONCE}{number}",
        **common | held() | columns(BrowserSession, payloads, told),
        last_tabs=[{"url": whole, "title": whole}],
    )
    told = ["agent_id", "task", "url", "last_title", "last_url"]
    agent = AgentRun.objects.create(
        nonce=f"{NONCE}{number}", session=session, **common | held() | columns(AgentRun, payloads, told)
    )
    for place, payload in enumerate(dict.fromkeys(payloads)):
        name = f"{clean(payload)[:60]} {number}.{place}"
        preset = Preset.objects.create(workspace=member.workspace, owner=member.user, kind="agent", name=name, version=1)
        PresetVersion.objects.create(preset=preset, number=1, request={"task": clean(payload)}, saved_by=member.user)
    return {"agent": f"/agents/{agent.uuid}/", "session": f"/sessions/{session.uuid}/", "pks": [agent.pk, session.pk]}


def both(pks: list[int]) -> list[Any]:
    return [AgentRun.objects.get(pk=pks[0]), BrowserSession.objects.get(pk=pks[1])]


def push(pks: list[int], payloads: list[str], together: int = 1) -> dict[str, Any]:
    """All steps of both, as a watch records and announces them."""
    groups = [payloads[start : start + together] for start in range(0, len(payloads), together)]
    steps = [part for number, group in enumerate(groups, 1) for part in step(number, group)]
    for run in both(pks):
        record_steps(run, STEP[type(run)], steps)
        asyncio.run(announce(run))
    return {"steps": len(steps), "cards": len(groups)}


def end(pks: list[int], payloads: list[str]) -> dict[str, Any]:
    """The agent fails with an answer, then its session with an error; both with everything that can be said about it."""
    whole = clean("\n".join(payloads))
    for run, state, told in zip(both(pks), (State.CLOSED, State.ERROR), ("answer", "error"), strict=True):
        steps = [{}] * (run.last_position + 1)
        record_answer(run, STEP[type(run)], steps, {told: whole} | ({"success": False} if told == "answer" else {}), state, None)
        refused = [{"loc": ["body", clean(payload)], "msg": clean(payload), "type": clean(payload)} for payload in payloads]
        type(run).objects.filter(pk=run.pk).update(
            problem="refused", problem_detail=whole, reasons=refused, lease_until=None, lease_owner=""
        )
        asyncio.run(announce(run))
    return {}


def lists(payloads: list[str]) -> dict[str, Any]:
    """An ended agent for each payload, for the lists."""
    session = BrowserSession.objects.filter(nonce__startswith=NONCE).first()
    assert session is not None
    now, before = timezone.now(), AgentRun.objects.count()
    told = ["task", "url", "answer", "last_title", "last_url", "agent_id"]
    rows = [
        AgentRun(
            nonce=f"{NONCE}list-{before + place}", session=session, workspace=session.workspace, started_by=session.started_by,
            state=State.ERROR, active_at=now, ended_at=now, problem="refused", problem_detail=clean(payload),
            **columns(AgentRun, [payload], told),
        )
        for place, payload in enumerate(payloads)
    ]  # fmt: skip
    AgentRun.objects.bulk_create(rows)
    return {"rows": len(rows)}


def remove() -> dict[str, Any]:
    AgentRun.objects.filter(nonce__startswith=NONCE).delete()
    BrowserSession.objects.filter(nonce__startswith=NONCE).delete()
    PresetVersion.objects.all().delete()
    Preset.objects.all().delete()
    return {}


COMMANDS = {each.__name__: each for each in (make, push, end, lists, remove)}

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(COMMANDS[asked.pop("do")](**asked)) + "\n")
        sys.stdout.flush()
