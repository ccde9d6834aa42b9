"""How much a workspace, and a member in it, may use: asked with the workspace held, so that two starts can't both fit."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from notte_dashboard.runs.models import Run
from notte_dashboard.runs.states import OVER
from notte_dashboard.workspaces.models import Limits, Membership, Workspace

DURATION = "max_duration_minutes"
MINUTE = timedelta(minutes=1)


class LimitError(Exception):
    """A limit is reached; the message says which, and how much is left. `field` is what could be changed about it."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Usage(NamedTuple):
    """One limit, as it is shown before it bites."""

    name: str
    whose: str
    used: int
    most: int

    @property
    def left(self) -> int:
        return max(self.most - self.used, 0)


class Shown(NamedTuple):
    usages: list[Usage]
    longest: int | None
    """Minutes a session may last."""


class _Scope(NamedTuple):
    limits: Limits
    whose: str
    rows: Q


def hold(workspace: Workspace) -> None:
    """Until the end of the transaction nobody else starts anything here."""
    Workspace.objects.select_for_update(no_key=True).values_list("pk").get(pk=workspace.pk)


def allowed_session(workspace: Workspace, by: User, request: dict[str, Any]) -> dict[str, Any]:
    """The request, with the longest allowed time limit where it asks for none and the API's own is longer. Raises LimitError."""
    scopes = _scopes(workspace, by)
    for scope in scopes:
        for usage in (_sessions(scope), _minutes(scope)):
            _require_room(usage)
    longest = _longest(scopes)
    if longest is None:
        return request
    asked = request.get(DURATION)
    if asked is None:
        return request | {DURATION: longest}
    if isinstance(asked, int | float) and asked > longest:
        raise LimitError(f"A session here may last {longest} minutes at most.", DURATION)
    return request


def require_room_for_an_agent(workspace: Workspace, by: User) -> None:
    for scope in _scopes(workspace, by):
        _require_room(_agents(scope))


def in_force(workspace: Workspace, by: User) -> Shown:
    """Every limit that holds for this person here, with what is used of it."""
    scopes = _scopes(workspace, by)
    found = [usage(scope) for scope in scopes for usage in (_sessions, _agents, _minutes)]
    return Shown([each for each in found if each], _longest(scopes))


def _longest(scopes: list[_Scope]) -> int | None:
    return min((each.limits.longest_minutes for each in scopes if each.limits.longest_minutes is not None), default=None)


def _require_room(usage: Usage | None) -> None:
    if usage and usage.used >= usage.most:
        raise LimitError(f"The limit of {usage.most} {usage.name} {usage.whose} is reached: {usage.used} in use, none left.")


def _scopes(workspace: Workspace, by: User) -> list[_Scope]:
    """As they stand now: the row in hand may be older than an admin's change."""
    membership = Membership.objects.select_related("workspace").filter(workspace=workspace.pk, user=by.pk).first()
    if membership is None:
        return []
    whole = _Scope(membership.workspace, "in this workspace", Q(workspace=workspace.pk))
    return [whole, _Scope(membership, "for you", Q(workspace=workspace.pk, started_by=by.pk))]


def _sessions(scope: _Scope) -> Usage | None:
    most = scope.limits.concurrent_sessions
    return None if most is None else Usage("sessions at once", scope.whose, _under_way("session", scope).count(), most)


def _agents(scope: _Scope) -> Usage | None:
    most = scope.limits.concurrent_agents
    return None if most is None else Usage("agents at once", scope.whose, _under_way("agent", scope).count(), most)


def _minutes(scope: _Scope) -> Usage | None:
    most = scope.limits.minutes_a_day
    return None if most is None else Usage("browser minutes today", scope.whose, minutes_since_midnight(scope.rows), most)


def minutes_since_midnight(rows: Q) -> int:
    """Started minutes, as they are billed; a session that runs over midnight counts from then on."""
    now = timezone.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    lived = _rows("session").filter(rows, active_at__isnull=False).filter(Q(ended_at=None) | Q(ended_at__gt=midnight))
    return sum(_minutes_of(max(began, midnight), ended or now) for began, ended in lived.values_list("active_at", "ended_at"))


def _minutes_of(began: datetime, ended: datetime) -> int:
    return ceil(max(ended - began, timedelta(0)) / MINUTE)


def _under_way(kind: str, scope: _Scope) -> QuerySet[Any]:
    return _rows(kind).filter(scope.rows).exclude(state__in=OVER)


def _rows(kind: str) -> QuerySet[Any]:
    """Of the app that has this kind: it is above this layer."""
    model = next(model for model in Run.__subclasses__() if model.kind == kind)
    return model.objects.order_by()
