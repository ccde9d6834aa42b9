"""Requests as the middleware leaves them, and small answers that views of both apps share."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django_htmx.middleware import HtmxDetails

from notte_dashboard.runs.screenshots import path_of, small_path_of


class DashboardRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def json_answer(facts: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(facts, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


def screenshot_answer(name: str, *, small: bool) -> HttpResponse | FileResponse:
    """A picture of a hostile page: never a document, never sniffed, cached by its own browser only."""
    try:
        file = (small_path_of if small else path_of)(name).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(file, content_type="image/jpeg")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def nonce_of(request: HttpRequest) -> str:
    """The form's one-time number; a form without one gets a fresh one, so that scripts can post too."""
    return str(request.POST.get("nonce") or uuid4().hex)[:64]
