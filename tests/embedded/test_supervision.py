import configparser
import os
import signal
import sys

import pytest

from notte_dashboard.embedded import processes
from notte_dashboard.embedded.procfile import Program
from notte_dashboard.embedded.supervision import Folders, Supervisor, configuration
from tests.services import wait_for

SLEEPER = Program("web", f"{sys.executable} -c 'import time; print(\"100%\", flush=True); time.sleep(60)'")


@pytest.fixture
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s")
    (folder / "run").mkdir()
    (folder / "logs").mkdir()
    return Folders(folder, folder / "run", folder / "logs")


@pytest.fixture
def supervisor(folders):
    made = Supervisor(folders)
    yield made
    made.stop()


def pid_of(supervisor, name="web"):
    state = (supervisor.states() or {}).get(name)
    return state.pid if state else 0


def times_begun(folders):
    return (folders.logs / "web.log").read_text().count("100%")


def test_redis_is_stopped_after_all_others(folders):
    text = configuration([Program(name, "x") for name in ("redis", "web", "worker")], folders)
    read = configparser.RawConfigParser()
    read.read_string(text)
    assert read["group:redis-first"]["programs"] == "redis"
    assert read["group:dashboard"]["programs"] == "web,worker"
    assert int(read["group:redis-first"]["priority"]) < int(read["group:dashboard"]["priority"])


def test_without_redis_there_is_no_group_for_it(folders):
    assert "redis" not in configuration([Program("web", "x")], folders)


@pytest.mark.process
def test_a_killed_program_comes_back_and_stop_ends_all(folders, supervisor):
    supervisor.start([SLEEPER], os.environ)
    wait_for(lambda: pid_of(supervisor) and times_begun(folders) == 1)
    first = pid_of(supervisor)
    assert processes.recorded(folders.record) == {"supervisord": supervisor.process.pid, "web": first}
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: pid_of(supervisor) not in {0, first})
    second = pid_of(supervisor)
    wait_for(lambda: times_begun(folders) == 2)
    supervisor.stop()
    assert processes.birth(second) is None
    assert not supervisor.alive


@pytest.mark.process
def test_programs_of_a_killed_supervisor_are_ended(supervisor):
    supervisor.start([SLEEPER], os.environ)
    wait_for(lambda: pid_of(supervisor))
    pid = pid_of(supervisor)
    supervisor.process.kill()
    supervisor.process.wait()
    assert supervisor.states() is None
    supervisor.stop()
    assert processes.birth(pid) is None
