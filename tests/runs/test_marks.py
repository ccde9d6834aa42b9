"""Where the element of a step is in its picture."""

import pytest

from notte_dashboard.runs.marks import UNITS, mark

BOX = {
    "x": 104,
    "y": 204,
    "width": 192,
    "height": 92,
    "scroll_x": 0,
    "scroll_y": 500,
    "viewport_width": 1000,
    "viewport_height": 500,
}


def looked(*boxes, last=None):
    return {"type": "observation", "value": {"screenshot": {"raw": "", "bboxes": list(boxes), "last_action_id": last}}}


def edges(found):
    return (found.x, found.y, found.width, found.height)


def test_a_mark_is_where_the_element_is_in_thousandths_of_the_picture():
    found = mark(looked(BOX | {"notte_id": "B1"}), "B1", (2000, 1000))

    assert edges(found) == (100, 400, 200, 200)


def test_in_a_picture_of_the_whole_page_the_scrolled_part_counts():
    found = mark(looked(BOX | {"notte_id": "B1"}), "B1", (1000, 2000))

    assert edges(found) == (100, 350, 200, 50)


def test_an_element_in_a_frame_is_moved_with_its_frame():
    found = mark(looked(BOX | {"notte_id": "B1", "iframe_offset_x": 50, "iframe_offset_y": 25}), "B1", (1000, 500))

    assert edges(found)[:2] == (150, 450)


def test_a_step_without_an_element_shows_that_of_the_last_action():
    seen = looked(BOX | {"notte_id": "B1"}, last="B1")

    assert "last action" in mark(seen, "", (1000, 500)).label
    assert mark(seen, "B2", (1000, 500)) is None


def test_what_sticks_out_of_the_picture_is_cut_off():
    found = mark(looked(BOX | {"notte_id": "B1", "x": 900, "width": 500}), "B1", (1000, 500))

    assert found.x + found.width == UNITS


@pytest.mark.parametrize(
    "change",
    [
        {"viewport_width": 0}, {"viewport_height": None}, {"x": 5000}, {"y": -900}, {"x": "1"}, {"width": 10**400},
        {"width": -500}, {"x": float("nan")}, {"y": True, "height": []},
    ],
)  # fmt: skip
def test_odd_boxes_are_no_mark_or_one_inside_the_picture(change):
    found = mark(looked(BOX | {"notte_id": "B1"} | change, "odd", None), "B1", (1000, 500))

    assert found is None or (0 <= found.x <= UNITS and 0 <= found.y <= UNITS and found.width > 0 < found.height)


@pytest.mark.parametrize("screenshot", [None, "text", {}, {"bboxes": {"a": 1}}, {"bboxes": [1, [2]]}])
def test_without_boxes_there_is_no_mark(screenshot):
    assert mark({"type": "observation", "value": {"screenshot": screenshot}}, "B1", (10, 10)) is None
