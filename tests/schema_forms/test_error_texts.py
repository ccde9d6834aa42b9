"""Where errors stand and what they quote, to the character: places, bounds, hidden values."""

from dataclasses import dataclass

import pytest

from notte_dashboard.schema_forms.errors import dotted, without_values


@dataclass
class Refusal:
    loc: tuple
    msg: str


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        (("nickname",), "nickname: No."),
        (("SessionProfile", "nickname"), "nickname: No."),
        (("SessionProfile",), "No."),
        (("function-after[check(), SessionProfile]",), "No."),
        (("dict",), "No."),
        (("none",), "No."),
        (("nickname", "str"), "No."),
        (("nickname", 0), "No."),
        ((7,), "No."),
    ],
)
def test_a_property_without_a_control_is_named_and_the_member_of_a_union_is_not(session_form, inside, message):
    form = session_form({"profile-id": "p"})
    form.add_api_errors([Refusal(("body", "profile", *inside), "No.")])
    assert form.errors == {"profile-id": [message]}


@pytest.mark.parametrize(
    ("loc", "text"),
    [
        (("a", 0, "b"), "a[0].b"),
        (("x" * 199,), "x" * 199),
        (("x" * 200,), "x" * 200),
        (("x" * 201,), "x" * 200 + "…"),
    ],
)
def test_a_place_is_written_with_dots_and_cut_after_200_characters(loc, text):
    assert dotted(loc) == text


@pytest.mark.parametrize(("length", "text"), [(499, "y" * 499), (500, "y" * 500), (501, "y" * 500 + "…")])
def test_a_message_is_cut_after_500_characters(length, text):
    assert without_values("y" * length, []) == text


@pytest.mark.parametrize(
    ("message", "values", "text"),
    [
        ("the category of cat", ["cat"], "the category of •••"),
        ("the copycat, the cat's", ["cat"], "the copycat, the •••'s"),
        ("the category of cats", ["cats"], "the category of •••"),
        ("ports and exports", ["port"], "•••s and ex•••s"),
        ("hunter22 and hunter", ["hunter", "hunter22"], "••• and •••"),
        ("a sentence", [""], "a sentence"),
        ("1+1 is no 111", ["1+1"], "••• is no 111"),
    ],
)
def test_short_values_are_hidden_as_words_and_long_ones_everywhere(message, values, text):
    assert without_values(message, values) == text
