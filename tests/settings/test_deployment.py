"""What a deployment behind TLS is told and given: Django's own deployment checks, cookies, redirects, headers on every answer."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from notte_dashboard.settings import env
from tests.settings.test_base import ROOT, load  # noqa: F401 - a fixture

PRODUCTION = {"CSRF_TRUSTED_ORIGINS": "https://dashboard.example.com", "ALLOWED_HOSTS": "dashboard.example.com"}
PROXIED = {"headers": {"host": "dashboard.example.com", "x-forwarded-proto": "https"}}


@pytest.mark.parametrize("given", [PRODUCTION, {"HTTPS": "on", "ALLOWED_HOSTS": "dashboard.example.com"}])
def test_the_deployment_checks_are_clean(tmp_path, given):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environ = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", **given}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_behind_tls_cookies_are_bound_and_plain_http_is_left(load):  # noqa: F811
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    assert load(*names, **PRODUCTION) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
    }
    assert load("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "ALLAUTH_TRUSTED_PROXY_COUNT") == {
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "ALLAUTH_TRUSTED_PROXY_COUNT": 0,
    }
    assert load("ALLAUTH_TRUSTED_PROXY_COUNT", **PRODUCTION, TRUSTED_PROXIES="2")["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2


@pytest.fixture
def production(settings, db):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["dashboard.example.com"], True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = 3600, ("HTTP_X_FORWARDED_PROTO", "https")


def guards(answer):
    names = ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    return [answer.get(name) for name in names] + ["default-src 'none'" in answer.get("Content-Security-Policy", "")]


GUARDED = ["DENY", "nosniff", "same-origin", "same-origin", True]


@pytest.mark.parametrize("tls", [True, False])
def test_an_answer_to_a_wrong_host_name_is_guarded_too(production, settings, tls):
    settings.SECURE_SSL_REDIRECT = tls
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert (answer.status_code, guards(answer)) == (400, GUARDED)


def test_plain_http_is_led_to_tls_but_not_the_health_check(production):
    plain = Client().get("/sessions/", headers={"host": "dashboard.example.com"})
    assert (plain.status_code, plain["Location"], guards(plain)) == (301, "https://dashboard.example.com/sessions/", GUARDED)
    assert Client().get("/healthz", headers={"host": "dashboard.example.com"}).status_code == 200
    assert Client().get("/accounts/login/", **PROXIED)["Strict-Transport-Security"] == "max-age=3600"


@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/no-such-page", "/sessions/"])
def test_a_head_is_a_get_without_its_body(db, path):
    head, get = Client().head(path), Client().get(path)
    assert (head.status_code, head.content, guards(head)) == (get.status_code, b"", GUARDED)
    assert head["Content-Type"] == get["Content-Type"]


def test_a_mail_server_is_read_from_one_address(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://joe:secret@mail.example:587")
    found = env.mail_server("EMAIL_URL")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_USER"]) == ("mail.example", 587, "joe")
    assert found["EMAIL_USE_TLS"] is True


@pytest.mark.parametrize("value", ["mail.example", "http://mail.example", "smtp://", "consolemail://", "secret-canary"])
def test_a_mail_server_that_is_none_is_refused_without_being_repeated(monkeypatch, value):
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must be") as told:
        env.mail_server("EMAIL_URL")
    assert "canary" not in str(told.value)


def test_single_sign_on_without_its_secret_is_refused(load):  # noqa: F811
    with pytest.raises(RuntimeError, match="OIDC_CLIENT_SECRET"):
        load("OIDC_APP", OIDC_SERVER_URL="https://sso.example", OIDC_CLIENT_ID="id")
