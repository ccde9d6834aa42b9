import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import models

from notte_dashboard.workspaces.encrypted import Ciphertext, EncryptedTextField, KeepsSecrets

__all__ = ["ApiKey", "Membership", "Role", "User", "Workspace"]


class Role(models.TextChoices):
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    ADMIN = "admin"


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()  # comparing with no user would find the workspaces without members
        return self.filter(memberships__user=user.pk).order_by("memberships__pk")


class Workspace(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="workspaces")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_user_and_workspace")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.workspace}"


class ApiKey(KeepsSecrets):
    """Bound to the address it was given for: another address never gets this key."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    base_url = models.URLField(max_length=500)
    key = EncryptedTextField()
    last4 = models.CharField(max_length=4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"…{self.last4} at {self.base_url}"

    def save(self, **kwargs: object) -> None:
        given = self.__dict__.get("key")
        if isinstance(given, str) and not isinstance(given, Ciphertext):
            self.last4 = given[-4:] if len(given) >= 12 else ""  # noqa: PLR2004 - four letters of a short key say too much
        super().save(**kwargs)  # type: ignore[arg-type]
