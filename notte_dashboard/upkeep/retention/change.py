"""Say for how long a workspace keeps what."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.upkeep.models import Retention
from notte_dashboard.workspaces.models import Workspace

FIELDS = ("screenshot_days", "step_days", "run_days", "audit_days")


def retention_of(workspace: Workspace) -> Retention:
    """Not stored yet where nobody has said anything."""
    return Retention.objects.filter(workspace=workspace).first() or Retention(workspace=workspace)


@transaction.atomic
def change_retention(*, by: User, workspace: Workspace, days: dict[str, int | None]) -> Retention:
    policy, _ = Retention.objects.select_for_update().get_or_create(workspace=workspace)
    before = {name: getattr(policy, name) for name in FIELDS}
    after = {name: days[name] for name in FIELDS}
    if before != after:
        for name, value in after.items():
            setattr(policy, name, value)
        policy.changed_at = timezone.now()
        policy.save(update_fields=[*FIELDS, "changed_at"])
        record(Deed.RETENTION_CHANGED, by=by, workspace=workspace, target=policy, before=before, after=after)
    return policy
