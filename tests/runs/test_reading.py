"""Step objects in every shape the API has had, and in shapes it should not have."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notte_dashboard.runs.cards import Addresses, ScreenshotView, StepCard, cards
from notte_dashboard.runs.models import Step
from notte_dashboard.runs.reading import TEXT_LIMIT, kind_of, read, screenshot_places, sentence
from sessions_app.models import SessionStep
from tests.step_items import completion_item, execution_item, observation_item

AT, UNTIL = "2026-05-20T09:15:02.114000Z", "2026-05-20T09:15:04.514000Z"
STATE = {
    "previous_goal_status": "success",
    "previous_goal_eval": "The search page loaded.",
    "page_summary": "DuckDuckGo home page with a search box.",
    "memory": "Opened duckduckgo.com.",
    "next_goal": "Type the query",
}
ADDRESSES = Addresses(screenshot=lambda seq: f"/shot/{seq}", raw=lambda number: f"/raw/{number}")
FILL = {"type": "fill", "id": "I1", "value": "notte browser", "clear_before_fill": True}


@pytest.mark.parametrize(
    "item",
    [
        {"type": "agent_completion", "value": {"started_at": AT, "ended_at": UNTIL, "state": STATE, "action": FILL}},
        {"started_at": AT, "ended_at": UNTIL, "state": STATE, "action": FILL},
    ],
    ids=["typed", "old"],
)
def test_a_completion_tells_the_agents_mind(item):
    found = read(item)

    assert (found.kind, found.goal, found.evaluation) == ("agent_completion", "Type the query", "The search page loaded.")
    assert (found.memory, found.summary) == ("Opened duckduckgo.com.", "DuckDuckGo home page with a search box.")
    assert (found.action, found.action_type) == ("Fill “I1” with “notte browser”", "fill")
    assert found.started_at == datetime(2026, 5, 20, 9, 15, 2, 114000, tzinfo=UTC)
    assert found.ended_at - found.started_at == timedelta(seconds=2.4)


@pytest.mark.parametrize(
    "shape", [lambda value: {"type": "execution_result", "value": value}, lambda value: value], ids=["typed", "old"]
)
def test_a_result_tells_what_was_done_and_how_it_went(shape):
    action = FILL | {"text_label": "Search", "selector": {"css_selector": "#q"}}

    found = read(shape({"action": action, "success": False, "message": "No such field", "exception": "TimeoutError"}))

    assert (found.kind, found.success, found.message, found.error) == ("execution_result", False, "No such field", "TimeoutError")
    assert found.action == "Fill “Search” with “notte browser”"


def test_an_observation_tells_where_the_browser_is():
    found = read({"type": "observation", "value": {"metadata": {"title": "Shop", "url": "http://shop.test", "timestamp": AT}}})

    assert (found.url, found.title, found.started_at.second) == ("http://shop.test", "Shop", 2)


def test_the_last_completion_tells_the_answer():
    done = {"type": "completion", "success": True, "answer": "42"}

    assert (read(completion_item(action=done)).answer, read(completion_item(action=done)).action) == ("42", "Finish")
    assert read(completion_item(action=done | {"success": False})).action == "Give up"
    assert read(completion_item(action={"type": "scrape", "answer": "42"})).answer == ""


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"type": "observation"}, "observation"),
        ({"type": "x" * 900}, "x" * 60),
        ({"type": "", "state": {}, "action": {}}, "agent_completion"),
        ({"type": 3, "success": True, "message": ""}, "execution_result"),
        ({"validation": "well done"}, "validation"),
        ({"state": {}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_the_kind_is_said_or_seen(item, kind):
    assert kind_of(item) == read(item).kind == kind


def test_a_verdict_is_told():
    assert read({"validation": "The answer is right."}).message == "The answer is right."


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-20T09:15:02.1", datetime(2026, 5, 20, 9, 15, 2, 100000, tzinfo=UTC)),
        ("2026-05-20T09:15:02+02:00", datetime(2026, 5, 20, 7, 15, 2, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (12, None),
        (None, None),
        ({}, None),
    ],
)
def test_a_time_without_zone_is_utc_and_an_odd_one_is_none(text, moment):
    assert read({"type": "observation", "value": {"started_at": text}}).started_at == moment


ACTIONS = {
    "goto": ("Go to http://a", {"url": "http://a"}),
    "goto_new_tab": ("Open http://a in a new tab", {"url": "http://a"}),
    "close_tab": ("Close the tab", {}),
    "switch_tab": ("Switch to tab 2", {"tab_index": 2}),
    "go_back": ("Go back", {}),
    "go_forward": ("Go forward", {}),
    "reload": ("Reload the page", {}),
    "wait": ("Wait 500 ms", {"time_ms": 500}),
    "press_key": ("Press Enter", {"key": "Enter"}),
    "scroll_up": ("Scroll up", {"amount": 3}),
    "scroll_down": ("Scroll down", {}),
    "scrape": ("Read the page", {}),
    "click": ("Click “Add to cart”", {"id": "B1", "text_label": "Add to cart"}),
    "check": ("Uncheck “C1”", {"id": "C1", "value": False}),
    "select_dropdown_option": ("Select “Red” in “S1”", {"id": "S1", "value": "Red"}),
    "help": ("Ask for help: stuck", {"reason": "stuck"}),
    "form_fill": ('Form fill {"value": {"email": "a@b"}}', {"value": {"email": "a@b"}, "category": "left out"}),
    "captcha_solve": ("Captcha solve", {"description": "left out"}),
    "smell": ('Smell {"what": "roses"}', {"what": "roses"}),
}


@pytest.mark.parametrize("kind", ACTIONS)
def test_an_action_reads_as_a_sentence(kind):
    words, arguments = ACTIONS[kind]

    assert sentence({"type": kind, **arguments}) == words


@pytest.mark.parametrize("kind", [*ACTIONS, "fill", "completion"])
def test_an_action_is_never_longer_than_a_line_or_two(kind):
    long = "x" * 100_000
    names = ("url", "tab_index", "time_ms", "key", "id", "text_label", "value", "reason", "what")

    assert len(sentence({"type": kind, **dict.fromkeys(names, long)})) < 600


def test_long_texts_are_cut_and_say_so():
    found = read(completion_item(goal="g" * (TEXT_LIMIT + 5)))

    assert found.goal == f"{'g' * TEXT_LIMIT}… ({TEXT_LIMIT + 5} characters)"


def test_screenshots_are_looked_for_in_three_places():
    assert screenshot_places({"type": "screenshot", "value": {"raw": "a"}}) == [({"raw": "a"}, "raw")]
    assert [key for _, key in screenshot_places({"value": {"screenshot": "a", "raw": "b"}})] == ["screenshot", "raw"]
    assert screenshot_places({"value": {"screenshot": {"raw": "a"}}}) == [({"raw": "a"}, "raw")]
    assert screenshot_places({"value": {"screenshot": {"raw": 7}, "raw": ""}}) == []


# --- cards ----------------------------------------------------------------------------------------------------------------


def stored(*items: tuple[int, dict]) -> list[Step]:
    return [SessionStep(seq=seq, number=number, payload=item) for seq, (number, item) in enumerate(items, start=1)]


def made(*items: tuple[int, dict]) -> list[StepCard]:
    return cards(stored(*items), ADDRESSES)


def test_steps_become_one_card_per_number_whatever_their_order():
    found = cards(reversed(stored((1, observation_item()), (1, execution_item()), (2, observation_item()))), ADDRESSES)

    assert [(card.number, [item.seq for item in card.items]) for card in found] == [(1, [1, 2]), (2, [3])]


def test_a_card_is_headed_by_what_was_done():
    planned = completion_item(action={"type": "click", "id": "B1"})
    done = {"type": "execution_result", "value": {"action": {"type": "click", "id": "B1", "text_label": "Buy"}, "success": True}}

    assert made((1, planned), (1, done))[0].heading == "Click “Buy”"
    assert made((1, observation_item(3)))[0].heading == "Look at Page 3"
    assert made((1, {"type": "agent_step_start", "value": {}}))[0].heading == "Look at the page"


@pytest.mark.parametrize(
    ("items", "tone"),
    [
        ([execution_item()], "good"),
        ([execution_item(), execution_item(success=False)], "bad"),
        ([{"type": "execution_result", "value": {"exception": "boom"}}], "bad"),
        ([{"type": "agent_step_start", "value": {}}], "busy"),
        ([{"type": "agent_step_start", "value": {}}, {"type": "agent_step_stop", "value": {}}], "good"),
        ([observation_item()], "idle"),
    ],
)
def test_a_card_shows_how_it_went(items, tone):
    assert made(*((1, item) for item in items))[0].tone == tone


def test_a_card_lasts_from_its_first_to_its_last_moment():
    start = {"type": "agent_step_start", "value": {"started_at": AT}}
    stop = {"type": "agent_step_stop", "value": {"ended_at": UNTIL}}

    assert made((1, start), (1, observation_item()), (1, stop))[0].duration == timedelta(seconds=2.4)
    assert made((1, {"type": "a", "value": {"started_at": UNTIL, "ended_at": AT}}))[0].duration is None
    assert made((1, start))[0].duration is None


def test_a_picture_has_its_address_and_size():
    step = SessionStep(seq=4, number=1, payload=observation_item(), screenshot="a.jpg", screenshot_width=8, screenshot_height=6)

    assert cards([step], ADDRESSES)[0].items[0].screenshot == ScreenshotView("/shot/4", 8, 6)


def test_an_item_of_an_unknown_kind_is_kept_and_has_its_raw_data():
    known, unknown = made((1, execution_item()), (2, {"type": "riddle", "value": {"text": "why"}}))

    assert (known.items[0].is_known, unknown.items[0].is_known) == (True, False)
    assert (unknown.heading, unknown.raw_url) == ("Riddle", "/raw/2")


NAMES = st.sampled_from(
    [
        "type",
        "value",
        "state",
        "action",
        "metadata",
        "message",
        "success",
        "exception",
        "validation",
        "started_at",
        "ended_at",
        "next_goal",
        "url",
        "title",
        "id",
        "text_label",
        "tab_index",
        "time_ms",
        "key",
        "reason",
        "answer",
        "step_number",
        "raw",
    ]
)
KINDS = st.sampled_from(["observation", "agent_completion", "completion", *ACTIONS])
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | KINDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)


@given(st.lists(st.dictionaries(NAMES | st.text(max_size=5), SHAPES, max_size=8), min_size=1, max_size=3))
def test_any_item_can_be_read_and_shown(items):
    for card in made(*((1, item) for item in items)):
        assert isinstance(card.heading, str)
        assert card.tone in {"good", "bad", "busy", "idle"}
        assert card.duration is None or card.duration >= timedelta(0)
        for item in card.items:
            assert len(item.reading.action) < 2_000
