import os
import signal
import subprocess
import sys
import time

import pytest

from notte_dashboard.embedded import lock, processes
from notte_dashboard.embedded.errors import StartError

pytestmark = pytest.mark.process

STUBBORN = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
HOLDER = """
import sys, time
from pathlib import Path
from notte_dashboard.embedded import lock
with lock.held(Path(sys.argv[1]), "http://localhost:1"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def start():
    begun = []

    def run(code: str, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        begun.append(process)
        assert process.stdout.readline()
        return process

    yield run
    for process in begun:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_dead_process_has_no_birth(start):
    process = start(STUBBORN)
    assert processes.birth(process.pid) == processes.birth(process.pid) is not None
    process.kill()
    # Dead, though nobody has waited for it yet.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert processes.birth(process.pid) is None
    process.wait()
    assert processes.birth(process.pid) is None


def test_what_a_note_names_is_ended_by_force_when_it_does_not_listen(tmp_path, start):
    process, path = start(STUBBORN), tmp_path / "processes.json"
    processes.record(path, {"worker": process.pid})
    began = time.monotonic()
    assert processes.end(path, patience=0.3) == ["worker"]
    assert process.wait(60) == -signal.SIGKILL
    assert time.monotonic() - began < 20
    assert not path.exists()


def test_a_number_that_was_given_to_another_process_is_left_alone(tmp_path, start):
    process, path = start(STUBBORN), tmp_path / "processes.json"
    processes.record(path, {"worker": process.pid})
    path.write_text(path.read_text().replace(processes.birth(process.pid), "another birth"))
    assert processes.end(path, patience=0.3) == []
    assert process.poll() is None


@pytest.mark.parametrize("text", ["", "{", "not json"])
def test_a_broken_note_names_nobody(tmp_path, text):
    path = tmp_path / "processes.json"
    path.write_text(text)
    assert processes.end(path, patience=0.1) == []


def test_the_lock_tells_who_holds_it_and_ends_with_its_process(tmp_path, start):
    path = tmp_path / "up.lock"
    process = start(HOLDER, str(path))
    assert lock.holder(path) == (process.pid, "http://localhost:1")
    with pytest.raises(StartError, match=r"already running .* at http://localhost:1 \(process \d+\)"), lock.held(path, "x"):
        pass
    process.kill()
    process.wait()
    assert lock.holder(path) is None
    with lock.held(path, "http://localhost:2"):
        pass
