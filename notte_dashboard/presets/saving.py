"""Keeping what stands in a start form, as its view does it for both kinds."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from notte_dashboard.http import DashboardRequest
from notte_dashboard.presets.filling import Opened, Place
from notte_dashboard.presets.forms import NameForm
from notte_dashboard.presets.panel import Sending, portable
from notte_dashboard.presets.services.save import save_preset
from notte_dashboard.presets.start_page import only_unfinished, start_page


def answer_save(request: DashboardRequest, place: Place, found: Opened, sending: Sending) -> HttpResponse:
    """What is wrong is not kept; what is still to be filled in may be left to whoever starts from it."""
    named = NameForm({"name": request.POST.get("preset_name", ""), "shared": request.POST.get("preset_shared")})
    if not (named.is_valid() and only_unfinished(found.read)):
        told: dict[str, Any] = {
            "preset_name": named.data["name"],
            "preset_shared": bool(named.data["shared"]),
            "preset_errors": named.errors.get("name", []),
        }
        return start_page(request, place, found, sending, status=422, **told)
    version = save_preset(
        by=request.user, workspace=place.workspace, kind=place.kind, request=portable(sending.request), **named.cleaned_data
    )
    messages.success(request, f"Saved {version.preset.name}, version {version.number}")
    return redirect(f"{reverse(place.kind.start_url)}?preset={version.preset.uuid}")
