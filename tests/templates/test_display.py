from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template

from notte_dashboard.pages.templatetags import display


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (timedelta(milliseconds=420), "0.42 s"),
        (timedelta(seconds=3.42), "3.4 s"),
        (timedelta(seconds=245), "4 min 05 s"),
        (timedelta(hours=2, minutes=3, seconds=59), "2 h 03 min"),
        (timedelta(seconds=-1), "0.00 s"),
    ],
)
def test_duration_has_two_units_at_most(value, shown):
    assert display.duration(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (0, "0 B"),
        (999, "999 B"),
        (1_500, "1.5 kB"),
        (2_100_000, "2.1 MB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_amount_of_bytes(value, shown):
    assert display.amount(value) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://shop.example/search?q=1#x", "shop.example/search"),
        ("http://127.0.0.1:8001/", "127.0.0.1:8001"),
        ("about:blank", "about:blank"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_place_reads_like_an_address(url, shown):
    assert display.place(url) == shown


def test_moment_carries_the_time_for_the_browser_and_reads_without_scripts():
    html = display.moment(datetime(2026, 11, 21, 20, 38, 5, tzinfo=UTC))

    assert 'datetime="2026-11-21T20:38:05+00:00"' in html
    assert "data-relative>21 Nov 2026, 20:38:05 UTC</time>" in html
    assert display.moment(None) == "—"


def test_countdown_carries_both_clocks():
    html = display.countdown(datetime(2026, 11, 21, 20, 48, tzinfo=UTC))

    assert 'data-until="1795294080000"' in html
    assert "until 20:48:00 UTC" in html


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "—"), ("", "—"), ([], "—"), (True, "Yes"), (False, "No"), (0, 0), (timedelta(seconds=2), "2.0 s")]
)
def test_fact_shows_a_value_of_any_kind(value, shown):
    assert display.fact(value) == shown


def test_fact_escapes_what_comes_from_outside():
    page = Template("{% load display %}{{ value|fact }}")

    assert "<script>" not in page.render(Context({"value": "<script>alert(1)</script>"}))
    assert "<script>" not in page.render(Context({"value": [{"a": "<script>alert(1)</script>"}]}))


def test_long_json_is_cut_and_says_so():
    text = display.pretty_json("x" * 30_000)

    assert len(text) < 20_100
    assert text.endswith("10000 more characters")


class Sample(forms.Form):
    name = forms.CharField(help_text="As in your passport")
    kind = forms.ChoiceField(choices=[("a", "A")])
    agree = forms.BooleanField()


def test_control_has_the_kits_class_and_names_its_error_and_help():
    form = Sample({"kind": "zzz"})

    name, kind, agree = (display.control(form[field]) for field in ("name", "kind", "agree"))

    assert 'class="form-control is-invalid"' in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert 'class="form-select is-invalid"' in kind
    assert 'class="form-check-input is-invalid"' in agree


def test_field_puts_its_error_where_the_control_says_it_is():
    page = Template('{% include "partials/field.html" %}').render(Context({"field": Sample({})["name"]}))

    assert 'id="id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert page.index("id_name_error") < page.index("This field is required.")


def test_icon_is_silent_for_screen_readers():
    html = display.icon("x")

    assert 'aria-hidden="true"' in html
    assert "icons.svg#i-x" in html
