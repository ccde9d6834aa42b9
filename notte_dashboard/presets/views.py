"""The list of presets, one with its versions, and what can be done with it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notte_dashboard.http import DashboardRequest
from notte_dashboard.presets import queries
from notte_dashboard.presets.forms import NameForm
from notte_dashboard.presets.kept import places
from notte_dashboard.presets.kinds import KINDS
from notte_dashboard.presets.marks import marks
from notte_dashboard.presets.masks import DOTS, replaced
from notte_dashboard.presets.models import Preset, PresetVersion
from notte_dashboard.presets.services.change import NameTakenError, delete_preset, rename_preset, undelete_preset
from notte_dashboard.presets.services.save import restore_version
from notte_dashboard.presets.snippets.literal import indented
from notte_dashboard.workspaces.access import Action, require, workspace_for

VERSIONS_SHOWN = 100


def preset_for(request: DashboardRequest, uuid: UUID, *, deleted: bool = False) -> Preset:
    preset = queries.one_for(request.user, uuid)
    if preset is None:
        raise Http404
    require(request.user, Action.RUN, preset.workspace_id)
    if bool(preset.deleted_at) is not deleted:
        raise Http404
    return preset


@login_required
@require_GET
@never_cache
def preset_list(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.RUN)
    kind = request.GET.get("kind", "")
    newest = queries.newest(request.user, workspace, kind if kind in KINDS else "")
    context = {
        "rows": [(version.preset, version, marks(version)) for version in newest],
        "kinds": [("", "All"), *((each.name, f"{each.label}s") for each in KINDS.values())],
        "kind": kind,
        "deleted": _just_deleted(request),
    }
    return render(request, "presets/list.html", context)


def _just_deleted(request: DashboardRequest) -> Preset | None:
    try:
        found = queries.one_for(request.user, UUID(request.GET.get("deleted", "")))
    except ValueError:
        return None
    return found if found and found.deleted_at else None


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def preset_detail(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """A POST renames it, or shares it, or stops sharing it."""
    preset = preset_for(request, uuid)
    form = NameForm(request.POST or None, initial={"name": preset.name, "shared": preset.shared})
    if request.method == "POST" and form.is_valid():
        try:
            rename_preset(preset, by=request.user, **form.cleaned_data)
        except NameTakenError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "Saved")
            return redirect(preset)
        preset.refresh_from_db()
    status = 422 if request.method == "POST" else 200
    versions = list(preset.versions.select_related("saved_by", "preset")[:VERSIONS_SHOWN])
    rows = [(version, indented(replaced(version.request, DOTS)), places(version)) for version in versions]
    context = {"preset": preset, "form": form, "versions": rows, "marks": marks(versions[0]) if versions else []}
    return render(request, "presets/detail.html", context, status=status)


@login_required
@require_POST
def preset_restore(request: DashboardRequest, uuid: UUID, number: int) -> HttpResponse:
    preset = preset_for(request, uuid)
    version = PresetVersion.objects.select_related("preset").filter(preset=preset, number=number).first()
    if version is None:
        raise Http404
    made = restore_version(by=request.user, version=version)
    messages.success(request, f"Version {number} is back, as version {made.number}")
    return redirect(preset)


@login_required
@require_POST
def preset_delete(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    preset = preset_for(request, uuid)
    delete_preset(preset, by=request.user)
    return redirect(f"{reverse('presets:list')}?deleted={preset.uuid}")


@login_required
@require_POST
def preset_undelete(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    preset = preset_for(request, uuid, deleted=True)
    try:
        undelete_preset(preset, by=request.user)
    except NameTakenError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{preset.name} is back")
    return redirect("presets:list")
