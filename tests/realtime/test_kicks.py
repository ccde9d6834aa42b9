"""Whoever loses a right, or a login, is cut off at once: nobody waits for the look that comes every half minute."""

import asyncio
import time

import pytest
from django.contrib.auth.models import User
from django.test import Client

from notte_dashboard.realtime import kicks, rights
from notte_dashboard.workspaces.members import change_role, remove
from notte_dashboard.workspaces.models import Membership, Role
from tests.realtime.conftest import in_thread

WITHIN = 30


def _sign_in(client):
    client.logout()
    assert client.post("/accounts/login/", {"login": "bob", "password": "bob-password"}).status_code == 302


def _membership(person):
    return Membership.objects.get(user=person.user, workspace=person.workspace)


def _removed(person):
    remove(_membership(person))


def _demoted(person):
    change_role(_membership(person), Role.REVIEWER)


def _promoted(person):
    change_role(_membership(person), Role.ADMIN)
    change_role(_membership(person), Role.REVIEWER)


def _signed_out(person):
    person.client.post("/accounts/logout/")


def _signed_out_from_elsewhere(person):
    """The bob of another browser finds a login that is not his, and ends it."""
    elsewhere = Client()
    _sign_in(elsewhere)
    elsewhere.post("/accounts/sessions/")


def _deactivated(person):
    user = User.objects.get(pk=person.user.pk)
    user.is_active = False
    user.save()


def _deleted(person):
    User.objects.get(pk=person.user.pk).delete()


def _with_another_password(person):
    person.client.post(
        "/accounts/password/change/",
        {"oldpassword": "bob-password", "password1": "another long phrase", "password2": "another long phrase"},
    )


@pytest.fixture(autouse=True)
def _no_other_look(monkeypatch):
    """Only a kick can be the reason."""
    monkeypatch.setattr(rights, "CHECK_AGAIN", 600.0)


async def opened(socket):
    assert (await socket.connect())[0]
    await socket.next("state")
    async with asyncio.timeout(WITHIN):
        while not kicks._listeners:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.01)
    return socket


@pytest.mark.parametrize(
    ("loses", "codes", "next_request"),
    [
        (_removed, {4403}, 404),
        (_demoted, {1012}, 200),
        (_promoted, {1012}, 200),
        (_signed_out, {4401}, 302),
        (_signed_out_from_elsewhere, {4401}, 302),
        (_deactivated, {4401}, 302),
        (_deleted, {4401, 4403}, 302),
        (_with_another_password, {4401}, 200),
    ],
)
async def test_an_open_socket_is_cut_within_seconds_and_the_next_request_is_refused(
    page_of, run, alice, bob, loses, codes, next_request
):
    """A new password leaves the login it was changed in; its sockets come back with the new one."""
    await in_thread(_sign_in)(bob.client)
    socket = await opened(page_of(run, bob))
    began = time.monotonic()

    await in_thread(loses)(bob)

    assert await socket.closed() in codes
    assert time.monotonic() - began < WITHIN
    answer = await in_thread(bob.client.get)(f"/sessions/{run.uuid}/")
    assert answer.status_code == next_request


async def test_others_stay(page_of, run, alice, bob):
    hers = await opened(page_of(run, alice))

    await in_thread(_deactivated)(bob)

    assert await hers.receive_nothing(0.3)


async def test_nobody_listens_when_nobody_is_there(page_of, run, bob):
    socket = await opened(page_of(run, bob))

    await socket.disconnect()

    async with asyncio.timeout(WITHIN):
        while kicks._listeners:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.01)


async def test_a_kick_without_redis_is_only_a_warning(settings, caplog):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": "redis://127.0.0.1:1", "socket_connect_timeout": 1}]},
        }
    }
    await kicks.kick(1)
    assert "did not take the kick" in caplog.text
