from django.conf import settings
from django.db import models
from django.utils import timezone

from notte_dashboard.audit.deeds import label


class AuditEntry(models.Model):
    """Who did what. The database itself refuses to change an entry, and to delete one outside a permit of retention.

    It outlives what it tells of, so it points at it without a constraint and keeps the names of then.
    """

    workspace = models.ForeignKey(
        "workspaces.Workspace", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=150, blank=True, default="")
    action = models.CharField(max_length=40)
    target_kind = models.CharField(max_length=40, blank=True, default="")
    target_id = models.CharField(max_length=64, blank=True, default="")
    target_name = models.CharField(max_length=200, blank=True, default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=45, blank=True, default="")

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit log"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="audit_newest"),
            models.Index(fields=["workspace", "action", "-created_at", "-id"], name="audit_action"),
            models.Index(fields=["workspace", "actor", "-created_at", "-id"], name="audit_actor"),
            models.Index(fields=["target_id", "-created_at"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name or 'nobody'}"

    @property
    def action_label(self) -> str:
        return label(self.action)

    @property
    def differences(self) -> list[tuple[str, object, object]]:
        """(what, before, after) for everything that is told of."""
        names = sorted({*self.before, *self.after})
        return [(name, self.before.get(name), self.after.get(name)) for name in names]


class PrunePermit(models.Model):
    """While it stands, entries of the workspace older than `before` can be deleted. Retention writes it and takes it away in one
    transaction, so nobody else ever sees one.
    """

    workspace = models.ForeignKey(
        "workspaces.Workspace", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    before = models.DateTimeField()

    def __str__(self) -> str:
        return f"before {self.before}"
