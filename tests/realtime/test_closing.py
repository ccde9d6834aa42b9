"""When a socket is closed: the right to it is gone, its page does not read, its run can not be shown."""

import asyncio

import pytest
from django.contrib.auth.models import User

from notte_dashboard.realtime import hub, rights
from notte_dashboard.realtime.publish import announce
from notte_dashboard.workspaces.models import Membership, Role
from sessions_app.models import SessionStep
from tests.realtime.conftest import add_steps, in_thread
from tests.realtime.looking import no_new_subscriptions


async def opened(socket):
    assert (await socket.connect())[0], "a refusal before the accept is retried for ever"
    return socket


@pytest.fixture
def strict(monkeypatch):
    monkeypatch.setattr(rights, "CHECK_AGAIN", 0.05)


def _removed(person):
    Membership.objects.filter(user=person.user, workspace=person.workspace).delete()


def _demoted(person):
    Membership.objects.filter(user=person.user, workspace=person.workspace).update(role=Role.REVIEWER)


def _signed_out(person):
    person.client.logout()


def _deactivated(person):
    User.objects.filter(pk=person.user.pk).update(is_active=False)


def _deleted(person):
    person.user.delete()


def _with_another_password(person):
    person.user.set_password("another long password")
    person.user.save()


@pytest.mark.parametrize(
    ("loses", "codes"),
    [
        (_removed, {4403}),
        (_demoted, {1012}),
        (_signed_out, {4401}),
        (_deactivated, {4401}),
        (_deleted, {4401, 4403}),
        (_with_another_password, {4401}),
    ],
)
async def test_a_socket_ends_with_the_right_to_it(page_of, run, bob, strict, loses, codes):
    socket = await opened(page_of(run, bob))
    await socket.next("state")

    await in_thread(loses)(bob)

    assert await socket.closed() in codes


async def test_a_socket_stays_while_nothing_changes(page_of, run, bob, strict, patient):
    socket = await opened(page_of(run, bob))
    await socket.next("state")

    assert await socket.receive_nothing(0.4)


# --- sockets that fail ----------------------------------------------------------------------------------------------------------


@pytest.mark.clock
async def test_a_page_that_does_not_read_is_let_go(run, bob, monkeypatch):
    """The server's `send` of a client whose buffers are full does not return."""
    from notte_dashboard.asgi import websocket  # noqa: PLC0415 - needs Django to be set up

    monkeypatch.setattr(hub, "SEND_WITHIN", 0.1)
    await add_steps(run, 3)
    events, stuck, code = asyncio.Queue(), asyncio.Event(), asyncio.get_running_loop().create_future()

    async def send(message):
        if message["type"] == "websocket.close":
            code.set_result(message["code"])
        elif message["type"] == "websocket.send" and "steps" in message["text"]:
            await stuck.wait()

    cookie = f"sessionid={bob.client.cookies['sessionid'].value}".encode()
    headers = [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:8000"), (b"cookie", cookie)]
    scope = {
        "type": "websocket",
        "path": f"/ws/sessions/{run.uuid}/",
        "query_string": b"",
        "headers": headers,
        "subprotocols": [],
    }
    served = asyncio.create_task(websocket(scope, events.get, send))
    await events.put({"type": "websocket.connect"})

    assert await asyncio.wait_for(code, 30) == 1013

    await events.put({"type": "websocket.disconnect", "code": 1006})
    await asyncio.wait_for(served, 30)


async def test_a_page_whose_run_can_not_be_shown_is_told_to_come_back(page_of, run, bob, patient, caplog):
    """It is reading the steps that fails; an open socket without them would look like a quiet run."""
    await add_steps(run, 3)
    await in_thread(SessionStep.objects.filter(run=run).update)(payload=["no object"])
    socket = await opened(page_of(run, bob))

    assert await socket.closed() == 1012
    assert "Following" in caplog.text


async def test_a_closed_page_leaves_nothing_behind(page_of, run, bob, nothing_left):
    socket = await opened(page_of(run, bob))
    await socket.next("state")
    (feed,) = hub._feeds.values()

    await socket.disconnect()

    assert hub._feeds == {}
    await asyncio.gather(*feed.tasks, return_exceptions=True)
    await no_new_subscriptions(nothing_left)


# --- what ends -----------------------------------------------------------------------------------------------------------------


async def test_the_page_of_a_deleted_run_is_told_and_its_feed_ends(page_of, run, bob, caplog):
    socket = await opened(page_of(run, bob))
    await socket.next("state")

    await in_thread(run.delete)()
    await announce(run)

    assert await socket.closed() == 4404
    assert hub._feeds == {}
    assert "could not be read" not in caplog.text


async def test_a_user_has_so_many_sockets_and_no_more(page_of, run, bob, vera, monkeypatch):
    monkeypatch.setattr(rights, "MOST_SOCKETS", 2)
    first, second = [await opened(page_of(run, bob)) for _ in range(2)]

    assert await (await opened(page_of(run, bob))).closed() == 4429
    assert (await (await opened(page_of(run, vera))).next("state"))["fragments"]

    await first.disconnect()
    third = await opened(page_of(run, bob))
    assert (await third.next("state"))["fragments"]
    assert (await second.next("state"))["fragments"]


async def test_sockets_of_one_login_are_checked_together(page_of, run, bob, strict, patient):
    sockets = [await opened(page_of(run, bob)) for _ in range(3)]
    for socket in sockets:
        await socket.next("state")

    assert len(rights._checks) == 1
    await in_thread(_signed_out)(bob)

    assert [await socket.closed() for socket in sockets] == [4401] * 3
    for socket in sockets:
        await socket.disconnect()
    assert (rights._checks, dict(rights._open)) == ({}, {})
