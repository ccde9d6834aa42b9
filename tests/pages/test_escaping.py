"""Texts of hostile pages and answers, wherever they are shown."""

import json

import pytest

from tests.factories import make_run, record_run_steps
from tests.hostile_text import HOSTILE
from tests.step_items import agent_step_items

KINDS = ["session", "agent"]
LIVE = ("<script>alert", "<img src=x", "<b>bold", "onerror=alert(2)>", "\"'><img")
TOLD = {
    "session": ["last_url", "last_title", "error", "user_agent", "browser_type", "remote_status", "problem_detail", "session_id"],
    "agent": ["task", "answer", "url", "last_url", "last_title", "remote_status", "problem_detail", "agent_id"],
}


@pytest.fixture
def hostile(bob):
    def make(kind):
        columns = dict.fromkeys(TOLD[kind], HOSTILE[:100])
        run = make_run(
            kind, bob.workspace, bob.user,
            problem="refused", request={"task": HOSTILE, HOSTILE: HOSTILE},
            remote={HOSTILE: HOSTILE, "new": {HOSTILE: [HOSTILE]}}, reasons=[{"loc": ["body", HOSTILE], "msg": HOSTILE}],
            **columns,
        )  # fmt: skip
        steps = [*agent_step_items(2, HOSTILE), {"type": HOSTILE, "value": {HOSTILE: HOSTILE}}, {"validation": HOSTILE}]
        return record_run_steps(run, steps)

    return make


def assert_inert(html):
    assert not [text for text in LIVE if text in html]
    assert "&lt;script&gt;alert" in html
    assert "49" not in html.partition("{{ 7|add:7 }}")[2][:5]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["active", "unknown", "closed", "error"])
def test_a_runs_page_shows_hostile_texts_as_text(bob, hostile, kind, state):
    run = hostile(kind)
    type(run).objects.filter(pk=run.pk).update(state=state)
    assert_inert(bob.client.get(f"/{kind}s/{run.uuid}/").content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_lists_the_overview_and_forms_show_hostile_texts_as_text(bob, hostile, kind):
    run = hostile(kind)
    pages = ["/", f"/{kind}s/", "/agents/start/"] if kind == "session" else ["/", "/agents/", f"/sessions/{run.session.uuid}/"]
    type(run).objects.filter(pk=run.pk).update(problem="")
    for page in [*pages, f"/{kind}s/start/?from={run.uuid}"] if kind == "agent" else pages:
        assert_inert(bob.client.get(page).content.decode())
    type(run).objects.filter(pk=run.pk).update(state="closed", ended_at=run.created_at)
    assert_inert(bob.client.get("/").content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_typed_wrongly_comes_back_as_text(bob, kind):
    field = {"session": "browser_type", "agent": "max_steps"}[kind]
    answer = bob.client.post(f"/{kind}s/start/", {field: HOSTILE, "task": HOSTILE, "nonce": HOSTILE, "user_agent": HOSTILE})
    assert answer.status_code == 422
    assert_inert(answer.content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_a_search_for_markup_is_shown_as_text(bob, kind):
    html = bob.client.get(f"/{kind}s/", {"q": HOSTILE, "status": HOSTILE, "since": HOSTILE}).content.decode()
    assert_inert(html)


@pytest.mark.parametrize("kind", KINDS)
def test_json_is_json_and_not_a_page(bob, hostile, kind):
    run = hostile(kind)
    answer = bob.client.get(f"/{kind}s/{run.uuid}/", headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert json.loads(answer.content)["last_title"] == run.last_title


@pytest.mark.parametrize("kind", KINDS)
def test_the_admin_panel_shows_hostile_texts_as_text(admin_client, hostile, kind):
    run = hostile(kind)
    app, model, step = {
        "session": ("sessions_app", "browsersession", "sessionstep"),
        "agent": ("agents_app", "agentrun", "agentstep"),
    }[kind]
    for page in (
        f"{model}/{run.pk}/change/",
        f"{step}/{run.steps.get(seq=3).pk}/change/",
        f"{step}/{run.steps.last().pk}/change/",
    ):
        answer = admin_client.get(f"/admin/{app}/{page}")
        assert answer.status_code == 200
        assert_inert(answer.content.decode())
    for page in (f"{model}/", f"{step}/"):
        html = admin_client.get(f"/admin/{app}/{page}").content.decode()
        assert not [text for text in LIVE if text in html]


def test_a_huge_answer_does_not_make_a_huge_page(bob):
    huge = "x" * 3_000_000
    session = make_run(
        "session", bob.workspace, bob.user, "error", error=huge, user_agent=huge, problem_detail=huge, problem="refused"
    )
    agent = make_run("agent", bob.workspace, bob.user, state="closed", answer=huge, last_title=huge, url=huge)
    for page in ("/", "/sessions/", "/agents/", f"/sessions/{session.uuid}/", f"/sessions/{agent.session.uuid}/"):
        assert len(bob.client.get(page).content) < 200_000, page
