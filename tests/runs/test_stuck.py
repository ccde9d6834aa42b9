"""When a run is called stuck, and that it is not called so for anything else."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notte_dashboard.runs.reading import read
from notte_dashboard.runs.stuck import KEPT, Limits, Stuck, grown, stuck

LIMITS = Limits(repeats=4, retries=3, silence=timedelta(seconds=120))
SHORT = timedelta(seconds=5)
acts = st.fixed_dictionaries(
    {
        "do": st.sampled_from(["Click", "Scroll down", "Fill"]),
        "at": st.sampled_from(["", "a", "b"]),
        "ok": st.booleans() | st.none(),
    }
)
trails = st.lists(acts, max_size=KEPT)


def act(do="Click", at="a", *, ok=True):
    return {"do": do, "at": at, "ok": ok}


def code(trail, silent=SHORT, limits=LIMITS):
    found = stuck(trail, silent, limits)
    return found.code if found else ""


def result(action, **value):
    return read({"type": "execution_result", "value": {"action": action, "success": True, **value}})


def planned(action):
    return read({"type": "agent_completion", "value": {"state": {"next_goal": "Go on"}, "action": action}})


@pytest.mark.parametrize(
    ("trail", "silent", "expected"),
    [
        ([], SHORT, None),
        ([], timedelta(seconds=119), None),
        ([], timedelta(seconds=125), Stuck("silent", "No step for 2 min")),
        ([], None, None),
        ([act()] * 3, SHORT, None),
        ([act()] * 4, SHORT, Stuck("repeats", "Click, 4 times on the same page")),
        ([act(), act("Fill")] * 4, SHORT, Stuck("repeats", "Fill, 4 times on the same page")),
        ([act(at="a"), act(at="b")] * 3, SHORT, None),
        ([act(ok=False)] * 2, SHORT, None),
        ([act(ok=False)] * 3, SHORT, Stuck("retries", "Click failed 3 times")),
        ([act(ok=False), act("Scroll down")] * 2 + [act(ok=False)], SHORT, Stuck("retries", "Click failed 3 times")),
        (
            [act(at="a", ok=False), act("Fill", ok=False), act(at="b", ok=False)],
            SHORT,
            Stuck("retries", "The last 3 actions failed"),
        ),
        ([act(ok=False)] * 3 + [act()], SHORT, None),
        (
            [act("Scroll")] * 4 + [act(at=str(n)) for n in range(5)] + [act("Scroll")],
            SHORT,
            Stuck("repeats", "Scroll, 5 times on the same page"),
        ),
        ([act(ok=False)] * 2 + [act()] + [act(ok=False)] * 2, SHORT, Stuck("repeats", "Click, 4 times on the same page")),
    ],
)
def test_a_run_that_goes_in_circles_fails_again_and_again_or_says_nothing_is_stuck(trail, silent, expected):
    assert stuck(trail, silent, LIMITS) == expected


@given(trails, st.timedeltas(timedelta(0), timedelta(hours=3)), acts)
def test_what_goes_on_in_another_way_is_no_longer_stuck(trail, silent, last):
    fresh = {**last, "do": "Something never done before", "ok": True}
    assert code([*trail, fresh], min(silent, SHORT)) == ""


@given(trails, st.integers(2, 10), st.integers(2, 10))
def test_higher_limits_never_find_more(trail, repeats, retries):
    lenient = Limits(repeats=repeats + 1, retries=retries + 1, silence=timedelta(hours=1))
    strict = Limits(repeats=repeats, retries=retries, silence=timedelta(hours=1))
    assert not stuck(trail, SHORT, lenient) or stuck(trail, SHORT, strict)


@given(trails, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_it_never_raises_and_always_says_why(trail, silent):
    found = stuck(trail, silent, LIMITS)
    assert found is None or (found.code in {"retries", "repeats", "silent"} and found.reason)
    assert (silent < LIMITS.silence) or found


@given(st.lists(st.sampled_from(["planned", "failed", "done", "marker"]), max_size=60))
def test_the_trail_stays_short_and_each_action_is_counted_once(kinds):
    click = {"type": "click", "id": "B1"}
    items = {
        "planned": planned(click),
        "failed": result(click, success=False),
        "done": result(click),
        "marker": read({"type": "agent_step_start", "value": {"step_number": 1}}),
    }
    trail = []
    for kind in kinds:
        before = trail
        trail = grown(before, items[kind], "https://shop.example/")
        replaced = kind != "planned" and bool(before) and before[-1]["ok"] is None
        expected = len(before) if kind == "marker" or replaced else min(len(before) + 1, KEPT)
        assert len(trail) == expected


def test_a_result_takes_the_place_of_its_plan_in_the_words_of_the_result():
    trail = grown([], planned({"type": "click", "id": "B1"}), "https://shop.example/")
    trail = grown(trail, result({"type": "click", "id": "B1", "text_label": "Add to cart"}, exception="no such element"), "")
    assert [(each["do"], each["ok"]) for each in trail] == [("Click “Add to cart”", False)]


def test_the_end_is_no_action_and_long_words_are_cut():
    assert grown([], planned({"type": "completion", "success": True, "answer": "42"}), "") == []
    (long,) = grown([], result({"type": "goto", "url": "https://shop.example/" + "x" * 300}), "\ud800")
    assert len(long["do"]) == 80
