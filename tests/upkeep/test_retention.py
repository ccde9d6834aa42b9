"""What is older than a workspace keeps it goes, in bounded batches, and nothing else; the report and the dry run agree."""

import os
import time
import zlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from agents_app.models import AgentRun, AgentStep
from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.runs import screenshots
from notte_dashboard.upkeep import tasks
from notte_dashboard.upkeep.models import Retention, RetentionReport
from notte_dashboard.upkeep.retention import pictures, prune
from notte_dashboard.upkeep.retention.change import change_retention
from notte_dashboard.upkeep.retention.dry_run import counted
from sessions_app.models import BrowserSession, SessionStep
from tests.factories import make_agent, make_session, record_run_steps
from tests.pictures import encoded, picture
from tests.step_items import agent_step_items

pytestmark = pytest.mark.django_db
COUNTS = ("sessions", "agents", "steps", "screenshots", "files", "file_bytes", "audit_entries")


@pytest.fixture
def keep(workspace):
    """For so many days."""
    return lambda **days: Retention.objects.update_or_create(workspace=workspace, defaults=days)[0]


def aged(run, days):
    type(run).objects.filter(pk=run.pk).update(ended_at=timezone.now() - timedelta(days=days))
    for step in run.steps.exclude(screenshot=""):
        then = time.time() - 7200
        os.utime(screenshots.path_of(step.screenshot), (then, then))
    run.refresh_from_db()
    return run


def shot(title):
    """A picture that is its title's own."""
    return encoded(picture(shade=zlib.crc32(title.encode()) & 0xFFFFFF))


def a_shown_session(workspace, days, title):
    """Over for so many days, with one picture."""
    return aged(record_run_steps(make_session(workspace, state="closed"), agent_step_items(1, picture=shot(title))), days)


def files_of(*runs):
    return [screenshots.path_of(step.screenshot).exists() for run in runs for step in run.steps.exclude(screenshot="")]


def told(report):
    return {name: getattr(report, name) for name in COUNTS if getattr(report, name)}


def test_nothing_said_means_for_ever(workspace, keep):
    a_shown_session(workspace, 5000, "for ever")
    assert prune.prune(keep()) is None
    assert BrowserSession.objects.count() == 1
    assert not RetentionReport.objects.exists()


def test_pictures_go_and_steps_stay(workspace, keep):
    old, young = a_shown_session(workspace, 31, "old"), a_shown_session(workspace, 29, "young")
    name = old.steps.exclude(screenshot="").get().screenshot
    size = pictures.size_of(name)
    policy = keep(screenshot_days=30)
    expected = {"screenshots": 1, "files": 1, "file_bytes": size}
    assert told(counted(policy)) == expected
    assert files_of(old, young) == [True, True]
    report = prune.prune(policy)
    assert (told(report), report.complete) == (expected, True)
    assert (old.steps.count(), old.steps.exclude(screenshot="").count()) == (5, 0)
    assert not screenshots.path_of(name).exists()
    assert not screenshots.small_path_of(name).exists()
    assert files_of(young) == [True]
    policy.refresh_from_db()
    assert policy.pictures_cleared_until is not None
    assert prune.prune(policy) is None


def test_a_picture_that_another_step_shows_stays(workspace, keep, eve):
    old = a_shown_session(workspace, 31, "shared")
    agent = make_agent(make_session(eve.workspace), state="closed")
    record_run_steps(agent, agent_step_items(1, picture=shot("shared")))
    aged(agent, 0)
    policy = keep(screenshot_days=30)
    assert told(counted(policy)) == {"screenshots": 1}
    assert told(prune.prune(policy)) == {"screenshots": 1}
    assert files_of(agent) == [True]
    assert not old.steps.exclude(screenshot="").exists()


def test_a_file_that_was_just_written_is_left_for_the_sweep(workspace, keep):
    old = a_shown_session(workspace, 31, "fresh")
    name = old.steps.exclude(screenshot="").get().screenshot
    os.utime(screenshots.path_of(name))
    assert told(prune.prune(keep(screenshot_days=30))) == {"screenshots": 1}
    assert screenshots.path_of(name).exists()
    os.utime(screenshots.path_of(name), (0, 0))
    assert pictures.sweep_folder(int(name[:2], 16) + 256)[0] == 1
    assert not screenshots.path_of(name).exists()


