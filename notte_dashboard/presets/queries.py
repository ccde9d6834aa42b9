"""Reads: the list, one preset, its versions, what a start form offers."""

from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from notte_dashboard.presets.kinds import FormKind
from notte_dashboard.presets.models import Preset, PresetQuerySet, PresetVersion
from notte_dashboard.workspaces.models import Workspace

LISTED = 200
OFFERED = 100


class Offered(NamedTuple):
    uuid: UUID
    name: str
    shared: bool

    @property
    def label(self) -> str:
        return f"{self.name} (shared)" if self.shared else self.name


def visible(user: User, workspace: Workspace) -> PresetQuerySet:
    return Preset.objects.of(user).filter(workspace=workspace).kept()


def newest(user: User, workspace: Workspace, kind: str = "") -> list[PresetVersion]:
    """The newest version of each, with its preset: one query."""
    rows = PresetVersion.objects.newest().filter(preset__in=visible(user, workspace).order_by().values("pk"))
    rows = rows.filter(preset__kind=kind) if kind else rows
    return list(rows.select_related("preset", "preset__owner", "saved_by").order_by("preset__name", "preset_id")[:LISTED])


def offered(user: User, workspace: Workspace, kind: FormKind) -> list[Offered]:
    rows = visible(user, workspace).filter(kind=kind.name).order_by("name", "pk")
    return [Offered(*row) for row in rows.values_list("uuid", "name", "shared")[:OFFERED]]


def one_for(user: AbstractBaseUser | AnonymousUser, uuid: UUID) -> Preset | None:
    """What somebody else keeps for themselves, and what is in another workspace, is the same as missing."""
    return Preset.objects.of(user).select_related("workspace", "owner").filter(uuid=uuid).first()


def version_for(user: User, workspace: Workspace, kind: FormKind, uuid: str, number: int | None = None) -> PresetVersion | None:
    """A version (the newest, when no number is given) that this user can start from here; None for what is no such thing."""
    try:
        found = visible(user, workspace).filter(uuid=UUID(uuid), kind=kind.name).first()
    except ValueError:
        return None
    if found is None:
        return None
    versions = found.versions.select_related("preset")
    return versions.filter(number=found.version if number is None else number).first()
