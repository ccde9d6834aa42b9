"""Which fields an API called unknown, and the request without them."""

import pytest

from notte_dashboard.presets.refused import refused_fields, without

REQUEST = {"headless": True, "proxies": [{"type": "notte", "city": "x"}, {"type": "notte", "city": "y"}], "a-b": {"c": 1}}


def reason(*loc, rule="extra_forbidden", words="Extra inputs are not permitted"):
    return {"loc": ["body", *loc], "msg": words, "type": rule}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (reason("headless"), "headless"),
        (reason("proxies", 1, "city"), "proxies[1].city"),
        (reason("proxies", "list[union]", 0, "notte", "city"), "proxies[0].city"),
        (reason("a-b", "c"), "a-b.c"),
        ({"loc": ["headless"], "msg": "Extra inputs are not permitted"}, "headless"),
    ],
)
def test_a_field_is_named_as_it_stands_in_the_request(given, name):
    assert [field.name for field in refused_fields(REQUEST, [given, given])] == [name]


@pytest.mark.parametrize(
    "given", [reason("headless", rule="bool_type", words="No bool"), reason("unheard"), reason(), reason("proxies", 7, "city")]
)
def test_other_reasons_offer_nothing(given):
    assert refused_fields(REQUEST, [given]) == []


def test_everything_else_stays():
    fields = refused_fields(REQUEST, [reason("headless"), reason("proxies", 0, "city"), reason("proxies", 1, "city")])
    assert without(REQUEST, fields) == {"proxies": [{"type": "notte"}, {"type": "notte"}], "a-b": {"c": 1}}
    assert REQUEST["headless"] is True
    assert without(REQUEST, fields[:1]) == {name: value for name, value in REQUEST.items() if name != "headless"}


def test_whole_entries_of_a_list_go_from_the_end():
    request = {"chrome_args": [f"--{number}" for number in range(12)]}
    fields = refused_fields(request, [reason("chrome_args", number) for number in (2, 10, 1)])
    assert without(request, fields)["chrome_args"] == [f"--{number}" for number in range(12) if number not in {1, 2, 10}]