def test_steps_go_and_runs_stay(workspace, keep):
    old, young = a_shown_session(workspace, 31, "old"), a_shown_session(workspace, 29, "young")
    running = record_run_steps(make_session(workspace), agent_step_items(1))
    policy = keep(step_days=30)
    expected = told(counted(policy))
    assert told(prune.prune(policy)) == expected
    assert {"steps": 5, "screenshots": 1, "files": 1}.items() <= expected.items()
    old.refresh_from_db()
    assert (old.steps.count(), old.last_seq, old.last_number) == (0, 0, 1)
    assert (young.steps.count(), running.steps.count()) == (5, 5)


def test_runs_go_with_all_that_is_theirs(workspace, keep, eve):
    old = a_shown_session(workspace, 31, "old")
    aged(record_run_steps(make_agent(old, state="closed"), agent_step_items(2)), 31)
    with_a_young_agent = aged(make_session(workspace, state="closed"), 31)
    young_agent = aged(make_agent(with_a_young_agent, state="closed"), 2)
    foreign = aged(make_session(eve.workspace, state="closed"), 400)
    still_read = aged(make_session(workspace, state="closed", lease_until=timezone.now()), 31)
    running = make_session(workspace)
    policy = keep(run_days=30)
    expected = told(counted(policy))
    assert told(prune.prune(policy)) == expected
    assert {"sessions": 1, "agents": 1, "steps": 15, "screenshots": 1, "files": 1}.items() <= expected.items()
    assert set(BrowserSession.objects.all()) == {with_a_young_agent, foreign, still_read, running}
    assert set(AgentRun.objects.all()) == {young_agent}
    assert not SessionStep.objects.exists()
    assert not AgentStep.objects.exists()


def test_the_audit_log_goes_last_and_what_retention_did_is_in_it(workspace, keep, alice):
    AuditEntry.objects.create(workspace=workspace, action=Deed.STARTED, created_at=timezone.now() - timedelta(days=31))
    AuditEntry.objects.create(workspace=alice.user.workspaces.exclude(pk=workspace.pk).get(), action=Deed.STARTED,
                              created_at=timezone.now() - timedelta(days=31))  # fmt: skip
    policy = keep(audit_days=30)
    assert told(counted(policy)) == {"audit_entries": 1}
    report = prune.prune(policy, by=alice.user)
    assert told(report) == {"audit_entries": 1}
    assert report.sentence == "removed 1 audit entry"
    entry = AuditEntry.objects.get(workspace=workspace, action="retention.ran")
    assert (entry.actor, entry.after) == (alice.user, {"audit_entries": 1})
    assert not AuditEntry.objects.filter(workspace=workspace, action=Deed.STARTED).exists()


def test_a_pass_whose_time_is_over_says_so_and_the_next_goes_on(workspace, keep, monkeypatch):
    monkeypatch.setattr(prune, "RUNS_AT_ONCE", 2)
    for _ in range(5):
        aged(make_session(workspace, state="closed"), 31)
    policy = keep(run_days=30)
    first = prune.prune(policy, seconds=-1)
    assert first is None
    assert BrowserSession.objects.count() == 5
    assert told(prune.prune(policy)) == {"sessions": 5}


def test_two_passes_never_work_on_one_workspace(workspace, keep):
    aged(make_session(workspace, state="closed"), 31)
    policy = keep(run_days=30, claimed_until=timezone.now() + timedelta(minutes=1))
    assert prune.prune(policy) is None
    Retention.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert told(prune.prune(policy)) == {"sessions": 1}


def test_the_command_and_the_task_say_what_they_did(workspace, keep, redis_client):
    aged(make_session(workspace, state="closed"), 31)
    keep(run_days=30)
    out = StringIO()
    call_command("retention", dry_run=True, stdout=out)
    assert out.getvalue() == "Shared: would remove 1 session\n"
    assert RetentionReport.objects.get().dry_run
    tasks.retention()
    assert (BrowserSession.objects.count(), RetentionReport.objects.first().sentence) == (0, "removed 1 session")
    call_command("retention", workspace=str(workspace.uuid), stdout=out)
    assert out.getvalue().endswith("Shared: removed nothing\n")


def test_a_change_is_told_of_with_before_and_after(alice):
    days = {"screenshot_days": 7, "step_days": 30, "run_days": None, "audit_days": 365}
    for _ in range(2):
        change_retention(by=alice.user, workspace=alice.workspace, days=days)
    entry = AuditEntry.objects.get(action=Deed.RETENTION_CHANGED)
    assert (entry.before["screenshot_days"], entry.after) == (None, days)
