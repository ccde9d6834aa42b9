"""The log can be written and read; the database refuses everything else, but for retention's narrow way."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.models import AuditEntry, PrunePermit
from notte_dashboard.audit.prune import prune
from notte_dashboard.audit.record import record
from tests.factories import make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(workspace):
    return AuditEntry.objects.create(
        workspace=workspace, action=Deed.STARTED, created_at=timezone.now() - timedelta(days=40), actor_name="bob"
    )


def plainly(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(actor_name="somebody else"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry(pk=entry.pk, action="x").save(),
        lambda _: plainly("UPDATE audit_auditentry SET action = 'x'"),
        lambda _: plainly("DELETE FROM audit_auditentry"),
    ],
    ids=["update", "delete", "delete one", "save", "UPDATE", "DELETE"],
)
def test_an_entry_is_neither_changed_nor_deleted(old, attempt):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        attempt(AuditEntry.objects.get(pk=old.pk))
    old.refresh_from_db()
    assert (old.actor_name, old.action) == ("bob", "run.started")


def test_retention_deletes_what_is_old_in_its_workspace_and_leaves_no_permit(old, workspace):
    other = make_workspace(name="Other")
    kept = [
        *AuditEntry.objects.exclude(pk=old.pk),
        AuditEntry.objects.create(workspace=other, action=Deed.STARTED, created_at=old.created_at),
        AuditEntry.objects.create(workspace=None, action=Deed.LOGGED_IN, created_at=old.created_at),
        AuditEntry.objects.create(workspace=workspace, action=Deed.STARTED),
    ]
    assert prune(workspace.pk, timezone.now() - timedelta(days=30), 100) == 1
    assert set(AuditEntry.objects.all()) == set(kept)
    assert not PrunePermit.objects.exists()


def test_a_permit_opens_only_its_workspace_and_its_time(old, workspace):
    other = make_workspace(name="Other")
    PrunePermit.objects.create(workspace=other, before=timezone.now())
    PrunePermit.objects.create(workspace=None, before=timezone.now())
    PrunePermit.objects.create(workspace=workspace, before=old.created_at)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditEntry.objects.filter(pk=old.pk).delete()
    assert AuditEntry.objects.filter(pk=old.pk).exists()


def test_pruning_takes_the_oldest_first_and_no_more_than_it_may(workspace):
    for day in (50, 40, 45):
        AuditEntry.objects.create(workspace=workspace, action=str(day), created_at=timezone.now() - timedelta(days=day))
    assert prune(workspace.pk, timezone.now() - timedelta(days=1), 2) == 2
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"40", "workspace.created"}


def test_an_entry_outlives_its_workspace_and_its_actor(alice):
    empty = make_workspace(name="Short-lived")
    entry = record(Deed.WORKSPACE_CREATED, by=alice.user, workspace=empty, target=empty)
    empty.delete()
    alice.user.delete()
    stored = AuditEntry.objects.select_related("workspace", "actor").get(pk=entry.pk)
    assert (stored.actor_name, stored.target_name, stored.actor, stored.workspace) == ("alice", "Short-lived", None, None)
