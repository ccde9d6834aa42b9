import json

import pytest

from notte_dashboard.notte_api.answers import SessionAnswer, read_page
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import BadAnswer

CONNECTION = Connection("https://api.notte.cc", "a-key-of-no-account")
SESSION = {"session_id": "s-1", "status": "active", "created_at": "2026-05-20T09:15:02.114000Z"}


def page_of(value):
    return read_page(json.dumps(value).encode(), CONNECTION, SessionAnswer, page=2, page_size=50)


def test_page_reads_the_object():
    page = page_of({"items": [SESSION, {"no": "id"}, 5], "page": 2, "page_size": 50, "has_next": True, "has_previous": True})

    assert [item.session_id for item in page.items] == ["s-1"]
    assert page.items[0].raw == SESSION
    assert (page.page, page.has_next, page.has_previous, page.skipped) == (2, True, True, 2)


def test_page_reads_a_bare_list():
    page = page_of([SESSION])

    assert [item.session_id for item in page.items] == ["s-1"]
    assert page.has_next is False


@pytest.mark.parametrize("value", [{}, {"items": None}, {"items": {}}, "x"])
def test_page_without_a_list_is_bad(value):
    with pytest.raises(BadAnswer):
        page_of(value)
