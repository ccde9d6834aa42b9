"""Requests as the middleware leaves them, and small answers that views of both apps share."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from notte_dashboard.runs.models import Run, Step
from notte_dashboard.runs.screenshots import path_of, small_path_of
from notte_dashboard.runs.timeline import Ask, Timeline, number

SHOWN_RAW = 50_000


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


def steps_answer(request: DashboardRequest, run: Run, timeline: Timeline, *, can_operate: bool) -> HttpResponse:
    """What takes the place of a gap in the timeline."""
    first, last = number(request.GET.get("first")), number(request.GET.get("last"))
    if not 0 < first <= last:
        return HttpResponse("The first and the last step must be given.", status=400, content_type="text/plain")
    ask = Ask.read(request.GET.dict())
    rows = timeline.between(first, last, ask)
    context = {"rows": rows, "run": run, "can_operate": can_operate, "steps_path": request.path, "found": ask.text}
    return render(request, "partials/step_rows.html", context)


def raw_answer(request: DashboardRequest, steps: Iterable[Step], number: int) -> HttpResponse:
    """The raw data of one card, for a page that shows it; otherwise as a file."""
    found = list(steps)
    if not found:
        raise Http404
    if not request.htmx:
        return file_answer(_json([step.payload for step in found]), f"step-{number}.json")
    return render(request, "partials/step_raw.html", {"raws": [_raw(step) for step in found]})


def _raw(step: Step) -> dict[str, Any]:
    text = _json(step.payload)
    return {"seq": step.seq, "kind": step.kind, "text": text[:SHOWN_RAW], "left_out": max(len(text) - SHOWN_RAW, 0)}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def file_answer(text: str, name: str) -> HttpResponse:
    """Text of a hostile page: always a file, never a document."""
    kind = "application/json" if name.endswith(".json") else "text/plain; charset=utf-8"
    answer = HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
