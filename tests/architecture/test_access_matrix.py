"""Every route of the resolver and every socket, for everybody, for what is theirs, somebody else's and nowhere, by every method.

Nothing is listed here: a new route without an entry in policy.py fails, and so does every answer that the entry does not expect.
"""

import json
import logging
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from inspect import getclosurevars, isfunction
from typing import Any, NamedTuple

import pytest
from channels.routing import URLRouter
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from notte_dashboard.workspaces.access import POLICY, Action
from notte_dashboard.workspaces.models import Role, Workspace
from tests.architecture import policy
from tests.architecture.cast import OUTSIDE, ROLES, Places, client_of, places
from tests.architecture.policy import IN_ADMIN, ROUTES, Rule
from tests.realtime.conftest import HOST, PATIENCE, SELF, Socket, nothing_left  # noqa: F401 - a fixture

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
LIBRARY_METHODS = ("GET", "POST", "DELETE")
FILLED = {"seq": 2, "number": 1, "form": "json", "token": "no-such-token"}
LIBRARY_FILLED = {
    "object_id": "1", "id": "1", "content_type_id": "1", "app_label": "auth", "url": "nowhere", "pk": "1", "key": "k-1",
    "uidb36": "1", "provider_id": "sso",
}  # fmt: skip
LOGINS = ("/accounts/login/", "/admin/login/")
OF_ONE_ANSWER = re.compile(rb'(name="csrfmiddlewaretoken" value=|X-CSRFToken&quot;: &quot;|"X-CSRFToken": )"?[A-Za-z0-9]{64}')
WRITES = re.compile(r'^\s*(?:INSERT|UPDATE|DELETE)[^"]*"(?!django_session|audit_)(\w+)"', re.IGNORECASE)
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Route(NamedTuple):
    name: str
    address: str
    """With {names} where something is to be filled in."""

    def at(self, things: dict[str, Any]) -> str:
        return "/" + self.address.format(**things)


def routes() -> list[Route]:
    return list(_walk(get_resolver()))


def _walk(resolver: URLResolver, namespace: str = "", before: str = "") -> Iterator[Route]:
    for each in resolver.url_patterns:
        address = before + _template(each)
        if isinstance(each, URLResolver):
            yield from _walk(each, namespace + (f"{each.namespace}:" if each.namespace else ""), address)
        else:
            yield Route(namespace + (each.name or ""), address)


def _template(each: URLPattern | URLResolver) -> str:
    text = str(each.pattern)
    if isinstance(each.pattern, RegexPattern):
        return re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", text.removeprefix("^").removesuffix("$"))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text)


ALL = routes()
OURS = [route for route in ALL if route.name in ROUTES]
LIBRARIES = [route for route in ALL if route.name not in ROUTES]


