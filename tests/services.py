"""Real services for the tests: a Redis-compatible server per test process and, for those who ask, a Celery worker with beat."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import redis
from django.conf import settings
from django.db import connection

from notte_dashboard.embedded import redis_server

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60


@contextmanager
def running(command: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


@pytest.fixture(scope="session", autouse=True)
def redis_at_work() -> Iterator[None]:
    """The one that settings.REDIS_URL names: each test process has its own DATA_DIR, and so its own."""
    configuration = redis_server.write_configuration()
    with running([redis_server.program(), str(configuration)], settings.DATA_DIR / "redis.log"):
        wait_for(_redis_answers)
        yield


def _redis_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL)
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
    finally:
        client.close()


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """An empty Redis."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def celery_worker(transactional_db: None, redis_client: redis.Redis) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker and beat on this test's database; yields the worker's process. Both take some seconds to start."""
    celery = [sys.executable, "-m", "celery", "--app", "notte_dashboard", "--quiet"]
    options = {"cwd": ROOT, "env": environ_of_programs()}
    worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    beat = [*celery, "beat", "--pidfile=", "--schedule", str(settings.DATA_DIR / "test-beat")]
    log = settings.DATA_DIR / "celery.log"
    log.unlink(missing_ok=True)
    with running(worker, log, **options) as process, running(beat, log, **options):
        wait_for(lambda: " ready." in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield process


def environ_of_programs() -> dict[str, str]:
    """Programs started by a test use the ordinary settings, with this test's database, Redis and keys."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "notte_dashboard.settings.base",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
    }


def database_url() -> str:
    """The address of the test database."""
    database = connection.settings_dict
    if settings.SQLITE:
        return f"sqlite:///{database['NAME']}"
    server = f"{database['HOST']}:{database['PORT']}" if database["PORT"] else database["HOST"]
    options = urlencode({name: value for name, value in database["OPTIONS"].items() if isinstance(value, str)})
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@{server}/{database['NAME']}?{options}"


def wait_for(condition: Any, seconds: float = PATIENCE) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, f"{condition} was not fulfilled within {seconds} s"
        time.sleep(0.02)
