"""From which address the request being answered came. Services know no request, so it is kept beside them."""

from collections.abc import Callable
from contextvars import ContextVar

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

_address: ContextVar[str] = ContextVar("address", default="")


def current_address() -> str:
    """Empty outside a request: in workers and commands."""
    return _address.get()


class AddressMiddleware:
    """Which headers of a proxy are believed is said once, by the settings of the accounts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kept = _address.set(_address_of(request))
        try:
            return self.get_response(request)
        finally:
            _address.reset(kept)


def _address_of(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))[:45]
    except PermissionDenied:
        return ""  # a unix socket has none
