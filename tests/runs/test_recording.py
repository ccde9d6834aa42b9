"""The API's list of steps becomes rows: gapless, append-only, each position once, under the fence of the watch."""

import hashlib
import json

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agents_app.models import AgentStep
from notte_dashboard.runs import screenshots
from notte_dashboard.runs.recording import PAYLOAD_LIMIT, FencedError, record_steps
from sessions_app.models import BrowserSession, SessionStep
from tests.factories import make_run, make_session, make_workspace
from tests.pictures import encoded, picture
from tests.racing import race
from tests.step_items import completion_item, execution_item, numbered_step, observation_item


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def rows(run, *names):
    return list(run.steps.order_by("seq").values_list(*names, flat=len(names) == 1))


@pytest.mark.django_db
def test_every_look_appends_what_is_new():
    run, steps = make_session(make_workspace()), [execution_item(number) for number in range(7)]

    added = [len(record_steps(run, SessionStep, steps[:until])) for until in (0, 1, 1, 4, 7)]

    assert added == [0, 1, 0, 3, 3]
    assert rows(run, "seq", "position") == [(number + 1, number) for number in range(7)]
    run.refresh_from_db()
    assert (run.last_seq, run.last_position) == (7, 6)


@pytest.mark.django_db
def test_the_same_list_twice_writes_no_step(django_assert_num_queries):
    run, steps = make_session(make_workspace()), [execution_item(number) for number in range(3)]
    record_steps(run, SessionStep, steps)
    before = rows(run, "pk", "stored_at")

    with django_assert_num_queries(3):  # savepoint, the run's own columns, release
        record_steps(run, SessionStep, steps)

    assert rows(run, "pk", "stored_at") == before


@pytest.mark.django_db
def test_a_list_that_shrinks_or_changes_leaves_the_stored_steps_as_they_are():
    run = make_session(make_workspace())
    record_steps(run, SessionStep, [execution_item(1), execution_item(2), execution_item(3)])
    before = rows(run, "content_hash")

    record_steps(run, SessionStep, [execution_item(9)])
    record_steps(run, SessionStep, [execution_item(9), execution_item(9), execution_item(9), execution_item(4)])

    assert rows(run, "content_hash")[:3] == before
    assert rows(run, "seq") == [1, 2, 3, 4]


@pytest.mark.parametrize("fence", [2, 4], ids=["older", "newer"])
@pytest.mark.django_db
def test_whoever_was_overtaken_writes_nothing(fence):
    run = make_session(make_workspace(), fence=fence)
    BrowserSession.objects.filter(pk=run.pk).update(fence=3)

    with pytest.raises(FencedError):
        record_steps(run, SessionStep, [execution_item()], last_title="mine")

    run.refresh_from_db()
    assert (run.last_seq, run.last_title, run.steps.count()) == (0, "", 0)


@pytest.mark.django_db(transaction=True)
def test_two_writers_with_the_same_fence_leave_no_gap_and_no_double():
    run = make_session(make_workspace())
    steps = [execution_item(number) for number in range(20)]

    def write():
        try:
            return len(record_steps(BrowserSession.objects.get(pk=run.pk), SessionStep, steps))
        except IntegrityError:
            return 0

    race(*[write] * 6)

    run.refresh_from_db()
    assert rows(run, "seq") == list(range(1, 21))
    assert run.last_seq == 20


@pytest.mark.django_db
def test_a_write_that_fails_leaves_neither_steps_nor_counters():
    run = make_session(make_workspace())
    SessionStep.objects.create(run=run, seq=2, position=1, number=1, payload={}, content_hash="")

    with pytest.raises(IntegrityError):
        record_steps(run, SessionStep, [execution_item(1), execution_item(2)])

    run.refresh_from_db()
    assert (run.last_seq, rows(run, "seq")) == (0, [2])


