"""Rights can go while a page stays open: asked again on a kick, and now and then.

Once for all the sockets of one login in one workspace.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError

from notte_dashboard.realtime.accounts import still_signed_in
from notte_dashboard.realtime.hub import in_database
from notte_dashboard.realtime.kicks import heard, kicked_or
from notte_dashboard.workspaces.access import Action, can

logger = logging.getLogger(__name__)
CHECK_AGAIN = 30.0
SIGNED_OUT, NOT_ALLOWED, COME_BACK = 4401, 4403, 1012
MOST_SOCKETS = 20
"""Of one user in one process: more is no person with open pages."""
_open: Counter[int] = Counter()
_checks: dict[tuple[int, "Login"], "Check"] = {}


class Login(NamedTuple):
    user: int
    session: str
    workspace: int
    can_operate: bool


class Check:
    """Lives as long as the first to the last socket with these rights."""

    def __init__(self, user: AbstractBaseUser, session: Any, login: Login) -> None:
        self.user, self.session, self.login = user, session, login
        self.closers: set[Callable[[int], Awaitable[None]]] = set()
        self.task = asyncio.create_task(self._again_and_again())

    async def _again_and_again(self) -> None:
        async with heard(self.login.user) as kicked:
            while True:
                await kicked_or(kicked, CHECK_AGAIN)
                try:
                    code = await in_database(self._lost)
                except DatabaseError as error:
                    logger.warning("Rights can't be checked now: %s", error)
                    continue
                if code:
                    await asyncio.gather(*[close(code) for close in tuple(self.closers)], return_exceptions=True)

    def _lost(self) -> int:
        user = still_signed_in(self.user, self.session)
        if user is None:
            return SIGNED_OUT
        operates = can(user, Action.RUN, self.login.workspace)
        # Asked last: who was removed in between has lost everything, and not just some rights.
        if not can(user, Action.VIEW, self.login.workspace):
            return NOT_ALLOWED
        return 0 if operates == self.login.can_operate else COME_BACK


def keep_checking(user: AbstractBaseUser, session: Any, login: Login, close: Callable[[int], Awaitable[None]]) -> None:
    """`close` is called with a code when the right to the socket is gone."""
    key = (id(asyncio.get_running_loop()), login)
    if key not in _checks:
        _checks[key] = Check(user, session, login)
    _checks[key].closers.add(close)


def stop_checking(login: Login, close: Callable[[int], Awaitable[None]]) -> None:
    key = (id(asyncio.get_running_loop()), login)
    check = _checks.get(key)
    if check is None:
        return
    check.closers.discard(close)
    if not check.closers:
        check.task.cancel()
        del _checks[key]


def has_room(user: int) -> bool:
    """Takes a place when there is one; `give_back` frees it."""
    if _open[user] >= MOST_SOCKETS:
        return False
    _open[user] += 1
    return True


def give_back(user: int) -> None:
    _open[user] -= 1
    if not _open[user]:
        del _open[user]
