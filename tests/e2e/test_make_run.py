"""What a user meets on the command line: first start, second start, trouble, the end."""

import os
import re
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stack import Stack, new_stack

pytestmark = pytest.mark.e2e
PROGRAMS = ("redis", "local_api", "web", "worker", "beat")


@pytest.fixture(scope="module")
def own(prepared: Path) -> Iterator[Stack]:
    """A stack for the tests here, which stop and start it."""
    with new_stack(prepared) as made:
        yield made


@pytest.fixture
def running(own: Stack) -> Stack:
    if not hasattr(own, "process") or own.process.poll() is not None:
        own.start()
    return own


def answer_of(stack: Stack, path: str) -> int:
    with urllib.request.urlopen(f"{stack.base_url}{path}", timeout=10) as answer:  # noqa: S310 - our own address
        status: int = answer.status
        return status


def stop_by(stack: Stack, number: int) -> None:
    """Each way to stop is quick and leaves nothing behind. A start costs many seconds, so each ends a start of another test."""
    assert stack.stop(number) < 12
    assert stack.left_behind() == []


def test_the_first_start_prepares_everything_and_prints_password_and_one_url():
    with new_stack() as fresh:
        fresh.start("make", "run")
        assert re.search(r"username +admin ", fresh.output)
        assert len(fresh.admin_password) >= 12
        assert re.findall(r"https?://\S+", fresh.output) == [fresh.base_url]
        assert answer_of(fresh, "/accounts/login/") == 200
        assert answer_of(fresh, "/readyz") == 200
        assert fresh.data_dir.stat().st_mode & 0o077 == 0
        stop_by(fresh, signal.SIGINT)
        assert fresh.output.rstrip().endswith("Stopped.")
        fresh.start("make", "run")
        assert "password" not in fresh.output
        assert re.findall(r"https?://\S+", fresh.output) == [fresh.base_url]
        assert fresh.admin_password not in "".join(fresh.log(name) for name in PROGRAMS)
        stop_by(fresh, signal.SIGTERM)


def test_a_given_admin_is_used_and_the_password_not_shown():
    with new_stack(ADMIN_USERNAME="root", ADMIN_PASSWORD="correct horse battery") as given:
        given.start()
        assert re.search(r"username +root ", given.output)
        assert "correct horse" not in given.output
        stop_by(given, signal.SIGHUP)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_killed_program_is_running_again_within_two_seconds(running: Stack, name: str):
    killed = running.kill(name)
    assert running.wait_restarted(name, killed) < 2.5
    running.wait_for(lambda: f"{name} ended unexpectedly" in running.output or f"{name} ends as soon" in running.output, 5)
    running.wait_for(lambda: _ready(running), 60)


def _ready(stack: Stack) -> bool:
    try:
        return answer_of(stack, "/readyz") == 200
    except OSError:
        return False


@pytest.mark.parametrize("variable", ["PORT", "LOCAL_API_PORT"])
def test_a_taken_port_is_named_with_what_to_do(variable: str):
    with socket.create_server(("127.0.0.1", 0)) as taken, new_stack() as unlucky:
        number = taken.getsockname()[1]
        unlucky.environ[variable] = str(number)
        unlucky.begin()
        assert unlucky.ended() == 1
        assert f"{variable} {number} is taken" in unlucky.output
        assert re.search(rf"{variable}=\d+ make run", unlucky.output)
        assert "Traceback" not in unlucky.output


def test_a_second_start_on_the_same_data_says_where_the_first_is(running: Stack):
    second = Stack(running.data_dir)
    second.begin()
    assert second.ended() == 1
    assert running.base_url in second.output
    assert "make stop" in second.output
    assert answer_of(running, "/healthz") == 200


def test_a_wrong_variable_is_named_without_a_traceback():
    with new_stack(PORT="eighty") as wrong:
        wrong.begin()
        assert wrong.ended() == 1
        assert "PORT must be a whole number" in wrong.output
        assert "Traceback" not in wrong.output


def test_what_a_killed_start_left_is_ended_by_the_next(running: Stack):
    before = running.pids()
    os.kill(running.process.pid, signal.SIGKILL)
    running.ended()
    assert running.left_behind() != []
    running.start()
    assert "Ended what a start that was killed had left" in running.output
    assert not set(before.values()) & set(running.pids().values())


def test_programs_end_with_their_supervisor(running: Stack):
    running.kill("supervisord")
    assert running.ended() == 1
    assert "supervisor" in running.output
    assert running.left_behind() == []
