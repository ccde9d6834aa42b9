"""The one way to delete entries: those of one workspace that are older than a moment, a bounded number at a time."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from notte_dashboard.audit.models import AuditEntry, PrunePermit


@transaction.atomic
def prune(workspace_id: int | None, before: datetime, limit: int) -> int:
    """How many were deleted. The permit never leaves this transaction."""
    permit = PrunePermit.objects.create(workspace_id=workspace_id, before=before)
    its = Q(workspace=None) if workspace_id is None else Q(workspace_id=workspace_id)
    old = AuditEntry.objects.filter(its, created_at__lt=before).order_by("created_at", "pk")
    gone, _ = AuditEntry.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    permit.delete()
    return gone
