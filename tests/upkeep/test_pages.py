"""The pages of a workspace's admins: audit log, orphans, retention."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.audit.record import record
from notte_dashboard.upkeep.models import Orphan, Retention
from sessions_app.models import BrowserSession
from tests.factories import make_key, make_session
from tests.hostile_text import HOSTILE

pytestmark = pytest.mark.django_db
AUDIT, EXPORT = "/workspace/audit/", "/workspace/audit/export/"


@pytest.fixture
def told(alice, bob, eve):
    AuditEntry.objects.bulk_create(
        AuditEntry(workspace=alice.workspace, actor=bob.user, actor_name="bob", action=Deed.STARTED, target_name=f"run {number}",
                   created_at=timezone.now() - timedelta(days=number)) for number in range(40)
    )  # fmt: skip
    record(Deed.KEY_REVOKED, by=eve.user, workspace=eve.workspace, after={"of": "eve"})
    record(Deed.LIMITS_CHANGED, by=alice.user, workspace=alice.workspace, before={"a": HOSTILE}, after={"a": "=2+5"})


def shown(person, query=""):
    return person.client.get(AUDIT + query).content.decode()


def test_the_log_shows_what_was_done_here_and_nothing_of_elsewhere(told, alice):
    html = shown(alice)
    assert html.count("data-entry=") == 25
    assert "eve" not in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert 'data-action="limits.changed"' in html


def test_pages_follow_each_other_without_a_gap(told, alice):
    total = AuditEntry.objects.filter(workspace=alice.workspace).count()
    seen, where = [], AUDIT
    while where:
        context = alice.client.get(where).context
        seen += [entry.pk for entry in context["entries"]]
        where = AUDIT + context["next_url"] if context["next_url"] else ""
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize(
    ("query", "number"),
    [("?actor=BOB&action=run.started&since=2020-01-01", 25), ("?action=limits.changed", 1), ("?actor=nobody", 0),
     ("?actor=bob&until=2020-01-01", 0), ("?since=nonsense&action=limits.changed", 1),
     ("?before=nonsense&action=limits.changed", 1)],
)  # fmt: skip
def test_filters_narrow_it(told, alice, query, number):
    assert shown(alice, query).count("data-entry=") == number


def test_the_export_is_whole_safe_and_told_of(told, alice):
    assert alice.client.get(EXPORT).status_code == 405
    answer = alice.client.post(f"{EXPORT}?action=limits.changed", {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    told_of = [(row["actor"], row["action"], json.loads(row["after"])) for row in rows]
    assert told_of == [("alice", "limits.changed", {"a": "=2+5"})]
    lines = alice.client.post(EXPORT, {"format": "jsonl"}).content.decode().splitlines()
    exported = AuditEntry.objects.get(action=Deed.EXPORTED, after__as="jsonl")
    assert (exported.actor, exported.after["entries"]) == (alice.user, len(lines))
    assert "eve" not in "".join(lines)
    assert alice.client.post(EXPORT, {"format": "exe"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_for_one_row_and_for_three(alice, django_assert_num_queries, rows):
    key = make_key(alice.workspace, base_url="https://api.example", key="some-key-0000001")
    ago = timezone.now() - timedelta(minutes=30)
    for number in range(rows):
        Orphan.objects.create(workspace=alice.workspace, api_key=key, session_id=f"s-{number}", stop_requested_by=alice.user)
        make_session(alice.workspace, alice.user, last_accessed_at=ago)
        record(Deed.STARTED, by=alice.user, workspace=alice.workspace)
    for path, queries in ((AUDIT, 5), ("/workspace/orphans/", 7), ("/workspace/retention/", 5)):
        with django_assert_num_queries(queries):
            assert alice.client.get(path).status_code == 200


def test_an_orphan_is_adopted_or_stopped_from_its_row(alice, redis_client):
    key = make_key(alice.workspace, base_url="https://api.example", key="some-key-0000001")
    taken, ended = (Orphan.objects.create(workspace=alice.workspace, api_key=key, session_id=name) for name in ("s-1", "s-2"))
    html = alice.client.get("/workspace/orphans/").content.decode()
    assert html.count("data-orphan=") == 2
    for what in ("adopt", "stop"):
        assert "s-1" in alice.client.get(f"/workspace/orphans/{taken.pk}/{what}/").content.decode()
    assert not BrowserSession.objects.exists()
    answer = alice.client.post(f"/workspace/orphans/{taken.pk}/adopt/")
    assert answer["Location"] == BrowserSession.objects.get(session_id="s-1").get_absolute_url()
    alice.client.post(f"/workspace/orphans/{ended.pk}/stop/")
    ended.refresh_from_db()
    assert ended.state == "stopping"
    assert "Stopping" in alice.client.get("/workspace/orphans/").content.decode()
    assert alice.client.post(f"/workspace/orphans/{taken.pk}/adopt/").status_code == 404


def test_another_members_personal_key_shows_its_orphans_to_nobody_else(alice, bob):
    key = make_key(alice.workspace, owner=bob.user, base_url="https://api.example", key="bobs-key-0000001")
    orphan = Orphan.objects.create(workspace=alice.workspace, api_key=key, session_id="s-1")
    assert "data-orphan" not in alice.client.get("/workspace/orphans/").content.decode()
    assert alice.client.post(f"/workspace/orphans/{orphan.pk}/stop/").status_code == 404


def test_retention_shows_what_would_go_before_it_is_saved(alice):
    make_session(alice.workspace, state="closed", ended_at=timezone.now() - timedelta(days=31))
    fields = {"run_days": "30", "step_days": "", "screenshot_days": "", "audit_days": "365"}
    html = alice.client.post("/workspace/retention/", fields | {"do": "preview"}).content.decode()
    assert "This would remove 1 session." in html
    assert not Retention.objects.exists()
    assert alice.client.post("/workspace/retention/", fields | {"do": "save"}).status_code == 302
    policy = Retention.objects.get()
    assert (policy.run_days, policy.audit_days, policy.step_days) == (30, 365, None)
    assert BrowserSession.objects.count() == 1
    refused = alice.client.post("/workspace/retention/", fields | {"run_days": "0", "do": "save"})
    assert (refused.status_code, "aria-invalid" in refused.content.decode()) == (422, True)
