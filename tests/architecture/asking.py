"""Asks one route after another in this process, through the whole stack of middleware, and leaves nothing of it behind."""

import re
import sys
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory

OF_ONE_ANSWER = re.compile(rb'(name="csrfmiddlewaretoken" value=|X-CSRFToken&quot;: &quot;|"X-CSRFToken": )"?[A-Za-z0-9]{64}')
WRITES = re.compile(r'^\s*(?:INSERT|UPDATE|DELETE)[^"]*"(?!django_session|audit_)(\w+)"', re.IGNORECASE)
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes
    """Without what is different in each answer."""
    faults: list[str] = field(default_factory=list)
    """What no answer may have, whoever asks."""


class Asker:
    """Like django.test.Client, but a person's row is read once and not again for each request."""

    def __init__(self, *, csrf_checks: bool = False) -> None:
        self._csrf_checks = csrf_checks
        self._requests = RequestFactory()
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._users: dict[str, AbstractBaseUser | AnonymousUser] = {}

    def ask(self, session_key: str, method: str, path: str) -> Answer:
        """An empty key is nobody's. What comes of it is undone: the next one meets the same world."""
        cookies = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session_key}"} if session_key else {}
        request = self._requests.generic(method, path, **cookies)
        request._dont_enforce_csrf_checks = not self._csrf_checks
        if session_key:
            # Where AuthenticationMiddleware would leave it.
            request._cached_user = copy(self._user(session_key))
        statements, errors = _Statements(), _Errors()
        got_request_exception.connect(errors)
        try:
            with transaction.atomic(), connection.execute_wrapper(statements):
                response = self._handler.get_response(request)
                body = _body(response)
                transaction.set_rollback(True)
        finally:
            got_request_exception.disconnect(errors)
        faults = [*_missing_guards(response), *errors.texts]
        if response.status_code >= 500 and response.status_code != 503:
            faults.append("broken")
        if method in {"GET", "HEAD"}:
            faults += [f"writes {table}" for table in statements.written_tables]
        return Answer(response.status_code, response.get("Location", ""), OF_ONE_ANSWER.sub(b"", body), faults)

    def _user(self, session_key: str) -> AbstractBaseUser | AnonymousUser:
        """Whose session it is, as AuthenticationMiddleware finds out."""
        if session_key not in self._users:
            request = HttpRequest()
            request.session = SessionStore(session_key)
            self._users[session_key] = get_user(request)
        return self._users[session_key]


class _Statements:
    """Sees each SQL statement on its way."""

    def __init__(self) -> None:
        self.written_tables: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        if write := WRITES.match(sql):
            self.written_tables.append(write[1])
        return execute(sql, params, many, context)


class _Errors:
    """What a view raised: Django turns it into an answer, and we want to read it."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, **_: Any) -> None:
        self.texts.append(f"raises {sys.exc_info()[1]!r}")


def _body(response: HttpResponseBase) -> bytes:
    body: bytes = response.getvalue()
    if response.streaming and response.file_to_stream:
        response.file_to_stream.close()
    return body


def _missing_guards(response: HttpResponseBase) -> list[str]:
    missing = [f"{name}: {response.get(name)}" for name, value in GUARDS.items() if response.get(name) != value]
    if "default-src 'none'" not in response.get("Content-Security-Policy", ""):
        missing.append("no policy")
    return missing
