import pytest
from hypothesis import given
from hypothesis import strategies as st

from notte_dashboard.watching.backoff import LONGEST, after_failure, next_look


@pytest.mark.parametrize(
    ("viewed", "listening", "unchanged", "wait"),
    [
        (True, False, 0, 2),
        (True, False, 50, 2),
        (False, False, 0, 2),
        (False, False, 1, 3),
        (False, False, 2, 4.5),
        (False, False, 4, 10),
        (False, False, 10**9, 10),
        (True, True, 0, 10),
        (False, True, 7, 10),
    ],
)
def test_looks_are_frequent_for_people_and_rare_for_quiet_runs(viewed, listening, unchanged, wait):
    assert next_look(viewed=viewed, listening=listening, unchanged=unchanged, soon=2, late=10) == wait


@given(st.integers(1, 10**6), st.floats(0, 200))
def test_after_a_failure_the_wait_grows_but_never_undercuts_what_the_api_asked_for(failures, asked):
    wait = after_failure(failures, wait=asked)

    assert asked <= wait <= max(asked, LONGEST)
    assert wait >= min(LONGEST, 2.0 ** min(failures, 5)) / 2


def test_watches_that_failed_together_do_not_come_back_together():
    assert len({after_failure(5) for _ in range(20)}) > 15
