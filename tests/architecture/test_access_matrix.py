"""Every route of the resolver, for everybody, for what is theirs, somebody else's and nowhere, by every method.

Nothing is listed here: a new route without an entry in policy.py fails, and so does every answer that the entry does not expect.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from notte_dashboard.workspaces.access import POLICY, Action
from notte_dashboard.workspaces.models import Role
from tests.architecture import policy
from tests.architecture.asking import Answer, Asker
from tests.architecture.cast import OUTSIDE, ROLES, Cast, Places, make_cast, unreachable_api
from tests.architecture.policy import IN_ADMIN, ROUTES, Rule
from tests.architecture.routes import Route, routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
LIBRARY_METHODS = ("GET", "POST", "DELETE")
FILLED = {"seq": 2, "number": 1, "form": "json", "token": "no-such-token"}
LIBRARY_FILLED = {
    "object_id": "1", "id": "1", "content_type_id": "1", "app_label": "auth", "url": "nowhere", "pk": "1", "key": "k-1",
    "uidb36": "1", "provider_id": "sso",
}  # fmt: skip
LOGINS = ("/accounts/login/", "/admin/login/")
ALL = routes()
OURS = [route for route in ALL if route.name in ROUTES]
LIBRARIES = [route for route in ALL if route.name not in ROUTES]


@pytest.fixture(autouse=True)
def _without_a_line_for_each_refusal(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """In one transaction around all tests of this module, in which each request is undone by itself."""
    with django_db_blocker.unblock(), unreachable_api(), transaction.atomic():
        yield make_cast()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker()


def test_every_route_has_an_entry_and_every_entry_a_route():
    names = {route.name for route in ALL if route.name and not route.name.startswith(IN_ADMIN)}
    known = {*ROUTES, *policy.BEFORE_SIGNING_IN, *policy.OF_AN_ACCOUNT}
    assert names - known == set()
    assert known - names == set()
    nameless = {route.address.removeprefix("accounts/") for route in ALL if not route.name}
    assert nameless == policy.OLD_ADDRESSES


@pytest.mark.django_db
@pytest.mark.parametrize("person", ROLES)
def test_our_routes_answer_as_the_policy_says(person: str, cast: Cast, asker: Asker) -> None:
    offenders = [each for route in OURS for each in _offenders(cast, asker, person, route)]
    assert not offenders, "\n".join(offenders)


def _offenders(cast: Cast, asker: Asker, person: str, route: Route) -> Iterator[str]:
    rule = ROUTES[route.name]
    for method in METHODS:
        answers = {where: _ask(cast, asker, person, method, route, where) for where in _places_of(rule)}
        for where, answer in answers.items():
            yield from _faults(rule, route, person, where, method, answer)
        if rule.target and answers["foreign"].body != answers["missing"].body:
            yield f"{person} {method} {route.name}: foreign is not missing"


def _places_of(rule: Rule) -> tuple[str, ...]:
    return Places._fields if rule.target else ("own",)


def _ask(cast: Cast, asker: Asker, person: str, method: str, route: Route, where: str) -> Answer:
    """The address is taken out of the body: pages repeat it."""
    path = route.at(FILLED | _target(route, getattr(cast.places, where)))
    answer = asker.ask(cast.session_keys[person], method, path)
    return replace(answer, body=answer.body.replace(path.encode(), b""))


def _target(route: Route, things: Mapping[str, Any]) -> dict[str, Any]:
    target = ROUTES[route.name].target if route.name in ROUTES else ""
    return {"uuid": things[target], "pk": things[target]} if target else {}


def _faults(rule: Rule, route: Route, person: str, where: str, method: str, answer: Answer) -> Iterator[str]:
    cell = f"{person} {method} {route.name} ({where})"
    expected = _expected(rule, route.name, person, where, method)
    to_login = answer.status != 302 or person not in OUTSIDE or answer.location.startswith(LOGINS)
    if answer.status not in expected or not to_login:
        yield f"{cell}: {answer.status} {answer.location}, not {sorted(expected)}"
    yield from (f"{cell}: {fault}" for fault in answer.faults)


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


@pytest.mark.django_db
@pytest.mark.parametrize("person", ROLES)
def test_the_libraries_routes_are_no_way_around(person: str, cast: Cast, asker: Asker) -> None:
    """Accounts and the admin pages: who is signed out gets in nowhere, who is no staff sees no admin page, nothing breaks."""
    offenders = []
    for route in LIBRARIES:
        for method in LIBRARY_METHODS:
            answer = asker.ask(cast.session_keys[person], method, route.at(LIBRARY_FILLED))
            if not _is_fine(route.name, person, answer.status, answer.location):
                offenders.append(f"{person} {method} {route.name} {route.address}: {answer.status} {answer.location}")
            offenders += [f"{person} {method} {route.name}: {fault}" for fault in answer.faults]
    assert not offenders, "\n".join(offenders)


def _is_fine(name: str, person: str, status: int, location: str) -> bool:
    if name in policy.OF_AN_ACCOUNT and person in OUTSIDE:
        return status == 405 or (status == 302 and location.startswith(LOGINS))
    if name.startswith(IN_ADMIN) and person not in {"staff", "superuser"}:
        return status in {302, 403, 404, 405}
    if name.startswith(IN_ADMIN) and person == "staff" and name not in policy.OF_ALL_STAFF:
        # What is not there sends back to the head of the panel, and an old address to the new one, which refuses.
        return status in {403, 404, 405} or (status == 302 and (location == "/admin/" or location.endswith("/change/")))
    return status < 500


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["anonymous", "admin", "superuser"])
def test_no_post_is_taken_without_its_token(person: str, cast: Cast) -> None:
    careful = Asker(csrf_checks=True)
    taken = []
    for route in ALL:
        path = route.at(LIBRARY_FILLED | FILLED | _target(route, cast.places.own))
        status = careful.ask(cast.session_keys[person], "POST", path).status
        if status != 403:
            taken.append(f"{route.name} {route.address}: {status}")
    assert not taken, "\n".join(taken)
