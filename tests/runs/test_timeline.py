"""A timeline in windows: whatever is shown, what is not shown is named, and nothing is there twice."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notte_dashboard.runs.cards import Addresses, StepCard
from notte_dashboard.runs.recording import ITEMS_PER_NUMBER, record_steps
from notte_dashboard.runs.timeline import ENDING, SHOWN, Ask, Gap, Timeline, last_seq, number, rows
from notte_dashboard.runs.timing import MOST, bars
from sessions_app.models import SessionStep
from tests.factories import make_session, make_workspace
from tests.step_items import completion_item, execution_item, observation_item

ADDRESSES = Addresses(screenshot=lambda seq: f"/shot/{seq}", raw=lambda number: f"/raw/{number}")


def timeline_of(*items, **columns):
    run = make_session(make_workspace(), **columns)
    record_steps(run, SessionStep, items)
    run.refresh_from_db()
    return Timeline(run, run.steps, ADDRESSES)


def many(count, failed=(), goal="Look"):
    found = []
    for at in range(1, count + 1):
        found += [completion_item(f"{goal} {at}"), observation_item(at)]
        if at in failed:
            found[-2]["value"]["exception"] = "boom"
    return found


def covered(found):
    """Every number that is shown or named, in the order of the page."""
    return [each for row in found for each in (range(row.first, row.last + 1) if isinstance(row, Gap) else [row.number])]


def numbers(found):
    return [row.number for row in found if isinstance(row, StepCard)]


def gaps(found):
    return [(row.first, row.last, row.searched) for row in found if isinstance(row, Gap)]


@given(
    st.sets(st.integers(1, 40)),
    st.tuples(st.integers(1, 40), st.integers(1, 40)).map(sorted),
    st.tuples(st.integers(0, 41), st.integers(0, 41)).map(sorted),
)
def test_cards_and_gaps_cover_a_range_once_and_in_order(shown, span, searched):
    first, last = span
    cards = [StepCard(each) for each in shown if first <= each <= last]

    found = rows(cards, first, last, searched=tuple(searched), key="errors:")

    assert covered(found) == list(range(first, last + 1))
    asked = range(searched[0], searched[1] + 1)
    for row in found:
        if isinstance(row, Gap):
            assert all((each in asked) == (row.searched == "errors:") for each in range(row.first, row.last + 1))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, ENDING, SHOWN, SHOWN + 1, 70])
@pytest.mark.parametrize("state", ["active", "closed"])
@pytest.mark.parametrize("at", [0, 1, 33, 70, 999])
def test_the_first_window_is_bounded_and_always_has_the_end(count, state, at):
    timeline = timeline_of(*many(count), state=state)

    found = timeline.window(at)

    assert covered(found) == list(range(1, count + 1))
    assert len(numbers(found)) <= SHOWN + ENDING
    assert set(range(max(count - ENDING, 0) + 1, count + 1)) <= set(numbers(found))
    assert last_seq(found) == timeline.run.last_seq, "the socket goes on from here"
    if 0 < at <= count:
        assert at in numbers(found)
    elif count:
        assert (1 if state == "closed" else max(count - SHOWN + 1, 1)) in numbers(found)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [10, 300])
def test_a_window_costs_one_query_however_long_the_run_is(count, django_assert_num_queries):
    timeline = timeline_of(*many(count))

    with django_assert_num_queries(1):
        timeline.window()
    with django_assert_num_queries(1):
        assert len(bars(timeline.run, timeline.run.steps).split()) == min(count, MOST)


@pytest.mark.django_db
def test_a_gap_is_filled_from_either_side_and_around_a_step():
    timeline = timeline_of(*many(100))

    assert numbers(timeline.between(5, 90, Ask(from_start=True))) == list(range(5, 5 + SHOWN))
    assert numbers(timeline.between(5, 90, Ask())) == list(range(91 - SHOWN, 91))
    around = timeline.between(5, 90, Ask(at=40))
    assert 40 in numbers(around)
    assert covered(around) == list(range(5, 91))
    assert numbers(timeline.between(5, 7, Ask())) == [5, 6, 7]


@pytest.mark.django_db
def test_a_gap_never_reaches_the_step_that_may_still_grow():
    timeline = timeline_of(*many(30))

    assert covered(timeline.between(20, 999, Ask())) == list(range(20, 30))


@pytest.mark.django_db
def test_errors_are_found_wherever_they_are_and_what_was_searched_is_told():
    timeline = timeline_of(*many(100, failed={7, 50}))

    assert timeline.run.first_error == 7
    found = timeline.between(1, 99, Ask(show="errors"))
    assert numbers(found) == [7, 50]
    assert gaps(found) == [(1, 6, "errors:"), (8, 49, "errors:"), (51, 99, "errors:")]


@pytest.mark.django_db
def test_more_than_a_page_of_matches_leaves_the_rest_unsearched():
    timeline = timeline_of(*many(100, failed=set(range(1, 100))))

    found = timeline.between(1, 99, Ask(show="errors"))

    assert numbers(found) == list(range(100 - SHOWN, 100))
    assert gaps(found) == [(1, 99 - SHOWN, "")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("look 42", [42]), ('Größe 7"', [47]), ("größe", [47, 48]), ("click “add to c", [50]), ("http://shop.test/9", [9]),
        ("no such thing", []), ("agent_completion", []), ("%", []), ("\\", []),
    ],
)  # fmt: skip
def test_a_text_is_found_where_it_is_shown_and_not_in_the_raw_data(text, expected):
    click = completion_item("Buy", {"type": "click", "id": "B1", "text_label": "Add to cart"})
    timeline = timeline_of(
        *many(46), completion_item('Größe 7"'), completion_item('Größe 8"'), completion_item("-"), click, execution_item()
    )

    found = timeline.between(1, timeline.last - 1, Ask(text=text))

    assert numbers(found) == expected
    assert covered(found) == list(range(1, timeline.last))


@pytest.mark.django_db
def test_long_texts_make_a_window_smaller_but_never_empty():
    timeline = timeline_of(*many(SHOWN, goal="<" * 20_000))

    found = numbers(timeline.window())

    assert 1 <= len(found) < SHOWN
    assert found[-1] == SHOWN


@pytest.mark.django_db
def test_what_an_api_calls_one_step_has_an_end():
    timeline = timeline_of(*[observation_item(at) for at in range(3 * ITEMS_PER_NUMBER)])

    sizes = [len(row.items) for row in timeline.window()]

    assert max(sizes) <= ITEMS_PER_NUMBER
    assert sum(sizes) == 3 * ITEMS_PER_NUMBER


@pytest.mark.django_db
def test_bars_tell_where_the_time_of_each_step_went():
    at = "2026-05-20T09:15:0{}Z"
    look = {"type": "observation", "value": {"started_at": at.format(0), "ended_at": at.format(1)}}
    think = {
        "type": "agent_completion",
        "value": {"state": {}, "action": {}, "started_at": at.format(1), "ended_at": at.format(4)},
    }
    act = execution_item(success=False)
    act["value"] |= {"started_at": at.format(4), "ended_at": at.format(6)}
    marked = [{"type": "agent_step_start", "value": {"started_at": at.format(0)}}, look, think, act]
    timeline = timeline_of(*marked, {"type": "agent_step_stop", "value": {"ended_at": at.format(7)}}, execution_item())

    assert bars(timeline.run, timeline.run.steps) == "1:7000:1000:3000:2000:1 2:0:0:0:0:0"


@pytest.mark.django_db
def test_tabs_of_the_last_look_are_kept():
    looked = observation_item()
    looked["value"]["metadata"]["tabs"] = [{"tab_id": 0, "title": "Shop", "url": "http://shop.test"}, "odd", {"title": ["x"]}]
    timeline = timeline_of(looked, execution_item())

    assert timeline.run.last_tabs == [{"title": "Shop", "url": "http://shop.test"}, {"title": json.dumps(["x"]), "url": ""}]


@pytest.mark.parametrize(("text", "expected"), [("7", 7), ("", 0), (None, 0), ("-1", 0), ("1e3", 0), ("9" * 30, 0), ("²", 0)])
def test_a_number_from_an_address_is_a_number_or_nothing(text, expected):
    assert number(text) == expected
