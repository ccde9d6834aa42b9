"""Recorded fixes of the published document: used only where what they fix still stands."""

import copy

import pytest

from notte_dashboard.notte_api.contract import (
    DOCUMENT,
    MISSING,
    OVERRIDES,
    Fit,
    Override,
    at,
    contract_with_overrides,
    document_text,
    overrides_text,
    published,
    recorded_overrides,
    with_overrides,
)

DOCUMENTED = {"a/b": {"~": [{"bad": 1}, 2]}}
FIX = Override("/a~1b/~0/0/bad", was=1, value=2, reason="wrong")


def test_each_override_says_why_and_still_changes_something():
    fixed = contract_with_overrides()
    for override in recorded_overrides():
        assert override.reason
        assert override.fit(published()) is Fit.APPLIES
        assert at(fixed, override.pointer) == override.value


@pytest.mark.parametrize(
    ("document", "fit"),
    [
        (DOCUMENTED, Fit.APPLIES),
        ({"a/b": {"~": [{"bad": 2}]}}, Fit.RIGHT),
        ({"a/b": {"~": [{"bad": 3}]}}, Fit.DIFFERS),
        ({"a/b": {"~": [{}]}}, Fit.GONE),
        ({"a/b": {"~": []}}, Fit.GONE),
        ({"a/b": {"~": "text"}}, Fit.GONE),
        ({}, Fit.GONE),
    ],
)
def test_an_override_is_used_only_where_it_applies(document, fit):
    before = copy.deepcopy(document)
    assert FIX.fit(document) is fit
    fixed = with_overrides(document, [FIX])
    assert (fixed != document) is (fit is Fit.APPLIES)
    assert document == before


def test_a_fix_is_not_shared_between_documents():
    fix = Override("/a", was=1, value=["x"], reason="r")
    with_overrides({"a": 1}, [fix])["a"].append("y")
    assert fix.value == ["x"]


@pytest.mark.parametrize("pointer", ["/a~1b/~0/-1", "/a~1b/~0/9", "/a~1b/~0/0/bad/deeper", "/a~1b/~0/x"])
def test_a_pointer_into_nothing_finds_nothing(pointer):
    assert at(DOCUMENTED, pointer) is MISSING


def test_both_files_are_in_the_form_that_they_are_written_in():
    assert DOCUMENT.read_text() == document_text(published())
    assert OVERRIDES.read_text() == overrides_text(recorded_overrides())
