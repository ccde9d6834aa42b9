"""A run that counts steps which its table does not have: a page gets all the rest, and nobody looks for them over and over."""

import pytest

from notte_dashboard.realtime import hub
from notte_dashboard.realtime.publish import announce
from sessions_app.models import SessionStep
from tests.realtime.conftest import add_steps, finish, in_thread, tell
from tests.realtime.looking import Counted, quiet


@pytest.fixture
async def gap(run):
    """Three steps that are counted in the run's row and stored nowhere."""
    await add_steps(run, 3)
    await in_thread(SessionStep.objects.filter(run=run).delete)()


async def test_missing_steps_are_looked_for_once_and_hold_nothing_back(tabs, run, gap, patient):
    source = Counted(run)
    (tab,) = tabs(source)

    await tab.is_greeted()
    await quiet(hub._feeds)

    assert {message["kind"] for message in tab.got} == {"state"}
    assert source.batches == 1


async def test_missing_steps_are_looked_for_again_when_another_comes(tabs, run, gap, patient):
    (tab,) = tabs(Counted(run))
    await tab.is_greeted()

    await tell(run)
    await tab.has(4)

    assert tab.seqs == [(1, 4)]


async def test_missing_steps_do_not_keep_a_page_open_after_the_end(tabs, run, gap, patient):
    (tab,) = tabs(Counted(run))
    await tab.is_greeted()

    await finish(run, 0)
    await announce(run)
    await tab.until(lambda tab: tab.task.done())

    assert tab.got[-1] == {"kind": "end"}
