"""The request that is being answered: who asks, and from where. Services know no request, so it is kept beside them."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current_user() -> Any:
    """None outside a request (in workers and commands), and for the signed-out."""
    request = _request.get()
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def current_address() -> str:
    """Empty outside a request. Which headers of a proxy are believed is said once, by the settings of the accounts."""
    request = _request.get()
    if request is None:
        return ""
    try:
        return str(get_adapter().get_client_ip(request))[:45]
    except PermissionDenied:
        return ""  # a unix socket has none


class AskedMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kept = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(kept)
