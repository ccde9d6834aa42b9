"""The settings module as processes load it: in an interpreter of its own, with the environment of a deployment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "NOTTE_API_KEY", "NOTTE_API_URL", "REDIS_URL", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "LOCAL_API_KEY")
SHOW = """
import json, sys
from notte_dashboard.settings import base
print(json.dumps({name: getattr(base, name) for name in sys.argv[1:]}, default=str))
"""


@pytest.fixture
def load(tmp_path):
    def run(*names: str, **environment: str) -> dict:
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        command = [sys.executable, "-W", "error", "-c", SHOW, *names]
        done = subprocess.run(
            command, cwd=ROOT, env=clean | {"DATA_DIR": str(tmp_path)} | environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return json.loads(done.stdout)

    return run


def test_without_any_variable_everything_is_embedded_and_kept(load, tmp_path):
    names = ("EMBEDDED", "NOTTE_API_URL", "SQLITE", "BUNDLED_REDIS", "SECRET_KEY", "LOCAL_API_KEY", "FIELD_ENCRYPTION_KEYS")

    first = load(*names)

    assert (first["EMBEDDED"], first["SQLITE"], first["BUNDLED_REDIS"]) == (True, True, True)
    assert first["NOTTE_API_URL"] == "http://127.0.0.1:8001"
    assert load(*names) == first
    assert {path.name for path in tmp_path.iterdir()} >= {"secret_key", "local_api_key", "field_encryption_key"}


def test_a_key_means_the_real_service(load):
    found = load("EMBEDDED", "NOTTE_API_URL", "LOCAL_VIEWER_ORIGINS", "NOTTE_VIEWER_ORIGINS", NOTTE_API_KEY="sk-notte-1234567890")

    assert found["EMBEDDED"] is False
    assert found["NOTTE_API_URL"] == "https://api.notte.cc"
    assert (found["LOCAL_VIEWER_ORIGINS"], found["NOTTE_VIEWER_ORIGINS"]) == ([], ["https://console.notte.cc"])


def test_one_writer_at_a_time_waits_on_sqlite_and_postgresql_connections_are_pooled(load):
    sqlite = load("DATABASES")["DATABASES"]["default"]["OPTIONS"]
    address = "postgresql://u:p@h/n?sslmode=require"
    postgresql = load("DATABASES", DATABASE_URL=address, DATABASE_CONNECTIONS="7")["DATABASES"]["default"]

    assert (sqlite["transaction_mode"], sqlite["timeout"]) == ("IMMEDIATE", 20)
    assert "journal_mode=WAL" in sqlite["init_command"]
    assert (postgresql["CONN_HEALTH_CHECKS"], postgresql.get("CONN_MAX_AGE", 0)) == (True, 0)
    assert (postgresql["OPTIONS"]["sslmode"], postgresql["OPTIONS"]["pool"]["max_size"]) == ("require", 7)


def test_idle_subscriptions_are_not_ended_by_a_short_timeout(load):
    layer = load("CHANNEL_LAYERS", REDIS_URL="redis://h:6379/3")["CHANNEL_LAYERS"]["default"]

    assert layer["CONFIG"]["hosts"] == [{"address": "redis://h:6379/3", "socket_connect_timeout": 2, "socket_timeout": 30}]


@pytest.mark.parametrize(
    ("given", "broker"),
    [("redis://h:6379/3", "redis://h:6379/3"), ("unix:///run/r.sock", "redis+socket:///run/r.sock")],
)
def test_the_broker_is_the_same_redis(load, given, broker):
    assert load("CELERY_BROKER_URL", REDIS_URL=given)["CELERY_BROKER_URL"] == broker


def test_behind_https_cookies_are_secure(load):
    plain = load("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    https = load("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", CSRF_TRUSTED_ORIGINS="https://notte.example.com")

    assert set(plain.values()) == {False}
    assert set(https.values()) == {True}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("LOCAL_API_PORT", "0"),
        ("DEBUG", "perhaps"),
        ("NOTTE_API_URL", "api.notte.cc"),
        ("REDIS_URL", "localhost:6379"),
        ("DATABASE_URL", "nonsense"),
        ("CSRF_TRUSTED_ORIGINS", "notte.example.com"),
        ("NOTTE_VIEWER_ORIGINS", "https://console.notte.cc/static"),
        ("FIELD_ENCRYPTION_KEYS", "too short"),
        ("WORKER_THREADS", "1"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
    ],
)
def test_a_bad_value_stops_the_start_with_the_name_of_its_variable(load, name, value):
    with pytest.raises(RuntimeError, match=f"ImproperlyConfigured: {name}"):
        load("DEBUG", **{name: value})
