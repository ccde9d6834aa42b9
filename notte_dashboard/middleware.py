"""What htmx needs to be told, once."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

FOUND = range(300, 400)


class HtmxAnswersMiddleware:
    """An htmx request that would be redirected (a login, a start) makes the page go there; caches tell page and part apart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if getattr(request, "htmx", False) and answer.status_code in FOUND and answer.has_header("Location"):
            answer = HttpResponseClientRedirect(_whole_page(request, answer["Location"]))
        patch_vary_headers(answer, ["HX-Request"])
        return answer


def _whole_page(request: HttpRequest, location: str) -> str:
    """After a login, back to the page that was open and not to the part of it that was asked for."""
    page = request.htmx.current_url_abs_path  # type: ignore[attr-defined]  # set by django-htmx; None for another origin
    path = location.partition("?")[0]
    return f"{path}?{urlencode({REDIRECT_FIELD_NAME: page})}" if page and path == resolve_url(settings.LOGIN_URL) else location


class CompressedTextMiddleware(GZipMiddleware):
    """Pictures are compressed already: doing it again costs time and saves nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("image/"):
            return response
        return super().process_response(request, response)
