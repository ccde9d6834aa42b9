"""Asks the running dashboard over HTTP whether it answers, and what it says about its parts."""

import http.client
import json
import socket
from typing import Any

from django.conf import settings


def url() -> str:
    """The address for people."""
    host = "localhost" if _reachable_host() in {"127.0.0.1", "::1"} else settings.HOST
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"


def answers() -> bool:
    return _get("/healthz")[0] == http.client.OK


def local_api_listens() -> bool:
    try:
        socket.create_connection(("127.0.0.1", settings.LOCAL_API_PORT), timeout=1).close()
    except OSError:
        return False
    return True


def own_parts_work() -> bool:
    """Database, Redis and a worker, whatever else is missing."""
    return _get("/readyz")[0] == http.client.OK


def problems() -> list[str] | None:
    """What /readyz finds missing, with what to do; None when it does not answer."""
    status, body = _get("/readyz")
    try:
        checks = json.loads(body)["checks"].values() if status else None
    except (ValueError, KeyError, TypeError):
        return None
    return None if checks is None else [_sentence(check) for check in checks if not check["ok"]]


def _sentence(check: dict[str, Any]) -> str:
    return f"{check['problem']} {check['next_step']}"


def _reachable_host() -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}.get(settings.HOST, settings.HOST)  # noqa: S104 - compared


def _get(path: str) -> tuple[int, bytes]:
    """Status 0 when nobody answers."""
    connection = http.client.HTTPConnection(_reachable_host(), settings.PORT, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": _accepted_host()})
        answer = connection.getresponse()
        return answer.status, answer.read(100_000)
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def _accepted_host() -> str:
    """One that ALLOWED_HOSTS lets through."""
    if {"*", "localhost"} & set(settings.ALLOWED_HOSTS) or not settings.ALLOWED_HOSTS:
        return "localhost"
    first: str = settings.ALLOWED_HOSTS[0]
    return first.removeprefix(".")
