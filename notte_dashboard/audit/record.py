"""Write an entry: in the caller's transaction, so that a deed and its entry are both there or both not."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from notte_dashboard.audit.asked import current_address, current_user
from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.audit.silence import told


def record(
    deed: Deed,
    *,
    by: Any = None,
    workspace: Any = None,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """`by` is a user; without one it is whoever sent the request, or nobody where there is none. `workspace` may be a pk.

    Give facts, never secrets: what is named like one is hidden all the same.
    """
    actor = current_user() if by is None else by
    return AuditEntry.objects.create(
        action=deed.value,
        actor_id=actor.pk if actor else None,
        actor_name=actor.get_username()[:150] if actor else "",
        workspace_id=workspace.pk if isinstance(workspace, models.Model) else workspace,
        target_kind=_kind(target),
        target_id=str(getattr(target, "uuid", None) or target.pk or "")[:64] if target else "",
        target_name=told(str(target))[:200] if target else "",
        before=told(before or {}),
        after=told(after or {}),
        address=current_address(),
    )


def _kind(target: models.Model | None) -> str:
    """Short for runs, else the model's own name."""
    if target is None:
        return ""
    short = getattr(target, "kind", "") if hasattr(target, "fence") else ""
    return str(short or target._meta.verbose_name)[:40]  # noqa: SLF001 - Django's documented way to a name
