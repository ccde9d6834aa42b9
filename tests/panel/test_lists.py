"""Every list, page and filter of the admin panel: opens, costs the same for one row and for three, and counts no large table."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from agents_app.models import AgentRun, AgentStep
from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.audit.record import record
from notte_dashboard.upkeep.models import KeyHealth, Orphan, Retention, RetentionReport
from notte_dashboard.watching.models import WorkerHeartbeat
from notte_dashboard.workspaces import invitations
from notte_dashboard.workspaces.models import Role
from sessions_app.models import BrowserSession, SessionStep
from tests.factories import (
    make_agent,
    make_key,
    make_member,
    make_preset,
    make_session,
    make_user,
    make_workspace,
    record_run_steps,
)
from tests.step_items import agent_step_items

pytestmark = pytest.mark.django_db
SECRET = "sk-panel-0123456789"
LARGE = {BrowserSession, AgentRun, SessionStep, AgentStep, AuditEntry, Orphan, RetentionReport}


def fill(alice, number):
    """One more of everything."""
    user = make_user(f"user-{number}", email=f"user-{number}@example.com")
    workspace = make_workspace(name=f"Place {number}")
    make_member(workspace, user, Role.OPERATOR)
    key = make_key(workspace, base_url="https://api.example", key=SECRET, created_by=user)
    session = record_run_steps(make_session(workspace, user, state="error", problem="gone"), agent_step_items(1))
    record_run_steps(make_agent(session, user), agent_step_items(1))
    make_preset(alice._replace(user=user, workspace=workspace))
    invitations.invite(by=user, workspace=workspace, role=Role.REVIEWER, email=f"guest-{number}@example.com")
    Orphan.objects.create(workspace=workspace, api_key=key, session_id=f"s-{number}")
    KeyHealth.objects.create(name=f"key-{key.pk}", api_key=key, base_url=key.base_url, checked_at=timezone.now())
    Retention.objects.create(workspace=workspace, run_days=30)
    RetentionReport.objects.create(workspace=workspace, by=user)
    WorkerHeartbeat.objects.create(worker=f"worker-{number}", beat_at=timezone.now())
    record(Deed.EXPORTED, by=user, workspace=workspace)


def models():
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model, what="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


ALL = [model for model in models() if model._meta.app_label not in {"account", "mfa", "usersessions", "socialaccount", "sites"}]
QUERIES = {Retention: 5}
"""The others: the login session, the user, how many there are, the rows."""


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_a_list_costs_the_same_for_one_row_and_for_three(root, alice, model, django_assert_num_queries):
    fill(alice, 1)
    with django_assert_num_queries(QUERIES.get(model, 4)) as told:
        first = root.get(address(model))
    fill(alice, 2)
    fill(alice, 3)
    with django_assert_num_queries(QUERIES.get(model, 4)):
        last = root.get(address(model))
    assert (first.status_code, last.status_code) == (200, 200)
    assert SECRET not in last.content.decode()
    if model in LARGE:
        counts = [query["sql"] for query in told if "COUNT(" in query["sql"]]
        assert len(counts) == 1
        assert "LIMIT 1000" in counts[0]


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_list_search_filter_and_page_opens(root, alice, model):
    fill(alice, 1)
    listed = root.get(address(model))
    assert listed.status_code == 200
    found = set(re.findall(r'href="(\?[^"]+)"', listed.content.decode()))
    for where in [*(each.replace("&amp;", "&") for each in found), "?q=%27x%00y", "?q=" + "7" * 300]:
        assert root.get(address(model) + where).status_code in {200, 302, 400}, where
    for row in model._default_manager.all()[:1]:
        shown = root.get(address(model, "change", row.pk))
        assert shown.status_code == 200
        assert SECRET not in shown.content.decode()
    assert root.get(address(model, "add")).status_code in {200, 403}


def test_what_is_history_is_neither_added_changed_nor_deleted(root, alice):
    fill(alice, 1)
    for model in (BrowserSession, AgentRun, SessionStep, AgentStep, AuditEntry, Orphan, RetentionReport, KeyHealth):
        row = model.objects.first()
        before = model.objects.count()
        assert root.get(address(model, "add")).status_code == 403
        assert root.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert root.post(address(model, "change", row.pk), {"state": "closed"}).status_code == 403
        assert model.objects.count() == before


def test_a_run_leads_to_its_steps_and_to_its_page(root, alice):
    fill(alice, 1)
    run = BrowserSession.objects.get()
    html = root.get(address(BrowserSession, "change", run.pk)).content.decode()
    steps = re.search(r'href="([^"]*run__id__exact=[^"]*)">5 steps<', html)[1]
    assert root.get(steps).content.decode().count('class="field-seq"') == 5
    assert f'href="{run.get_absolute_url()}"' in html


def test_the_panel_is_for_the_staff(alice, client):
    for visitor in (client, alice.client):
        answer = visitor.get("/admin/")
        assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)
