"""What `make test` makes of failed tests: real pytest runs of a small suite, repeated and summed up."""

import sys
from pathlib import Path

import pytest
import suite

pytestmark = pytest.mark.process
HEAD = """
import pathlib
import pytest

def fails_first(name):
    seen = pathlib.Path(__file__).with_name(name)
    first = not seen.exists()
    seen.touch()
    assert not first
"""
PASSES = "def test_passes(): pass"
FAILS = "def test_fails(): assert False"
FAILS_TWICE = "@pytest.mark.chromium\ndef test_fails_twice(): assert False"
UNSTABLE = "@pytest.mark.process\ndef test_unstable_{0}(): fails_first('seen-{0}')"
UNSTABLE_SETUP = "@pytest.fixture\ndef late(): fails_first('seen')\n@pytest.mark.clock\ndef test_late(late): pass"
PLAIN_UNSTABLE = "def test_plain(): fails_first('seen')"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a suite of these tests as a part of `make test`, with no plugin but the one that reports."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    root, reports = tmp_path / "root", tmp_path / "reports"
    root.mkdir()
    reports.mkdir()
    (root / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nmarkers = chromium\n process\n clock\n")
    command = [sys.executable, "-m", "pytest", "-p", "pytest_reportlog.plugin"]

    def run(*tests: str, **part: list[str]) -> suite.Result:
        (root / "test_it.py").write_text("\n\n".join([HEAD, *tests]))
        return suite.run_part("it", suite.Part(**{"command": command, "alone": command, **part}, root=root), reports)

    return run


@pytest.mark.parametrize(
    ("tests", "failed", "unstable"),
    [
        ([PASSES], [], []),
        ([PASSES, FAILS], ["test_fails"], []),
        ([FAILS_TWICE, PASSES], ["test_fails_twice"], []),
        ([UNSTABLE.format(1), PASSES], [], ["test_unstable_1"]),
        ([UNSTABLE_SETUP], [], ["test_late"]),
        ([PLAIN_UNSTABLE], ["test_plain"], []),
        ([UNSTABLE.format(1), FAILS, UNSTABLE.format(2)], ["test_fails"], ["test_unstable_1", "test_unstable_2"]),
    ],
)
def test_only_a_failure_that_may_be_chance_is_repeated(run, tests: list[str], failed: list[str], unstable: list[str]):
    result = run(*tests)
    assert (result.failed, result.unstable) == (
        [f"test_it.py::{name}" for name in failed],
        [f"test_it.py::{name}" for name in unstable],
    )
    assert suite.is_red([result]) == bool(failed)


def test_more_than_three_unstable_tests_are_red(run):
    assert not suite.is_red([run(*(UNSTABLE.format(number) for number in range(3)))])
    assert suite.is_red([run(*(UNSTABLE.format(number) for number in range(3, 7)))])


@pytest.mark.parametrize("tests", [["import nothing_of_this_name"], ["syntax error"]])
def test_a_module_that_can_not_be_imported_is_red(run, tests: list[str]):
    result = run(*tests)
    assert "test_it.py" in result.failed
    assert suite.is_red([result])


def test_a_run_without_tests_is_red(run):
    assert suite.is_red([run("")])


def test_a_part_that_is_no_pytest_is_judged_by_its_status(run):
    assert not suite.is_red([run(command=["true"], alone=[])])
    assert run(command=["false"], alone=[]).failed == ["it ended with status 1"]


def test_the_summary_names_times_unstable_and_failed_tests(run):
    lines = "\n".join(suite.summary([run(UNSTABLE.format(1), FAILS, PASSES), run(command=["true"], alone=[])]))
    assert "test_it.py::test_passes" in lines.partition("Parts:")[0]
    assert "1 passed, 1 failed, 1 unstable" in lines
    assert "Unstable, to be mended (1):\n  test_it.py::test_unstable_1" in lines
    assert "Failed (1):\n  test_it.py::test_fails" in lines
