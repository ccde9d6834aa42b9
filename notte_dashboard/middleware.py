"""What every answer gets on its way out, and what htmx needs to be told, once."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

FOUND = range(300, 400)
Answers = Callable[[HttpRequest], HttpResponseBase]


class GuardedAnswersMiddleware:
    """Django's security headers on answers that its own middleware refuses to make: to a wrong host name."""

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response
        self.headers = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        return self.headers.process_response(request, answer)  # type: ignore[arg-type]  # its stub leaves out streamed answers


class HeadAsGetMiddleware:
    """A HEAD is a GET whose body the server leaves out; no view has to know."""

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"


class LeaveForSignInMiddleware:
    """The way to the identity provider goes over a page: a redirect there would need each provider's address in `form-action`."""

    def __init__(self, get_response: Answers) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        match = request.resolver_match
        if match and match.view_name == "openid_connect_login" and answer.status_code in FOUND:
            location = answer["Location"]
            if location.startswith(("https://", "http://")):
                return render(request, "socialaccount/leaving.html", {"address": location})
        return answer


class HtmxAnswersMiddleware:
    """An htmx request that would be redirected (a login, a start) makes the page go there; caches tell page and part apart."""

    def __init__(self, get_response: Answers) -> None:
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
