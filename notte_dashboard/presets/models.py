import json
import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from notte_dashboard.presets.kinds import KINDS, FormKind
from notte_dashboard.schema_forms import secrets
from notte_dashboard.workspaces.encrypted import EncryptedTextField
from notte_dashboard.workspaces.models import Workspace

LONGEST_NAME = 80


class PresetQuerySet(models.QuerySet["Preset"]):
    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those a member of their workspace may see at all: the shared ones and their own. Deleted ones are among them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(workspace__memberships__user=user.pk).filter(Q(shared=True) | Q(owner=user.pk))

    def kept(self) -> Self:
        return self.filter(deleted_at=None)


class Preset(models.Model):
    """A request kept under a name. What it asks for is in its versions, which are never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind.name, kind.label) for kind in KINDS.values()])
    name = models.CharField(max_length=LONGEST_NAME)
    shared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    """The number of the newest version."""
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = PresetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["workspace", "kind", "name"], name="preset_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "name"], condition=Q(shared=True, deleted_at=None), name="preset_shared_name"
            ),
            models.UniqueConstraint(
                fields=["workspace", "owner", "kind", "name"], condition=Q(shared=False, deleted_at=None), name="preset_own_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("presets:detail", args=[self.uuid])

    @property
    def form_kind(self) -> FormKind:
        return KINDS[self.kind]


class PresetVersionQuerySet(models.QuerySet["PresetVersion"]):
    def newest(self) -> Self:
        return self.filter(number=F("preset__version"))


class PresetVersion(models.Model):
    preset = models.ForeignKey(Preset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    request = models.JSONField(default=dict)
    """With a mark where each secret is."""
    secrets = EncryptedTextField(blank=True, default="")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    restored_from = models.PositiveIntegerField(null=True)

    objects = PresetVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["preset", "number"], name="preset_version_number")]

    def __str__(self) -> str:
        return f"{self.preset} v{self.number}"

    @property
    def has_secrets(self) -> bool:
        """Asked without reading them."""
        return bool(self.__dict__.get("secrets"))

    def whole_request(self) -> dict[str, Any]:
        """With its secrets, for sending. Raises DecryptError when their key is lost."""
        return secrets.join(self.request, json.loads(self.secrets or "{}"))
