"""What an administrator does to chosen rows: asked about first, done through the services, told of in the audit log."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.panel.csv_cells import cell
from notte_dashboard.upkeep.models import Orphan, Retention, RetentionReport
from notte_dashboard.workspaces.models import ApiKey, Membership
from notte_dashboard.workspaces.signals import rights_changed
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_key, make_session, make_user
from tests.panel.test_lists import address

pytestmark = pytest.mark.django_db
LIST = address(BrowserSession)


def chosen(action, *rows, **more):
    return {"action": action, "_selected_action": [row.pk for row in rows], **more}


def confirmed(client, model, action, *rows):
    """As the administrator does it: the question first, then yes."""
    asked = client.post(address(model), chosen(action, *rows))
    assert asked.status_code == 200
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.content.decode())
    answer = dict(hidden) | {"_selected_action": [value for name, value in hidden if name == "_selected_action"]}
    return client.post(address(model), {name: value for name, value in answer.items() if name != "csrfmiddlewaretoken"})


def said(answer, client):
    return client.get(answer["Location"]).content.decode()


def test_selected_runs_are_stopped_after_a_question(root, admin_user, bob):
    running, other = make_session(bob.workspace, bob.user), make_session(bob.workspace, bob.user)
    over = make_session(bob.workspace, bob.user, state="closed")
    asked = root.post(LIST, chosen("stop_selected", running, over)).content.decode()
    assert str(running) in asked
    running.refresh_from_db()
    assert running.state == "active"
    answer = confirmed(root, BrowserSession, "stop_selected", running, over)
    assert "Runs being stopped: 1." in said(answer, root)
    states = [BrowserSession.objects.get(pk=run.pk).state for run in (running, other, over)]
    assert states == ["stopping", "active", "closed"]
    entry = AuditEntry.objects.get(action=Deed.STOPPED)
    assert (entry.actor, entry.target_id, entry.workspace) == (admin_user, str(running.uuid), bob.workspace)


def test_looking_again_makes_due_what_waits(root, bob):
    later = timezone.now() + timedelta(hours=1)
    unknown = make_session(bob.workspace, bob.user, state="unknown", next_attempt_at=later)
    watched = make_session(bob.workspace, bob.user)
    confirmed(root, BrowserSession, "look_again", unknown, watched)
    for run in (unknown, watched):
        run.refresh_from_db()
    assert unknown.next_attempt_at < later - timedelta(minutes=30)
    assert watched.viewed_at is not None


def test_the_staff_without_the_right_to_change_sees_no_such_action(bob):
    clerk = make_user("clerk", password="clerk-password", is_staff=True)
    clerk.user_permissions.add(*_permissions("view_browsersession"))
    client = Client()
    client.force_login(clerk)
    run = make_session(bob.workspace, bob.user)
    listed = client.get(LIST).content.decode()
    assert "export_csv" in listed
    assert "stop_selected" not in listed
    client.post(LIST, chosen("stop_selected", run, confirmed="yes"))
    run.refresh_from_db()
    assert run.state == "active"


def _permissions(*names):
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    return Permission.objects.filter(codename__in=names)


def test_orphans_are_adopted_by_their_keys_workspace_and_stopped(root, admin_user, workspace):
    key = make_key(workspace, base_url="https://api.example", key="orphan-key-000001")
    taken, stopped = (Orphan.objects.create(workspace=workspace, api_key=key, session_id=name) for name in ("s-1", "s-2"))
    homeless = Orphan.objects.create(session_id="s-3")
    confirmed(root, Orphan, "adopt_selected", taken, homeless)
    confirmed(root, Orphan, "stop_selected", stopped)
    owners = dict(BrowserSession.objects.values_list("session_id", "workspace"))
    assert owners == {"s-1": workspace.pk, "s-3": Membership.objects.get(user=admin_user).workspace_id}
    stopped.refresh_from_db()
    assert (stopped.state, stopped.stop_requested_by) == ("stopping", admin_user)


def test_a_deactivated_account_is_signed_out_and_its_sockets_are_told(root, admin_user, bob, django_capture_on_commit_callbacks):
    told = []

    def note(user_id, **_):
        told.append(user_id)

    rights_changed.connect(note)
    signed_in = Client()
    signed_in.post("/accounts/login/", {"login": "bob", "password": "bob-password"})
    assert signed_in.get("/").status_code == 200
    try:
        with django_capture_on_commit_callbacks(execute=True):
            answer = confirmed(root, User, "deactivate_selected", bob.user, admin_user)
    finally:
        rights_changed.disconnect(note)
    assert bob.user.pk in told
    assert "Accounts deactivated: 1." in said(answer, root)
    assert signed_in.get("/").status_code == 302
    admin_user.refresh_from_db()
    assert admin_user.is_active
    assert AuditEntry.objects.get(action=Deed.ACTIVATION_CHANGED).target_name == "bob"


def test_a_key_is_revoked_by_an_action_and_never_shown(root, workspace):
    secret = "sk-written-once-0001"
    fields = {"workspace": workspace.pk, "base_url": "https://api.example", "key": secret}
    assert root.post(address(ApiKey, "add"), fields).status_code == 302
    key = ApiKey.objects.get()
    assert (key.key, key.last4) == (secret, "0001")
    for page in (address(ApiKey), address(ApiKey, "change", key.pk), address(ApiKey, "history", key.pk)):
        assert secret not in root.get(page).content.decode()
    confirmed(root, ApiKey, "revoke_selected", key)
    key.refresh_from_db()
    assert key.revoked_at
    assert secret not in str(list(AuditEntry.objects.values()))


def test_retention_is_counted_and_run_by_actions(root, admin_user, workspace):
    make_session(workspace, state="closed", ended_at=timezone.now() - timedelta(days=31))
    policy = Retention.objects.create(workspace=workspace, run_days=30)
    assert "would remove 1 session" in said(root.post(address(Retention), chosen("count_selected", policy)), root)
    assert BrowserSession.objects.count() == 1
    assert "removed 1 session" in said(confirmed(root, Retention, "run_selected", policy), root)
    assert (BrowserSession.objects.count(), RetentionReport.objects.filter(dry_run=False, by=admin_user).count()) == (0, 1)


def test_an_export_holds_the_lists_columns_and_no_formula(root, bob):
    session = make_session(bob.workspace, bob.user, problem="=1+1", secrets='{"/proxies/0/password": "planted"}')
    make_agent(session, bob.user)
    answer = root.post(LIST, chosen("export_csv", session))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/csv")
    assert f"{session.uuid},active,Shared,bob,{session.created_at.isoformat()}," in text
    assert ",'=1+1" in text
    assert "planted" not in text
    assert AuditEntry.objects.get(action=Deed.EXPORTED).after == {"as": "csv", "rows": 1, "what": "browser sessions"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "|"])
def test_a_cell_that_would_be_calculated_is_text(start):
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell(f"a{start}") == f"a{start}"


def test_what_a_form_changes_is_told_of_with_before_and_after(root, admin_user, workspace):
    policy = Retention.objects.create(workspace=workspace, run_days=30)
    fields = {"workspace": workspace.pk, "run_days": 7, "step_days": "", "screenshot_days": "", "audit_days": ""}
    assert root.post(address(Retention, "change", policy.pk), fields).status_code == 302
    entry = AuditEntry.objects.get(action=Deed.ADMIN_CHANGED)
    assert (entry.actor, entry.workspace, entry.before, entry.after) == (admin_user, workspace, {"run_days": 30}, {"run_days": 7})
    assert root.post(address(Retention, "delete", policy.pk), {"post": "yes"}).status_code == 302
    assert AuditEntry.objects.get(action=Deed.ADMIN_DELETED).target_kind == "retention"


def test_a_password_set_for_somebody_is_told_of_and_not_kept(root, bob):
    fields = {"password1": "brand-new-password-7", "password2": "brand-new-password-7", "usable_password": "true"}
    assert root.post(f"/admin/auth/user/{bob.user.pk}/password/", fields).status_code == 302
    assert AuditEntry.objects.get(action=Deed.ADMIN_CHANGED).target_name == "bob"
    assert "brand-new" not in str(list(AuditEntry.objects.values()))
