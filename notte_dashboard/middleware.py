"""What htmx needs to be told, once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

FOUND = range(300, 400)


class HtmxAnswersMiddleware:
    """An htmx request that would be redirected (a login, a start) makes the page go there; caches tell page and part apart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        patch_vary_headers(answer, ["HX-Request"])
        if getattr(request, "htmx", False) and answer.status_code in FOUND and answer.has_header("Location"):
            return HttpResponseClientRedirect(answer["Location"])
        return answer


class CompressedTextMiddleware(GZipMiddleware):
    """Pictures are compressed already: doing it again costs time and saves nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("image/"):
            return response
        return super().process_response(request, response)
