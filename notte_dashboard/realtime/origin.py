"""Exact origin check for sockets: scheme, host and port. Channels' own check ignores scheme and port."""

from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

STANDARD = {"http": "80", "https": "443"}


def header(scope: dict[str, Any], name: bytes) -> str:
    """The single value of a header; empty when missing or repeated."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def is_same_origin(scope: dict[str, Any]) -> bool:
    origin, host = header(scope, b"origin").lower(), header(scope, b"host").lower()
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    scheme = "https" if scope.get("scheme") in {"wss", "https"} else "http"
    plain = host.removesuffix(f":{STANDARD[scheme]}")
    return origin in {f"{scheme}://{plain}", f"{scheme}://{plain}:{STANDARD[scheme]}"}
