"""Once with nothing scripted: the local API, its Chromium, the watch, the database."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import timezone

from agents_app.models import AgentRun
from agents_app.services.start import send_start as send_agent
from agents_app.services.watch import WATCH as AGENTS
from notte_dashboard.local_api.brains import brain_for
from notte_dashboard.local_api.settings import Settings
from notte_dashboard.watching.loop import run_slice, stop_slices
from sessions_app.models import BrowserSession
from sessions_app.services.start import send_start as send_session
from sessions_app.services.stop import send_stop
from sessions_app.services.watch import WATCH as SESSIONS
from tests.local_api.serving import KEY, LocalApi, serve
from tests.ports import refusing_port
from tests.services import wait_for

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def local_api(tmp_path, settings) -> Iterator[LocalApi]:
    where = Settings(data_dir=tmp_path, api_key=KEY, port=0, dashboard_port=refusing_port())
    api = serve(where, brain_for=brain_for)
    settings.NOTTE_API_URL, settings.NOTTE_API_KEY = api.url, KEY
    settings.NOTTE_VIEWER_ORIGINS = settings.LOCAL_VIEWER_ORIGINS = [api.url]
    yield api
    api.stop()


def watched(kind):
    def work():
        try:
            run_slice(kind)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_session_and_an_agent_from_the_form_to_the_answer(bob, local_api):
    answer = bob.client.post("/sessions/start/", {"idle_timeout_minutes": "3", "viewport_width": "800", "viewport_height": "600"})
    session = BrowserSession.objects.get()
    assert answer["Location"] == f"/sessions/{session.uuid}/"
    send_session(session.pk)
    session.refresh_from_db()
    assert (session.state, session.viewport_width, session.idle_timeout_minutes) == ("active", 800, 3)
    assert session.max_ends_at > session.idle_ends_at > timezone.now()
    frame = bob.client.get(f"/sessions/{session.uuid}/viewer/").content.decode()
    assert f'src="{local_api.url}' in frame
    assert 'sandbox="allow-scripts"' in frame

    task = {"task": "Search for 'teapot' and give me the price of the first result", "url": f"{local_api.url}/demo/shop"}
    bob.client.post("/agents/start/", {**task, "session_id": session.session_id})
    send_agent(AgentRun.objects.get().pk)
    AgentRun.objects.update(viewed_at=timezone.now())  # as an open page does
    watches = [watched(AGENTS), watched(SESSIONS)]
    wait_for(lambda: AgentRun.objects.get().is_over and BrowserSession.objects.get().last_seq)
    stop_slices()
    for watch in watches:
        watch.join(60)

    agent = AgentRun.objects.get()
    assert (agent.state, agent.outcome, agent.answer) == ("closed", "success", "£24.00")
    assert [step.seq for step in agent.steps.all()] == list(range(1, agent.last_seq + 1))
    assert agent.steps.filter(kind="observation").exclude(screenshot="").exists()
    assert agent.last_url.startswith(f"{local_api.url}/demo/")
    assert (agent.lease_owner, BrowserSession.objects.get().state) == ("", "active")
    page = bob.client.get(f"/agents/{agent.uuid}/").content.decode()
    assert "£24.00" in page
    assert page.count("data-step-seq") == agent.last_seq
    told = bob.client.get(f"/agents/{agent.uuid}/", headers={"Accept": "application/json"}).json()
    assert (told["success"], told["answer"], len(told["steps"])) == (True, "£24.00", agent.last_seq)

    bob.client.post(f"/sessions/{session.uuid}/stop/")
    send_stop(session.pk)
    session.refresh_from_db()
    assert (session.state, session.remote_status) == ("closed", "closed")
    assert session.network_response_bytes > 0


def test_what_a_local_machine_can_not_do_is_refused_with_its_reason(bob, local_api):
    bob.client.post("/sessions/start/", {"solve_captchas": "true"})
    session = BrowserSession.objects.get()
    send_session(session.pk)
    session.refresh_from_db()
    assert (session.state, session.problem) == ("rejected", "invalid")
    assert session.reasons[0]["loc"][-1] == "solve_captchas"
    assert "solve_captchas" in bob.client.get(f"/sessions/{session.uuid}/").content.decode()


def test_a_lost_answer_of_the_real_api_is_found_again(bob, local_api):
    """The API did start it; only we were never told."""
    from sessions_app.services.reconcile import reconcile  # noqa: PLC0415

    sent_at = timezone.now()
    remote_id = local_api.start_session(idle_timeout_minutes=3)
    bob.client.post("/sessions/start/", {"idle_timeout_minutes": "3"})
    BrowserSession.objects.update(state="unknown", sent_at=sent_at)
    session = BrowserSession.objects.get()
    reconcile(session.pk)
    session.refresh_from_db()
    assert (session.state, session.session_id) == ("active", remote_id)
