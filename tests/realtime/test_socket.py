"""A page's socket: who gets one, what it brings, and when it is closed."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from notte_dashboard.realtime import news
from notte_dashboard.realtime.publish import announce
from notte_dashboard.runs.states import State
from sessions_app.models import BrowserSession
from tests.realtime.conftest import add_steps, finish, in_thread, tell


@in_thread
def change(run, **columns):
    BrowserSession.objects.filter(pk=run.pk).update(**columns)


async def opened(socket):
    assert (await socket.connect())[0], "a refusal before the accept is retried for ever"
    return socket


# --- who --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["alice", "bob", "vera"])
async def test_members_are_greeted(page_of, run, alice, bob, vera, name):
    socket = await opened(page_of(run, {"alice": alice, "bob": bob, "vera": vera}[name]))

    assert await socket.receive_json_from() == {"kind": "hello", "seq": 0, "beat": news.BEAT}
    assert (await socket.next("state"))["fragments"]


@pytest.mark.parametrize(
    ("who", "origin", "code"),
    [
        ("eve", b"http://localhost:8000", 4404),
        ("nobody", b"http://localhost:8000", 4401),
        ("bob", b"http://localhost:8001", 4403),
        ("bob", b"https://localhost:8000", 4403),
        ("bob", b"null", 4403),
        ("nobody", b"http://evil.test", 4403),
    ],
)
async def test_others_are_refused_with_a_reason_and_nothing_else(page_of, run, bob, eve, who, origin, code):
    socket = await opened(page_of(run, {"bob": bob, "eve": eve, "nobody": None}[who], origin=origin))

    assert await socket.receive_output() == {"type": "websocket.close", "code": code}
    assert await socket.receive_nothing()


async def test_a_foreign_run_is_refused_like_a_missing_one(page_of, run, eve):
    codes = [await (await opened(page_of(where, eve))).closed() for where in (run, uuid4())]

    assert codes == [4404, 4404]


async def test_a_deactivated_member_is_refused(page_of, run, bob):
    await in_thread(User.objects.filter(pk=bob.user.pk).update)(is_active=False)

    assert await (await opened(page_of(run, bob))).closed() == 4401


# --- what -------------------------------------------------------------------------------------------------------------------


async def test_steps_come_before_the_state_that_tells_of_them(page_of, run, bob):
    await add_steps(run, 3)
    socket = await opened(page_of(run, bob))

    kinds = [(await socket.receive_json_from())["kind"] for _ in range(3)]

    assert kinds == ["hello", "steps", "state"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("", 1),
        ("?after=0", 1),
        ("?after=4", 5),
        ("?x=1&after=4&y", 5),
        ("?after=-1", 1),
        ("?after=", 1),
        ("?after=four", 1),
        ("?after=4.0", 1),
        ("?after=9999999999999999", 1),
        ("?after=%34", 1),
        ("?AFTER=4", 1),
        ("?after=%FF%00", 1),
    ],
)
async def test_a_page_gets_what_it_does_not_have_yet(page_of, run, bob, query, first):
    await add_steps(run, 6)
    socket = await opened(page_of(run, bob, query))

    assert (await socket.receive_json_from())["seq"] == first - 1
    assert await socket.steps(6) == [(first, 6)]


@pytest.mark.parametrize("after", [6, 999])
async def test_a_page_that_has_everything_gets_the_state_only(page_of, run, bob, after):
    await add_steps(run, 6)
    socket = await opened(page_of(run, bob, f"?after={after}"))

    await socket.receive_json_from()
    assert (await socket.receive_json_from())["kind"] == "state"
    assert await socket.receive_nothing(0.1)


async def test_a_long_run_comes_in_pages_without_a_gap(page_of, run, bob):
    await add_steps(run, 470)
    socket = await opened(page_of(run, bob, "?after=7"))

    ranges = await socket.steps(470)

    assert ranges == [(8, 207), (208, 407), (408, 470)]


async def test_what_is_written_while_a_page_catches_up_is_not_missed(page_of, run, bob, patient):
    await add_steps(run, 450)
    socket = await opened(page_of(run, bob))
    await socket.next("steps")

    for _ in range(5):
        await tell(run)
    ranges = await socket.steps(455)

    assert [first for first, _ in ranges] == [201, *(last + 1 for _, last in ranges[:-1])]


async def test_a_step_is_painted_as_soon_as_it_is_announced(page_of, run, bob, patient):
    socket = await opened(page_of(run, bob))
    await socket.next("state")

    for number in range(1, 6):
        await tell(run)
        message = await socket.next("steps")
        assert (message["from"], message["to"]) == (number, number)
        assert f'data-step-seq="{number}"' in message["html"]


async def test_a_state_is_sent_when_it_changes_and_only_the_parts_that_did(page_of, run, bob, patient):
    socket = await opened(page_of(run, bob))
    everything = {each["id"] for each in (await socket.next("state"))["fragments"]}

    await change(run, state=State.STOPPING)
    await tell(run, 0)
    changed = {each["id"]: each["html"] for each in (await socket.next("state"))["fragments"]}

    assert {"status", "actions"} <= set(changed) < everything
    assert 'data-status="stopping"' in changed["status"]
    await tell(run, 0)
    assert await socket.receive_nothing(0.2)


async def test_whoever_looks_is_noted_for_the_watch(page_of, run, bob):
    socket = await opened(page_of(run, bob))
    await socket.next("state")

    await in_thread(run.refresh_from_db)()
    assert run.viewed_at


async def test_what_a_page_says_is_not_listened_to(page_of, run, bob, patient):
    socket = await opened(page_of(run, bob))
    await socket.next("state")

    for text in ("{}", "x" * 10_000, '{"after": 0}'):
        await socket.send_to(text_data=text)
    await socket.send_to(bytes_data=b"\x00\xff")
    assert await socket.receive_nothing(0.1)

    await tell(run)
    assert await socket.steps(1) == [(1, 1)]


# --- the end ----------------------------------------------------------------------------------------------------------------


async def test_the_end_comes_after_the_last_step_and_closes(page_of, run, bob, patient):
    socket = await opened(page_of(run, bob))
    await socket.next("state")

    await finish(run, 2)
    await announce(run)

    assert await socket.steps(2) == [(1, 2)]
    assert (await socket.next("state"))["fragments"]
    assert await socket.receive_json_from() == {"kind": "end"}
    assert await socket.closed() == 1000


async def test_the_end_waits_for_the_last_look(page_of, run, bob, patient):
    await change(run, state=State.CLOSED, lease_owner="nobody", lease_until="2020-01-01T00:00:00Z")
    socket = await opened(page_of(run, bob))
    await socket.next("state")
    assert await socket.receive_nothing(0.1)

    await tell(run, 1)
    assert await socket.steps(1) == [(1, 1)]
    await change(run, lease_owner="", lease_until=None)
    await tell(run, 0)

    assert await socket.closed() == 1000


async def test_a_page_of_an_ended_run_gets_everything_and_the_end(page_of, run, bob):
    await add_steps(run, 250)
    await change(run, state=State.ERROR)
    socket = await opened(page_of(run, bob, "?after=200"))

    assert await socket.steps(250) == [(201, 250)]
    assert await socket.next("end") == {"kind": "end"}
    assert await socket.closed() == 1000
