"""Exact origin check for sockets: scheme, host and port. Channels' own check ignores scheme and port."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def header(scope: dict[str, Any], name: bytes) -> str:
    """The single value of a header; empty when missing or repeated."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def is_same_origin(scope: dict[str, Any]) -> bool:
    origin, host = header(scope, b"origin"), header(scope, b"host")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    scheme = "https" if scope.get("scheme") in {"wss", "https"} else "http"
    try:
        parts = urlsplit(origin)
        standard = {"http": 80, "https": 443}[scheme]
        asked = urlsplit(f"{scheme}://{host}")
        given = (parts.scheme, parts.hostname, parts.port or standard)
    except ValueError:
        return False
    return given == (scheme, asked.hostname, asked.port or standard)
