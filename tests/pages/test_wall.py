"""The wall: which runs stand on it, in which order, and what each tile says."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.pages import wall
from notte_dashboard.pages.pulse import Pulse
from notte_dashboard.realtime.workspace_sources import compose, look
from notte_dashboard.runs.recording import record_steps
from notte_dashboard.settings.env import Price
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_session, record_run_steps
from tests.hostile_text import HOSTILE
from tests.pictures import PIXEL
from tests.step_items import agent_step_items, step_item

# What runs and what has failed, of each kind; the login session, user, workspace and role; those two again for the frame.
QUERIES_OF_A_LOOK, QUERIES_OF_A_PAGE = 4, 7


def tiles(client):
    html = client.get("/live/").content.decode()
    return re.findall(r'id="tile-([0-9a-f-]+)".*?data-need="(\w+)"', html, re.DOTALL)


def composed(page):
    return compose((page,), look((page,), {}))[page]


def words(client):
    """The page without what only indents it."""
    return " ".join(client.get("/live/").content.decode().split())


def ago(**time):
    return timezone.now() - timedelta(**time)


def clicks(count, *, works=True):
    action = {"type": "click", "id": "B1", "text_label": "Buy"}
    return [step_item("execution_result", action=action, success=works, message="") for _ in range(count)]


@pytest.fixture
def one_of_each(bob, settings):
    """By need, the most urgent last, and what has nothing to do on the wall."""
    settings.STUCK_REPEATS, settings.WALL_KEEPS_FAILED = 3, timedelta(minutes=5)

    def agent(**columns):
        return make_agent(make_session(bob.workspace, bob.user), bob.user, **columns)

    made = {
        "fine": agent(),
        "waiting": agent(state="queued"),
        "limit": make_agent(
            make_session(bob.workspace, bob.user, idle_timeout_minutes=3, last_accessed_at=ago(seconds=150)), bob.user
        ),
        "stuck": record_run_steps(agent(), clicks(3)),
        "failed": agent(state="closed", success=False, answer="No such shop"),
    }
    done = make_session(bob.workspace, bob.user, "closed", ended_at=ago(seconds=5))
    make_agent(done, bob.user, state="closed", success=True)
    make_agent(done, bob.user, state="closed", success=False, ended_at=ago(minutes=6))
    make_session(bob.workspace, bob.user, "error", ended_at=ago(minutes=6))
    return made


def test_the_wall_shows_what_is_under_way_or_has_just_failed_the_most_urgent_first(bob, vera, eve, one_of_each):
    expected = [(str(one_of_each[need].session.uuid), need) for need in ("failed", "stuck", "limit", "waiting", "fine")]
    assert tiles(bob.client) == expected
    assert tiles(vera.client) == expected
    assert tiles(eve.client) == []


def test_tiles_say_what_is_wrong(bob, one_of_each):
    html = words(bob.client)
    for told in ("No such shop", "Click “Buy”, 3 times on the same page", "Idle limit is near", "1 just failed", "5 on the wall"):
        assert told in html, told


def test_tiles_of_the_same_need_keep_the_order_in_which_they_began(bob):
    began = [make_session(bob.workspace, bob.user, created_at=ago(minutes=minutes)) for minutes in (1, 3, 2)]
    assert [uuid for uuid, _ in tiles(bob.client)] == [str(began[at].uuid) for at in (1, 2, 0)]


@pytest.mark.parametrize(
    ("columns", "need"),
    [({"last_number": 18}, "limit"), ({"last_number": 17}, "fine"), ({"stale_since": None, "problem": "unreachable"}, "stuck")],
)
def test_few_steps_left_and_trouble_with_the_api_need_a_look(bob, columns, need):
    agent = make_agent(make_session(bob.workspace, bob.user), bob.user, request={"task": "Find", "max_steps": 20})
    AgentRun.objects.filter(pk=agent.pk).update(**columns)
    assert [found for _, found in tiles(bob.client)] == [need]


def test_an_agent_and_its_session_are_one_tile_with_the_newest_agent(bob):
    session = make_session(bob.workspace, bob.user)
    for task in ("First task", "Second task"):
        make_agent(session, bob.user, task=task)
    html = bob.client.get("/live/").content.decode()
    assert len(tiles(bob.client)) == 1
    assert "Second task" in html
    assert "and 1 more agent" in html
    assert "First task" not in html


def test_a_tile_has_the_newest_picture_the_goal_and_what_it_has_cost(bob, settings):
    settings.MINUTE_PRICE = Price("", Decimal("0.03"), "EUR")
    session = make_session(bob.workspace, bob.user, active_at=ago(minutes=7), network_response_bytes=2_100_000)
    agent = record_run_steps(make_agent(session, bob.user), agent_step_items(2, "Look for a teapot", picture=PIXEL))
    html = words(bob.client)
    assert f'src="/agents/{agent.uuid}/screenshots/7/"' in html
    for told in ("Look for a teapot", "7 min · 0.21 EUR", "2.1 MB", "2/20 steps"):
        assert told in html, told


def test_a_session_without_steps_says_that_it_has_no_picture(bob):
    make_session(bob.workspace, bob.user)
    html = words(bob.client)
    assert "Pictures come with steps" in html
    assert ">0 min</span>" in html, "minutes without a price"
    assert "/screenshots/" not in html


def test_an_empty_wall_says_what_will_stand_there(bob):
    html = bob.client.get("/live/").content.decode()
    assert re.search(r'id="wall-empty"\s*>', html)
    assert "shows up here by itself" in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_wall_costs_the_same_for_one_run_and_for_three(bob, count, django_assert_num_queries, monkeypatch):
    monkeypatch.setitem(wall._noted, bob.workspace.pk, float("inf"))
    for _ in range(count):
        record_run_steps(make_agent(make_session(bob.workspace, bob.user), bob.user), agent_step_items(1, picture=PIXEL))
    with django_assert_num_queries(QUERIES_OF_A_PAGE):
        assert len(tiles(bob.client)) == count
    page = wall.WallPage(bob.workspace, bob.user.pk)
    with django_assert_num_queries(QUERIES_OF_A_LOOK + 3):  # the pulse counts what runs and reads what has ended
        items = composed(page)
    assert sum(item.kind == "wall" for item in items) == count + 1


def test_the_runs_on_a_wall_count_as_looked_at_now_and_then(bob, monkeypatch):
    monkeypatch.setattr(wall, "_noted", {})
    session = make_session(bob.workspace, bob.user)
    agent = make_agent(session, bob.user)
    page = wall.WallPage(bob.workspace, bob.user.pk)
    composed(page)
    noted = [type(run).objects.get(pk=run.pk).viewed_at for run in (session, agent)]
    assert all(noted)
    composed(page)
    assert [type(run).objects.get(pk=run.pk).viewed_at for run in (session, agent)] == noted


def test_a_tile_is_drawn_anew_only_when_it_shows_something_else(bob, monkeypatch):
    session = make_session(bob.workspace, bob.user, idle_timeout_minutes=3, last_accessed_at=timezone.now())
    page = wall.WallPage(bob.workspace, bob.user.pk)

    def keys():
        return {item.id: item.key for item in composed(page)}

    first = keys()
    BrowserSession.objects.filter(pk=session.pk).update(seen_at=timezone.now(), fence=9, lease_until=timezone.now())
    assert keys() == first
    BrowserSession.objects.filter(pk=session.pk).update(last_title="A shop")
    assert {name for name, key in keys().items() if first[name] != key} == {f"tile-{session.uuid}"}


def test_hostile_texts_on_tiles_are_text(bob):
    session = make_session(bob.workspace, bob.user, last_title=HOSTILE, last_url=f"https://{HOSTILE}")
    agent = make_agent(session, bob.user, task=HOSTILE)
    record_run_steps(agent, agent_step_items(6, HOSTILE))
    html = bob.client.get("/live/").content.decode()
    assert "&lt;script&gt;alert" in html
    for live in ("<script>alert", "<img src=x", "\"'><img"):
        assert live not in html


def test_the_pulse_counts_browsers_and_tells_of_the_last_ends(bob, alice):
    make_session(bob.workspace, bob.user)
    working = make_session(bob.workspace, bob.user)
    make_agent(working, bob.user)
    ended = make_agent(working, alice.user, state="closed", success=False, task="Buy a teapot")
    make_agent(working, bob.user, state="closed", success=False, ended_at=ago(hours=1))
    numbers = Pulse(bob.workspace).read(frozenset())
    assert (numbers.running, numbers.failed) == (2, 1)
    (told,) = numbers.ended
    assert (told.uuid, told.name, told.said, told.bad, told.by) == (
        str(ended.uuid),
        "Buy a teapot",
        "Failure",
        True,
        alice.user.pk,
    )


def test_a_session_that_waits_for_people_is_not_called_stuck(bob, settings):
    settings.STUCK_REPEATS, settings.STUCK_SILENCE = 3, timedelta(seconds=60)
    session = make_session(bob.workspace, bob.user)
    record_run_steps(session, clicks(4))
    assert session.stuck.code == "repeats"
    session.last_step_at = session.active_at = ago(minutes=2)
    assert session.stuck is None
    quiet = make_agent(session, bob.user, active_at=ago(minutes=2))
    assert quiet.stuck.code == "silent"
    quiet.stale_since = timezone.now()
    assert quiet.stuck is None, "nobody knows while the API can't be asked"
    quiet.stale_since, quiet.state = None, "closed"
    assert quiet.stuck is None


def test_looking_again_at_the_same_steps_is_no_step(bob):
    agent = make_agent(make_session(bob.workspace, bob.user), bob.user)
    steps = agent_step_items(1, picture=PIXEL)
    record_run_steps(agent, steps)
    before = (agent.last_step_at, agent.picture_seq, agent.trail, agent.last_goal)
    record_steps(agent, type(agent.steps.first()), steps)
    agent.refresh_from_db()
    assert (agent.last_step_at, agent.picture_seq, agent.trail, agent.last_goal) == before
    assert before[1:] == (2, [{"do": "Click “a price”", "at": before[2][0]["at"], "ok": False}], "a price")
