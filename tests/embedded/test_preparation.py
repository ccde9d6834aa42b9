import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from notte_dashboard.embedded import preparation, readiness, redis_server
from notte_dashboard.embedded.errors import StartError
from notte_dashboard.workspaces.models import Role
from tests.factories import make_user


@pytest.mark.django_db
def test_the_first_admin_gets_a_password_and_a_workspace(monkeypatch):
    monkeypatch.setenv("ADMIN_USERNAME", "ada")
    made = preparation.first_admin()
    user = User.objects.get(username="ada")
    assert made == ("ada", made.password)
    assert user.check_password(made.password)
    assert user.is_superuser
    assert user.memberships.get().role == Role.ADMIN
    assert preparation.first_admin() is None


@pytest.mark.django_db
def test_a_given_password_is_used_and_not_given_back(monkeypatch, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("correct horse\n")
    monkeypatch.setenv("ADMIN_PASSWORD_FILE", str(secret))
    assert preparation.first_admin() == ("admin", "")
    assert User.objects.get().check_password("correct horse")


@pytest.mark.django_db
def test_an_ordinary_user_is_not_made_an_admin():
    make_user("admin")
    with pytest.raises(StartError, match="ADMIN_USERNAME"):
        preparation.first_admin()


@pytest.mark.django_db
def test_a_prepared_database_is_left_alone():
    assert list(preparation.migrate()) == []


def test_static_files_are_collected_once_per_change(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "root"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    preparation.get_finders.__globals__["get_finder"].cache_clear()
    try:
        assert list(preparation.collect_static()) == ["Compressing 1 static files, once ..."]
        assert list(preparation.collect_static()) == []
        (source / "a.css").write_text("a{color:red}")
        assert len(list(preparation.collect_static())) == 1
        assert (tmp_path / "root" / "a.css").read_text() == "a{color:red}"
    finally:
        preparation.get_finders.__globals__["get_finder"].cache_clear()


def test_a_data_folder_too_deep_for_sockets_is_refused_with_a_way_out(settings, tmp_path):
    settings.DATA_DIR = tmp_path / ("deep" * 30)
    settings.REDIS_SOCKET = settings.DATA_DIR / "redis" / "redis.sock"
    with pytest.raises(StartError, match=r"bytes too long .* DATA_DIR=~"):
        redis_server.write_configuration()


def test_redis_is_private_and_keeps_its_data(settings):
    lines = Path(redis_server.write_configuration()).read_text().splitlines()
    assert {"port 0", "unixsocketperm 700", "appendonly yes", "appendfsync everysec"} <= set(lines)
    assert settings.REDIS_SOCKET.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", "localhost"),  # noqa: S104 - as a user may set it
        ("localhost", "localhost"),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "[2001:db8::1]"),
    ],
)
def test_the_shown_address_is_one_that_can_be_opened(settings, host, shown):
    settings.HOST, settings.PORT = host, 8123
    assert readiness.url() == f"http://{shown}:8123"


@pytest.mark.parametrize(
    ("allowed", "host"),
    [(["*"], "localhost"), (["localhost"], "localhost"), (["a.example", "b.example"], "a.example"), ([".example"], "example")],
)
def test_the_server_is_asked_under_a_name_it_accepts(settings, httpserver_of, allowed, host):
    settings.ALLOWED_HOSTS = allowed
    asked = httpserver_of(json.dumps({"checks": {"redis": {"ok": False, "problem": "Gone.", "next_step": "Restart."}}}))
    assert readiness.problems() == ["Gone. Restart."]
    assert asked == [("/readyz", host)]
