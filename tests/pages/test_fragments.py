"""What a page shows first and what is pushed later come from the same templates."""

import re

import pytest
from django.utils import timezone

from agents_app.consumers import FRAGMENTS as AGENT_FRAGMENTS
from agents_app.consumers import AgentSource
from sessions_app.consumers import FRAGMENTS as SESSION_FRAGMENTS
from sessions_app.consumers import SessionSource
from tests.factories import make_run, record_run_steps
from tests.pictures import PIXEL
from tests.step_items import agent_step_items

KINDS = ["session", "agent"]
SOURCES = {"session": SessionSource, "agent": AgentSource}
FRAGMENTS = {"session": SESSION_FRAGMENTS, "agent": AGENT_FRAGMENTS}
STATES = ["queued", "sending", "unknown", "active", "stopping", "closed", "error", "timed_out", "rejected", "not_started"]
CLOCK = re.compile(r'data-now="[^"]*"')


def flat(html):
    """Indentation depends on where a template is included; the server's clock on when."""
    return re.sub(r"\s+", " ", CLOCK.sub("", html)).strip()


def source_of(run, *, can_operate=True):
    source = SOURCES[run.kind](run)
    source.can_operate = can_operate
    return source


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["bob", "vera"])
def test_every_pushed_fragment_is_what_a_reload_would_show(people, kind, state, name):
    bob, person = people.bob, getattr(people, name)
    soon = {"idle_timeout_minutes": 3, "last_accessed_at": timezone.now(), "max_duration_minutes": 9} if kind == "session" else {}
    run = make_run(kind, bob.workspace, bob.user, state, problem="unreachable", stale_since=timezone.now(), **soon)
    run = record_run_steps(run, agent_step_items(2, picture=PIXEL))
    page = flat(person.client.get(f"/{kind}s/{run.uuid}/").content.decode())
    pushed = source_of(run, can_operate=name == "bob").snapshot(viewed=False)
    assert {fragment.id for fragment in pushed.fragments} == set(FRAGMENTS[kind]) - {"steps-empty"}
    for fragment in pushed.fragments:
        assert f'id="{fragment.id}"' in fragment.html
        assert flat(fragment.html) in page, fragment.id
        assert "hx-swap-oob" not in fragment.html


@pytest.mark.parametrize("kind", KINDS)
def test_pushed_steps_are_the_cards_of_the_page(bob, kind):
    run = record_run_steps(make_run(kind, bob.workspace, bob.user), agent_step_items(3, picture=PIXEL))
    page = flat(bob.client.get(f"/{kind}s/{run.uuid}/").content.decode())
    batch = source_of(run).batch(0)
    assert (batch.first, batch.last) == (1, 15)
    assert flat(batch.html) in page
    assert 'data-after="15"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_holds_whole_cards_and_says_which_steps(bob, kind):
    run = record_run_steps(make_run(kind, bob.workspace, bob.user), agent_step_items(3))
    batch = source_of(run).batch(7)
    assert (batch.first, batch.last) == (8, 15)
    assert batch.html.count("<li") == 2  # step 2 whole, although part of it was seen, and step 3
    assert source_of(run).batch(15) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_socket_catches_up_in_pages_without_gap(bob, kind):
    run = record_run_steps(make_run(kind, bob.workspace, bob.user), agent_step_items(150))
    seen = [1, 2, 3]
    while batch := source_of(run).batch(seen[-1]):
        assert batch.first == seen[-1] + 1
        seen += range(batch.first, batch.last + 1)
    assert seen == list(range(1, 751))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [1, 3])
def test_a_runs_page_costs_the_same_for_one_step_and_for_three(bob, kind, steps, django_assert_num_queries):
    run = record_run_steps(make_run(kind, bob.workspace, bob.user), agent_step_items(steps, picture=PIXEL))
    with django_assert_num_queries({"session": 11, "agent": 9}[kind]):
        bob.client.get(f"/{kind}s/{run.uuid}/")


@pytest.mark.parametrize("kind", KINDS)
def test_steps_carry_their_marks_in_order(bob, kind):
    steps = [*agent_step_items(1), {"type": "brand_new", "value": {"a": 1}}, "not even an object"]
    run = record_run_steps(make_run(kind, bob.workspace, bob.user), steps)
    html = bob.client.get(f"/{kind}s/{run.uuid}/").content.decode()
    assert re.findall(r'data-step-seq="(\d+)"', html) == ["1", "2", "3", "4", "5", "6", "7"]
    assert re.findall(r'data-kind="(\w+)"', html)[-2] == "brand_new"
    assert 'data-live="off"' in html


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_has_a_word_and_a_mark(bob, kind, state):
    run = make_run(kind, bob.workspace, bob.user, state)
    html = bob.client.get(f"/{kind}s/{run.uuid}/").content.decode()
    assert f'data-state="{state}"' in html
    assert f'data-status="{"starting" if state in {"queued", "sending"} else state}"' in html
    assert ('href="/' + kind + f's/{run.uuid}/stop/"' in html) == (state in {"queued", "sending", "unknown", "active"})


@pytest.mark.parametrize("kind", KINDS)
def test_the_empty_timeline_is_pushed_while_it_is_empty(bob, kind):
    run = make_run(kind, bob.workspace, bob.user, "closed")
    page = flat(bob.client.get(f"/{kind}s/{run.uuid}/").content.decode())
    pushed = {fragment.id: fragment.html for fragment in source_of(run).snapshot(viewed=False).fragments}
    assert flat(pushed["steps-empty"]) in page
