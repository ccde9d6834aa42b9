"""The head of the panel says how it goes, without asking any API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notte_dashboard.upkeep.models import KeyHealth, Orphan
from notte_dashboard.watching.heartbeat import beat
from notte_dashboard.workspaces.models import Workspace
from tests.factories import make_agent, make_session
from tests.hostile_text import HOSTILE
from tests.panel.test_lists import fill

pytestmark = pytest.mark.django_db
QUERIES = 14 + (connection.vendor == "postgresql")  # which is asked for its size


def tiles(root):
    return {tile.title: tile for tile in root.get("/admin/").context["tiles"]}


def test_it_counts_what_lives_fails_and_waits(root, bob, redis_client):
    make_session(bob.workspace, bob.user)
    make_session(bob.workspace, bob.user, state="queued", created_at=timezone.now() - timedelta(seconds=90))
    make_agent(make_session(bob.workspace, bob.user, state="unknown"), bob.user, state="error", problem="gone")
    make_session(bob.workspace, bob.user, state="error", ended_at=timezone.now() - timedelta(hours=25))
    Orphan.objects.create(session_id="s-9")
    redis_client.rpush("celery", "a", "b")
    beat("worker")
    found = tiles(root)
    assert (found["Sessions under way"].value, found["Sessions under way"].note) == ("3", "1 active, 1 queued, 1 unknown")
    assert found["Agents under way"].value == "0"
    assert found["Failed in 24 hours"].value == "1"
    assert (found["Queue"].value, found["Queue"].note) == ("2", "1 starts wait, the oldest for 90 s")
    assert (found["Workers"].value, found["Workers"].tone) == ("1", "")
    assert found["Redis"].value == "answers"
    assert found["Orphans"].value == "1"
    assert found["Disk"].value.endswith("%")
    assert found["Database"].value != "0 B"


def test_it_says_when_nobody_works_and_redis_is_gone(root, settings):
    settings.REDIS_URL = f"unix://{settings.DATA_DIR}/no-such-redis.sock"
    found = tiles(root)
    assert [found[name].tone for name in ("Workers", "Redis")] == ["bad", "bad"]
    assert found["Queue"].value == "?"


def test_what_comes_from_outside_is_escaped(root, bob):
    Workspace.objects.filter(pk=bob.workspace.pk).update(name=HOSTILE[:100])
    make_session(bob.workspace, bob.user, state="error", error=HOSTILE)
    KeyHealth.objects.create(name="environment", base_url=HOSTILE, checked_at=timezone.now(), problem="x", problem_detail=HOSTILE)
    html = root.get("/admin/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_it_costs_the_same_for_one_of_everything_and_for_three(root, alice, django_assert_num_queries):
    fill(alice, 1)
    root.get("/admin/")
    with django_assert_num_queries(QUERIES):
        root.get("/admin/")
    fill(alice, 2)
    fill(alice, 3)
    with django_assert_num_queries(QUERIES):
        root.get("/admin/")
