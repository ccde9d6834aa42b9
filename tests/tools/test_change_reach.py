"""Which test files `make check` finds for a change."""

import pytest
from change_reach import distances_of_tests


@pytest.mark.parametrize(
    ("changed", "test", "distance"),
    [
        ("notte_dashboard/runs/states.py", "tests/runs/test_states.py", 1),
        ("tests/runs/test_states.py", "tests/runs/test_states.py", 0),
        ("tests/factories.py", "tests/runs/test_recording.py", 1),
        ("sessions_app/views.py", "tests/sessions_app/test_start_form.py", 1),
        ("templates/base.html", "tests/pages/test_run_pages.py", 1),
        ("static/js/theme.js", "tests/templates/test_live_page.py", 1),
        ("notte_dashboard/notte_api/openapi.json", "tests/contract/test_differences.py", 1),
        ("Makefile", "tests/architecture/test_contracts.py", 1),
        ("tools/suite.py", "tests/tools/test_suite.py", 1),
    ],
)
def test_a_change_reaches_the_tests_that_import_draw_or_read_it(changed: str, test: str, distance: int):
    assert distances_of_tests([changed])[test] == distance


def test_a_change_reaches_tests_over_several_imports_and_not_those_without_any():
    reached = distances_of_tests(["notte_dashboard/realtime/subscriber.py"])
    assert reached["tests/realtime/test_feed.py"] == 1
    assert "tests/notte_api/test_retry.py" not in reached
    assert distances_of_tests(["notte_dashboard/notte_api/errors.py"])["tests/watching/test_slice.py"] > 1


def test_no_end_to_end_test_is_chosen():
    assert not [path for path in distances_of_tests(["notte_dashboard/runs/states.py"]) if path.startswith("tests/e2e")]
