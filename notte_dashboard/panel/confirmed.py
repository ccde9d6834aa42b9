"""Actions on chosen rows that are asked about once more before they happen."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

SHOWN = 100
Act = Callable[[Any, HttpRequest, QuerySet[Any]], str | HttpResponse]


def confirmed(label: str, *, question: str, permissions: tuple[str, ...] = ("act",)) -> Callable[[Act], Any]:
    """The action answers what it did, in a sentence, or a response of its own. `permissions` as for admin.action."""

    def decorate(act: Act) -> Any:
        @wraps(act)
        def asked(modeladmin: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
            if request.POST.get("confirmed") != "yes":
                return _question(modeladmin, request, rows, label, question, act.__name__)
            done = act(modeladmin, request, rows)
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, done)
            return None

        return admin.action(asked, description=label, permissions=permissions)

    return decorate


def _question(modeladmin: Any, request: HttpRequest, rows: QuerySet[Any], label: str, question: str, name: str) -> HttpResponse:
    chosen = list(rows[: SHOWN + 1])
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": label,
        "question": question,
        "chosen": chosen[:SHOWN],
        "more": len(chosen) > SHOWN,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "action": name,
        "opts": modeladmin.model._meta,  # noqa: SLF001 - what Django's own templates are given
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)