# --- numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "numbers"),
    [
        (
            numbered_step(0, observation_item(), completion_item(), execution_item()) + numbered_step(1, observation_item()),
            [1, 1, 1, 1, 1, 2, 2, 2],
        ),
        (numbered_step(5, completion_item()) + numbered_step(9, completion_item()), [1, 1, 1, 2, 2, 2]),
        ([completion_item(), completion_item(), completion_item()], [1, 2, 3]),
        ([execution_item(), observation_item(), execution_item(), observation_item()], [1, 1, 2, 2]),
        ([observation_item(), execution_item(), execution_item()], [1, 1, 2]),
        ([*numbered_step(0, completion_item(), execution_item()), execution_item(), observation_item()], [1, 1, 1, 1, 2, 2]),
        ([{"validation": "fine"}, {"odd": 1}, "text", None], [1, 1, 1, 1]),
    ],
    ids=[
        "marked",
        "numbers of the API are not ours",
        "old completions",
        "by hand",
        "a look first",
        "by hand after an agent",
        "odd",
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.django_db
def test_items_are_gathered_under_numbers_that_only_rise(steps, numbers, at_once):
    run = make_run("agent", make_workspace())

    for until in [len(steps)] if at_once else range(1, len(steps) + 1):
        record_steps(run, AgentStep, steps[:until])

    assert rows(run, "number") == numbers
    run.refresh_from_db()
    assert run.last_number == (max(numbers) if steps[0] != {"validation": "fine"} else 0)


@pytest.mark.django_db
def test_the_last_address_and_title_are_remembered():
    run = make_session(make_workspace())

    record_steps(run, SessionStep, [observation_item(1), observation_item(2), execution_item()])

    run.refresh_from_db()
    assert (run.last_url, run.last_title) == ("http://shop.test/2", "Page 2")


@pytest.mark.parametrize(
    ("items", "goal"),
    [
        ([completion_item("Look"), completion_item("Buy")], "Buy"),
        ([completion_item("Look"), execution_item()], "Look"),
        ([completion_item("g" * 500)], "g" * 500),
        ([completion_item("g" * 501)], "g" * 500),
    ],
)
@pytest.mark.django_db
def test_the_last_goal_is_remembered_up_to_500_characters(items, goal):
    run = make_session(make_workspace())

    record_steps(run, SessionStep, items)

    run.refresh_from_db()
    assert run.last_goal == goal


# --- payloads -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["screenshot", "screenshot.raw", "raw"])
@pytest.mark.django_db
def test_a_screenshot_is_moved_out_of_the_payload(place):
    raw, run = encoded(picture()), make_session(make_workspace())
    value = {"screenshot": raw, "screenshot.raw": None, "raw": None}
    value = {"screenshot": {"raw": raw, "bboxes": []}} if place == "screenshot.raw" else {place: raw}
    item = {"type": "observation", "value": value}
    given_before = json.dumps(item)

    record_steps(run, SessionStep, [item])

    step = run.steps.get()
    assert raw not in json.dumps(step.payload)
    assert screenshots.path_of(step.screenshot).exists()
    assert (step.screenshot_width, step.screenshot_height) == (40, 30)
    assert json.dumps(item) == given_before, "the answer is not ours to change"


@pytest.mark.django_db
def test_the_same_screenshot_of_two_runs_is_one_file(tmp_path):
    item = {"type": "screenshot", "value": {"raw": encoded(picture())}}
    runs = [make_session(make_workspace()) for _ in range(2)]

    for run in runs:
        record_steps(run, SessionStep, [item, item])

    assert len(list(tmp_path.rglob("*[0-9a-f].jpg"))) == 1
    assert {step.screenshot for run in runs for step in run.steps.all()} == {next(tmp_path.rglob("*[0-9a-f].jpg")).name}


@pytest.mark.django_db
def test_a_payload_over_the_limit_is_cut_but_its_size_and_hash_are_known():
    item = {"type": "execution_result", "value": {"success": True, "data": "x" * PAYLOAD_LIMIT}}
    run = make_session(make_workspace())

    record_steps(run, SessionStep, [item, execution_item()])

    step = run.steps.first()
    size, digest = len(json.dumps(item)), hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
    assert step.payload == {"type": "execution_result", "value": {"truncated": True, "size": size, "sha256": digest}}
    assert (step.content_hash, step.kind) == (digest, "execution_result")
    assert rows(run, "seq") == [1, 2]


@pytest.mark.parametrize(
    ("item", "payload"),
    [
        ("text", {"type": "unknown", "value": {"value": "text"}}),
        (None, {"type": "unknown", "value": {"value": None}}),
        ([1, [2]], {"type": "unknown", "value": {"value": [1, [2]]}}),
        ({}, {}),
        ({"type": 7, "value": "odd"}, {"type": 7, "value": "odd"}),
        ({"a\x00b": "c\x00d"}, {"a\ufffdb": "c\ufffdd"}),
        ({"text": "\\u0000 is how NUL is written"}, {"text": "\\u0000 is how NUL is written"}),
        ({"half": "\ud800", "whole": "😀"}, {"half": "\ufffd", "whole": "😀"}),
        ({"numbers": [float("nan"), float("inf"), 1.5, 10**40]}, {"numbers": [None, None, 1.5, 10**40]}),
    ],
)
@pytest.mark.django_db
def test_what_is_odd_keeps_its_position_and_its_content(item, payload):
    run = make_session(make_workspace())

    record_steps(run, SessionStep, [execution_item(), item, execution_item()])

    assert rows(run, "position") == [0, 1, 2]
    assert run.steps.get(position=1).payload == payload


WORDS = st.sampled_from(
    ["type", "value", "state", "action", "metadata", "screenshot", "raw", "started_at", "success", "url", "title", "step_number"]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=12),
    st.sampled_from(["observation", "agent_step_start", "agent_step_stop", "execution_result", "agent_completion", "completion"]),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-05-20T09:15:02.1", "2026-13-01", "now"]),
)
SCALARS = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats())
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | TEXTS, inner, max_size=5), max_leaves=20
)


class AnyAnswer(TestCase):
    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(VALUES, max_size=6))
    def test_whatever_the_api_lists_every_position_is_stored(self, items):
        run = make_session(make_workspace())

        record_steps(run, SessionStep, items[: len(items) // 2])
        record_steps(run, SessionStep, items)

        stored = [(step.seq, step.position) for step in run.steps.order_by("seq")]
        assert stored == [(position + 1, position) for position in range(len(items))]
