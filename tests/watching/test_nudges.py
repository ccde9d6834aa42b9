"""What an agent's watch stores makes its session's watch look at once, in this process or in another."""

import asyncio
import dataclasses
import threading

from agents_app.services.watch import WATCH as AGENTS
from notte_dashboard.watching import nudges
from sessions_app.models import BrowserSession
from sessions_app.services.watch import WATCH
from tests.factories import make_session, make_workspace
from tests.services import wait_for
from tests.watching.test_slice import body, looks, path, stored


def calm(settings):
    settings.WATCH_LOOK_SOON = settings.WATCH_LOOK_LATE = settings.WATCH_LEASE = 60


def test_a_nudge_in_this_process_makes_the_watch_look(watching, upstream, settings):
    calm(settings)
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run), body(run, 1))
    watching(WATCH)
    wait_for(lambda: stored(run).seen_at)

    wait_for(lambda: "session" in nudges._here)
    asyncio.run(nudges.nudge("session", run.pk))

    wait_for(lambda: stored(run).last_seq == 1)


def test_a_nudge_from_another_process_makes_the_watch_look(watching, upstream, settings, redis_client):
    calm(settings)
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run), body(run, 1))
    watching(WATCH)
    wait_for(lambda: stored(run).seen_at)
    wait_for(lambda: redis_client.pubsub_numsub(nudges.channel("session"))[0][1] == 1)

    redis_client.publish(nudges.channel("session"), run.pk)

    wait_for(lambda: stored(run).last_seq == 1)


def test_a_look_that_comes_before_the_status_has_the_news_is_made_once_more(watching, upstream, settings):
    calm(settings)
    run, told = make_session(make_workspace()), threading.Event()
    upstream.say("GET", path(run), body(run))

    async def listen(held, client):
        await asyncio.to_thread(told.wait)
        yield "an event"
        await asyncio.sleep(60)

    watching(dataclasses.replace(WATCH, listen=listen))
    wait_for(lambda: stored(run).seen_at)
    upstream.say("GET", path(run), body(run), body(run, 2))
    told.set()

    wait_for(lambda: stored(run).last_seq == 2)


def test_steps_of_an_agent_are_news_for_its_session():
    agent = AGENTS.model(pk=4, session=BrowserSession(pk=9))

    assert AGENTS.news_for(agent) == ("session", 9)


def test_one_slice_takes_its_runs_in_portions(watching, upstream, settings):
    team, settings.WATCH_RUNS_PER_SLICE, settings.WATCH_RUNS_PER_CLAIM = make_workspace(), 5, 2
    runs = [make_session(team) for _ in range(6)]
    for run in runs:
        upstream.say("GET", path(run), body(run))
    watching(WATCH)

    wait_for(lambda: BrowserSession.objects.exclude(lease_owner="").count() == 5)
    wait_for(lambda: sum(bool(looks(upstream, run)) for run in runs) == 5)
