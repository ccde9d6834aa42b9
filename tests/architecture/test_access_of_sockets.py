"""Every socket, for everybody, for what is theirs, somebody else's and nowhere; one without an entry in policy.py fails."""

import json
import re
from collections.abc import Iterator
from inspect import getclosurevars, isfunction
from itertools import product
from typing import Any

import pytest
from channels.routing import URLRouter

from tests.architecture import policy
from tests.architecture.cast import OUTSIDE, ROLES, Cast, make_cast, unreachable_api
from tests.realtime.conftest import HOST, PATIENCE, SELF, Socket, nothing_left  # noqa: F401 - a fixture


@pytest.fixture
def cast(nothing_left: None) -> Iterator[Cast]:  # noqa: F811
    with unreachable_api():
        yield make_cast()


async def test_sockets_open_for_members_only(cast: Cast) -> None:
    cells = list(product(ROLES, policy.SOCKETS, cast.places._fields))
    answers = {cell: await _ask(cast, *cell) for cell in cells}
    assert answers == {cell: _expected(cell[0], cell[2]) for cell in cells}


async def _ask(cast: Cast, person: str, address: str, where: str) -> Any:
    things = getattr(cast.places, where)
    return await _first_word(address.format(uuid=things[policy.SOCKETS[address]]), cast.session_keys[person])


def _expected(person: str, where: str) -> str | int:
    if person in OUTSIDE:
        return 4401
    return "hello" if ROLES[person] is not None and where == "own" else 4404


def test_every_socket_has_an_entry():
    from notte_dashboard.asgi import websocket  # noqa: PLC0415 - needs Django to be set up

    application = websocket
    while not isinstance(application, URLRouter):
        inside = getclosurevars(application).nonlocals.values() if isfunction(application) else [application.inner]
        (application,) = [each for each in inside if callable(each)]
    addresses = {re.sub(r"<\w+:(\w+)>", r"{\1}", str(each.pattern)) for each in application.routes}
    assert addresses == {address.partition("?")[0] for address in policy.SOCKETS}


async def _first_word(address: str, cookie: str) -> Any:
    """The kind of its first message, or the code it is closed with."""
    from notte_dashboard.asgi import websocket  # noqa: PLC0415 - needs Django to be set up

    socket = Socket(websocket, f"/{address}", [(b"host", HOST), (b"origin", SELF), (b"cookie", f"sessionid={cookie}".encode())])
    assert (await socket.connect())[0], "a refusal before the accept is retried for ever"
    said = await socket.receive_output(PATIENCE)
    await socket.disconnect()
    return said["code"] if said["type"] == "websocket.close" else json.loads(said["text"])["kind"]