@pytest.fixture(autouse=True)
def _without_a_line_for_each_refusal(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture
def stage(workspace: Workspace, nobody_answers: None) -> Places:
    return places(workspace)


def test_every_route_has_an_entry_and_every_entry_a_route():
    names = {route.name for route in ALL if route.name and not route.name.startswith(IN_ADMIN)}
    known = {*ROUTES, *policy.BEFORE_SIGNING_IN, *policy.OF_AN_ACCOUNT}
    assert names - known == set()
    assert known - names == set()
    nameless = {route.address.removeprefix("accounts/") for route in ALL if not route.name}
    assert nameless == policy.OLD_ADDRESSES


@pytest.mark.parametrize("person", ROLES)
def test_our_routes_answer_as_the_policy_says(person: str, workspace: Workspace, stage: Places) -> None:
    client = client_of(person, workspace)
    surprises = [found for route in OURS for found in _surprises(client, person, route, stage)]
    assert not surprises, "\n".join(surprises)


def _surprises(client: Client, person: str, route: Route, stage: Places) -> Iterator[str]:
    rule = ROUTES[route.name]
    bodies: dict[tuple[str, str], bytes] = {}
    for where, things in stage._asdict().items():
        if where != "own" and not rule.target:
            continue
        for method in METHODS:
            filled = FILLED | ({"uuid": things[rule.target], "pk": things[rule.target]} if rule.target else {})
            told = f"{person} {method} {route.name} ({where})"
            path = route.at(filled)
            status, location, body, wrong = _ask(client, method, path)
            expected = _expected(rule, route.name, person, where, method)
            if status not in expected or (status == 302 and person in OUTSIDE and not location.startswith(LOGINS)):
                yield f"{told}: {status} {location}, not {sorted(expected)}"
            yield from (f"{told}: {each}" for each in wrong)
            bodies[where, method] = body.replace(path.encode(), b"")
    yield from (
        f"{person} {method} {route.name}: foreign is not missing"
        for method in METHODS
        if rule.target and bodies["foreign", method] != bodies["missing", method]
    )


def _expected(rule: Rule, name: str, person: str, where: str, method: str) -> frozenset[int]:
    if person in OUTSIDE and rule.who != policy.EVERYBODY:
        return frozenset({302})
    if rule.who == policy.OPERATOR_OF_THE_SERVER and person not in {"staff", "superuser"}:
        return frozenset({302, 403})
    by_admins = name in policy.POSTED_BY_ADMINS and method == "POST"
    if method not in rule.methods and not by_admins:
        return frozenset({405})
    if rule.who == policy.SUPERUSER and person != "superuser":
        return frozenset({404})
    if rule.who not in POLICY:
        return rule.answers
    return _by_role(rule, Action.MANAGE if by_admins else Action(rule.who), person, where)


def _by_role(rule: Rule, action: Action, person: str, where: str) -> frozenset[int]:
    role = ROLES[person]
    # Who is no member here is at work in a workspace of their own, as its admin.
    current = role or Role.ADMIN
    if not rule.target:
        return rule.answers if current in POLICY[action] else frozenset({403})
    if rule.by_current and current not in POLICY[action]:
        return frozenset({403})
    if where != "own" or role is None:
        return frozenset({404})
    allowed = role in POLICY[action] and (not rule.then or role in POLICY[Action(rule.then)])
    return rule.answers if allowed else frozenset({403})


def _ask(client: Client, method: str, path: str) -> tuple[int, str, bytes, list[str]]:
    """What comes of it is undone: the next one meets the same world."""
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        answer = client.generic(method, path)
        body = answer.getvalue()
        if answer.streaming and answer.file_to_stream:
            answer.file_to_stream.close()
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(kept)
    wrong = [f"{name}: {answer.get(name)}" for name, value in GUARDS.items() if answer.get(name) != value]
    if "default-src 'none'" not in answer.get("Content-Security-Policy", ""):
        wrong.append("no policy")
    if answer.status_code >= 500 and answer.status_code != 503:
        wrong.append("broken")
    if method in {"GET", "HEAD"}:
        wrong += [f"writes {found[1]}" for query in queries if (found := WRITES.match(query["sql"]))]
    return answer.status_code, answer.get("Location", ""), OF_ONE_ANSWER.sub(b"", body), wrong


@pytest.mark.parametrize("person", ROLES)
def test_the_libraries_routes_are_no_way_around(person: str, workspace: Workspace, stage: Places) -> None:
    """Accounts and the admin pages: who is signed out gets in nowhere, who is no staff sees no admin page, nothing breaks."""
    client = client_of(person, workspace)
    surprises = []
    for route in LIBRARIES:
        for method in LIBRARY_METHODS:
            status, location, _, wrong = _ask(client, method, route.at(LIBRARY_FILLED))
            if not _is_fine(route.name, person, status, location):
                surprises.append(f"{person} {method} {route.name} {route.address}: {status} {location}")
            surprises += [f"{person} {method} {route.name}: {each}" for each in wrong]
    assert not surprises, "\n".join(surprises)


def _is_fine(name: str, person: str, status: int, location: str) -> bool:
    if name in policy.OF_AN_ACCOUNT and person in OUTSIDE:
        return status == 405 or (status == 302 and location.startswith(LOGINS))
    if name.startswith(IN_ADMIN) and person not in {"staff", "superuser"}:
        return status in {302, 403, 404, 405}
    if name.startswith(IN_ADMIN) and person == "staff" and name not in policy.OF_ALL_STAFF:
        # What is not there sends back to the head of the panel, and an old address to the new one, which refuses.
        return status in {403, 404, 405} or (status == 302 and (location == "/admin/" or location.endswith("/change/")))
    return status < 500


@pytest.mark.parametrize("person", ["anonymous", "admin", "superuser"])
def test_no_post_is_taken_without_its_token(person: str, workspace: Workspace, stage: Places) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = client_of(person, workspace).cookies
    things = stage.own
    taken = []
    for route in ALL:
        target = ROUTES[route.name].target if route.name in ROUTES else ""
        filled = LIBRARY_FILLED | FILLED | ({"uuid": things[target], "pk": things[target]} if target else {})
        status, *_ = _ask(careful, "POST", route.at(filled))
        if status != 403:
            taken.append(f"{route.name} {route.address}: {status}")
    assert not taken, "\n".join(taken)


# --- sockets --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=ROLES)
def visitor(request: pytest.FixtureRequest, nothing_left: None, workspace: Workspace) -> tuple[str, str]:  # noqa: F811
    """Who, and the cookie of their login."""
    cookies = client_of(request.param, workspace).cookies
    return request.param, cookies["sessionid"].value if cookies else ""


async def test_sockets_open_for_members_only(visitor: tuple[str, str], stage: Places) -> None:
    person, cookie = visitor
    found = {
        (address, where): await _first_word(address.format(uuid=things[kind]), cookie)
        for address, kind in policy.SOCKETS.items()
        for where, things in stage._asdict().items()
    }
    refused = 4401 if person in OUTSIDE else 4404
    member = ROLES[person] is not None and person not in OUTSIDE
    assert found == {key: "hello" if member and key[1] == "own" else refused for key in found}


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
