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
from tests.runs.pictures import encoded, picture
from tests.runs.racing import race
from tests.runs.stage import agent, completion, executed, marked, observation, session, workspace


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def rows(run, *names):
    return list(run.steps.order_by("seq").values_list(*names, flat=len(names) == 1))


@pytest.mark.django_db
def test_every_look_appends_what_is_new():
    run, steps = session(workspace()), [executed(number) for number in range(7)]

    added = [len(record_steps(run, SessionStep, steps[:until])) for until in (0, 1, 1, 4, 7)]

    assert added == [0, 1, 0, 3, 3]
    assert rows(run, "seq", "position") == [(number + 1, number) for number in range(7)]
    run.refresh_from_db()
    assert (run.last_seq, run.last_position) == (7, 6)


@pytest.mark.django_db
def test_the_same_list_twice_writes_no_step(django_assert_num_queries):
    run, steps = session(workspace()), [executed(number) for number in range(3)]
    record_steps(run, SessionStep, steps)
    before = rows(run, "pk", "stored_at")

    with django_assert_num_queries(3):  # savepoint, the run's own columns, release
        record_steps(run, SessionStep, steps)

    assert rows(run, "pk", "stored_at") == before


@pytest.mark.django_db
def test_a_list_that_shrinks_or_changes_leaves_the_stored_steps_as_they_are():
    run = session(workspace())
    record_steps(run, SessionStep, [executed(1), executed(2), executed(3)])
    before = rows(run, "content_hash")

    record_steps(run, SessionStep, [executed(9)])
    record_steps(run, SessionStep, [executed(9), executed(9), executed(9), executed(4)])

    assert rows(run, "content_hash")[:3] == before
    assert rows(run, "seq") == [1, 2, 3, 4]


@pytest.mark.parametrize("fence", [2, 4], ids=["older", "newer"])
@pytest.mark.django_db
def test_whoever_was_overtaken_writes_nothing(fence):
    run = session(workspace(), fence=fence)
    BrowserSession.objects.filter(pk=run.pk).update(fence=3)

    with pytest.raises(FencedError):
        record_steps(run, SessionStep, [executed()], last_title="mine")

    run.refresh_from_db()
    assert (run.last_seq, run.last_title, run.steps.count()) == (0, "", 0)


@pytest.mark.django_db(transaction=True)
def test_two_writers_with_the_same_fence_leave_no_gap_and_no_double():
    run = session(workspace())
    steps = [executed(number) for number in range(20)]

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
    run = session(workspace())
    SessionStep.objects.create(run=run, seq=2, position=1, number=1, payload={}, content_hash="")

    with pytest.raises(IntegrityError):
        record_steps(run, SessionStep, [executed(1), executed(2)])

    run.refresh_from_db()
    assert (run.last_seq, rows(run, "seq")) == (0, [2])


# --- numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "numbers"),
    [
        (marked(0, observation(), completion(), executed()) + marked(1, observation()), [1, 1, 1, 1, 1, 2, 2, 2]),
        (marked(5, completion()) + marked(9, completion()), [1, 1, 1, 2, 2, 2]),
        ([completion(), completion(), completion()], [1, 2, 3]),
        ([executed(), observation(), executed(), observation()], [1, 1, 2, 2]),
        ([observation(), executed(), executed()], [1, 1, 2]),
        ([*marked(0, completion(), executed()), executed(), observation()], [1, 1, 1, 1, 2, 2]),
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
    run = agent(workspace())

    for until in [len(steps)] if at_once else range(1, len(steps) + 1):
        record_steps(run, AgentStep, steps[:until])

    assert rows(run, "number") == numbers
    run.refresh_from_db()
    assert run.last_number == (max(numbers) if steps[0] != {"validation": "fine"} else 0)


@pytest.mark.django_db
def test_the_last_address_and_title_are_remembered():
    run = session(workspace())

    record_steps(run, SessionStep, [observation(1), observation(2), executed()])

    run.refresh_from_db()
    assert (run.last_url, run.last_title) == ("http://shop.test/2", "Page 2")


# --- payloads -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["screenshot", "screenshot.raw", "raw"])
@pytest.mark.django_db
def test_a_screenshot_is_moved_out_of_the_payload(place):
    raw, run = encoded(picture()), session(workspace())
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
    runs = [session(workspace()) for _ in range(2)]

    for run in runs:
        record_steps(run, SessionStep, [item, item])

    assert len(list(tmp_path.rglob("*[0-9a-f].jpg"))) == 1
    assert {step.screenshot for run in runs for step in run.steps.all()} == {next(tmp_path.rglob("*[0-9a-f].jpg")).name}


@pytest.mark.django_db
def test_a_payload_over_the_limit_is_cut_but_its_size_and_hash_are_known():
    item = {"type": "execution_result", "value": {"success": True, "data": "x" * PAYLOAD_LIMIT}}
    run = session(workspace())

    record_steps(run, SessionStep, [item, executed()])

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
    run = session(workspace())

    record_steps(run, SessionStep, [executed(), item, executed()])

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
        run = session(workspace())

        record_steps(run, SessionStep, items[: len(items) // 2])
        record_steps(run, SessionStep, items)

        stored = [(step.seq, step.position) for step in run.steps.order_by("seq")]
        assert stored == [(position + 1, position) for position in range(len(items))]
