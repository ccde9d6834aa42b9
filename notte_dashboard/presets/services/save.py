"""Keep a request under a name: every save is a new version, and no version is ever changed."""

import json
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.presets.kinds import FormKind
from notte_dashboard.presets.models import Preset, PresetVersion
from notte_dashboard.schema_forms import secrets
from notte_dashboard.workspaces.models import Workspace


@transaction.atomic
def save_preset(
    *, by: User, workspace: Workspace, kind: FormKind, name: str, shared: bool, request: dict[str, Any]
) -> PresetVersion:
    """A new version of the preset that has this name where the user can save, or a new preset."""
    scope: dict[str, Any] = {"workspace": workspace, "kind": kind.name, "name": name, "shared": shared, "deleted_at": None}
    scope |= {} if shared else {"owner": by}
    preset, _ = Preset.objects.get_or_create(**scope, defaults={"owner": by})
    public, secret = secrets.split(request, kind.layout)
    version = _add(preset, by, request=public, secrets=json.dumps(secret) if secret else "")
    told = {"version": version.number, "shared": shared, "request": public}
    record(Deed.PRESET_SAVED, by=by, workspace=workspace, target=preset, after=told)
    return version


@transaction.atomic
def restore_version(*, by: User, version: PresetVersion) -> PresetVersion:
    """What it was becomes the newest version; its secrets go along as they are, without being read."""
    stored, preset = version.__dict__["secrets"], version.preset
    made = _add(preset, by, request=version.request, secrets=stored, restored_from=version.number)
    told = {"version": made.number, "restored_from": version.number}
    record(Deed.PRESET_RESTORED, by=by, workspace=preset.workspace_id, target=preset, after=told)
    return made


def _add(preset: Preset, by: User, **columns: Any) -> PresetVersion:
    held = Preset.objects.select_for_update().get(pk=preset.pk)
    held.version += 1
    held.saved_at = timezone.now()
    held.save(update_fields=["version", "saved_at"])
    return PresetVersion.objects.create(preset=held, number=held.version, saved_by=by, **columns)
