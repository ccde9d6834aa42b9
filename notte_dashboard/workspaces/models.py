import hashlib
import uuid
from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from notte_dashboard.workspaces.encrypted import Ciphertext, EncryptedTextField, KeepsSecrets

__all__ = ["ApiKey", "Invitation", "KeptMail", "Limits", "Membership", "Role", "SignOnProvider", "User", "Workspace"]


class Role(models.TextChoices):
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    ADMIN = "admin"


def _limit(label: str, help_text: str, most: int) -> Any:
    bounds = [MinValueValidator(0), MaxValueValidator(most)]
    return models.PositiveIntegerField(label, null=True, blank=True, validators=bounds, help_text=help_text)


class Limits(models.Model):
    """Empty means no limit. A workspace's hold for all of its members together, a member's for them alone."""

    concurrent_sessions = _limit("Sessions at once", "Counts sessions that are starting, active or stopping.", 10_000)
    concurrent_agents = _limit("Agents at once", "Counts agents that wait, start or work.", 10_000)
    minutes_a_day = _limit("Browser minutes a day", "Started minutes of all sessions since midnight UTC.", 1_000_000)
    longest_minutes = _limit("Longest session, in minutes", "What a session may ask for as its time limit.", 100_000)

    class Meta:
        abstract = True


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()  # comparing with no user would find the workspaces without members
        return self.filter(memberships__user=user.pk).order_by("memberships__pk")


class Workspace(Limits):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="workspaces")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Membership(Limits):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_user_and_workspace")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.workspace}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=hashlib.sha256(token.encode()).hexdigest())


class Invitation(models.Model):
    """Whoever holds its link may join, once. Of the link only a hash is kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role)
    email = models.EmailField(blank=True, default="")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.role} of {self.workspace}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()


class ApiKey(KeepsSecrets):
    """Bound to the address it was given for: another address never gets this key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    """Whose runs use it; nobody's: all of the workspace's that have no key of their own."""
    base_url = models.URLField(max_length=500)
    key = EncryptedTextField()
    last4 = models.CharField(max_length=4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    verdict = models.JSONField(default=dict, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)

    _bound_to: str | None = None

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"…{self.last4} at {self.base_url}"

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        found = super().from_db(db, field_names, values, **options)
        found._bound_to = found.__dict__.get("base_url")  # noqa: SLF001
        return found

    def save(self, **kwargs: object) -> None:
        """With another address the stored key is dropped, unless a new one comes along."""
        given = self.__dict__.get("key")
        if self._bound_to not in {None, self.base_url} and (given is None or isinstance(given, Ciphertext)):
            self.key, self.last4 = "", ""
        self._bound_to = self.base_url
        given = self.__dict__.get("key")
        if isinstance(given, str) and not isinstance(given, Ciphertext):
            self.last4 = given[-4:] if len(given) >= 12 else ""  # noqa: PLR2004 - four letters of a short key say too much
        super().save(**kwargs)  # type: ignore[arg-type]


class KeptMail(KeepsSecrets):
    """A mail that could not be sent because no mail server is set; an administrator passes its link on."""

    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    body = EncryptedTextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"


class SignOnProvider(KeepsSecrets):
    """An OpenID Connect provider that was set up in the admin panel; the one from the environment needs no row."""

    name = models.CharField(max_length=40, help_text="What the button says: Sign in with …")
    provider_id = models.SlugField(
        "ID", max_length=50, unique=True, help_text="A part of the address that the provider sends people back to."
    )
    server_url = models.URLField("Server URL", max_length=500)
    client_id = models.CharField("Client ID", max_length=191)
    client_secret = EncryptedTextField()
    is_active = models.BooleanField("Offered on the login page", default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "single sign-on provider"

    def __str__(self) -> str:
        return self.name
