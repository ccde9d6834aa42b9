"""Nine people of every standing, and what they can ask for: of their own, of another workspace, and what does not exist."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.test import override_settings

from notte_dashboard.presets.kinds import KINDS
from notte_dashboard.presets.services.save import save_preset
from notte_dashboard.upkeep.models import Orphan
from notte_dashboard.workspaces.invitations import invite
from notte_dashboard.workspaces.models import Role, Workspace
from tests.factories import make_agent, make_key, make_member, make_session, make_user, make_workspace, record_run_steps
from tests.people import at_work
from tests.pictures import PIXEL
from tests.ports import refusing_port
from tests.scripted_api import KEY
from tests.step_items import agent_step_items

ROLES: dict[str, Role | None] = {
    "anonymous": None,
    "stranger": None,
    "reviewer": Role.REVIEWER,
    "operator": Role.OPERATOR,
    "admin": Role.ADMIN,
    "removed": None,
    "deactivated": Role.ADMIN,
    "staff": None,
    "superuser": None,
}
OUTSIDE = frozenset({"anonymous", "deactivated"})


class Places(NamedTuple):
    own: Mapping[str, Any]
    foreign: Mapping[str, Any]
    missing: Mapping[str, Any]


class Cast(NamedTuple):
    session_keys: Mapping[str, str]
    """Of each person in ROLES; empty for who is signed out."""
    places: Places


@contextmanager
def unreachable_api() -> Iterator[None]:
    """The API of the environment is on a port where nobody listens."""
    with override_settings(NOTTE_API_URL=f"http://127.0.0.1:{refusing_port()}", NOTTE_API_KEY=KEY):
        yield


def make_cast() -> Cast:
    workspace = make_workspace(name="Shared")
    return Cast({name: _sign_in(name, workspace) for name in ROLES}, _make_places(workspace))


def _sign_in(name: str, workspace: Workspace) -> str:
    """At work in the workspace, as somebody who is, was, or never was one of its members."""
    if name == "anonymous":
        return ""
    user = make_user(name, email=f"{name}@example.com", is_staff=name in {"staff", "superuser"})
    User.objects.filter(pk=user.pk).update(is_superuser=name == "superuser")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    role = Role.OPERATOR if name == "removed" else ROLES[name]
    membership = make_member(workspace, user, role) if role else None
    client = at_work(user, workspace).client
    if name == "removed" and membership:
        membership.delete()
    if name == "deactivated":
        User.objects.filter(pk=user.pk).update(is_active=False)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _make_places(workspace: Workspace) -> Places:
    own = _things(workspace, "owner")
    elsewhere = make_workspace(name="Elsewhere")
    missing = {name: 987_654_321 if isinstance(value, int) else uuid4() for name, value in own.items()}
    return Places(own, _things(elsewhere, "foreigner"), missing)


def _things(workspace: Workspace, name: str) -> dict[str, Any]:
    owner = make_user(name)
    member = make_member(workspace, owner, Role.OPERATOR)
    session = record_run_steps(make_session(workspace, owner), agent_step_items(1, picture=PIXEL))
    agent = record_run_steps(
        make_agent(session, owner, "closed", success=True, answer="Done"), agent_step_items(1, picture=PIXEL)
    )
    preset = save_preset(by=owner, workspace=workspace, kind=KINDS["session"], request={}, name="Shared", shared=True).preset
    key = make_key(workspace, base_url=settings.NOTTE_API_URL, key="k" * 20, created_by=owner)
    orphan = Orphan.objects.create(workspace=workspace, api_key=key, session_id=f"o-{name}")
    invitation = invite(by=owner, workspace=workspace, role=Role.REVIEWER).invitation
    uuids = {"session": session, "agent": agent, "preset": preset, "key": key, "invitation": invitation, "workspace": workspace}
    return {name: thing.uuid for name, thing in uuids.items()} | {"member": member.pk, "orphan": orphan.pk}
