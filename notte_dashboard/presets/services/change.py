"""Rename, share, delete and take that back."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.presets.models import Preset

UNDO_FOR = timedelta(hours=24)


class NameTakenError(ValueError):
    """Another preset of this kind has the name, in the same place."""


@transaction.atomic
def rename_preset(preset: Preset, *, by: User, name: str, shared: bool) -> None:
    stored = Preset.objects.values("name", "shared").get(pk=preset.pk)
    preset.name, preset.shared = name, shared
    _save(preset, "name", "shared")
    after = {"name": name, "shared": shared}
    record(Deed.PRESET_CHANGED, by=by, workspace=preset.workspace_id, target=preset, before=stored, after=after)


@transaction.atomic
def delete_preset(preset: Preset, *, by: User) -> None:
    """It can be taken back for a day. What was deleted before that goes for good, its secrets with it."""
    Preset.objects.filter(deleted_at__lt=timezone.now() - UNDO_FOR).delete()
    preset.deleted_at = timezone.now()
    preset.save(update_fields=["deleted_at"])
    record(Deed.PRESET_DELETED, by=by, workspace=preset.workspace_id, target=preset)


@transaction.atomic
def undelete_preset(preset: Preset, *, by: User) -> None:
    preset.deleted_at = None
    _save(preset, "deleted_at")
    record(Deed.PRESET_CHANGED, by=by, workspace=preset.workspace_id, target=preset, after={"deleted": False})


def _save(preset: Preset, *fields: str) -> None:
    try:
        with transaction.atomic():
            preset.save(update_fields=fields)
    except IntegrityError as error:
        raise NameTakenError(f"Another {preset.kind} preset is called {preset.name}.") from error
