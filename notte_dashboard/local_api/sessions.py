"""All sessions of this process: started, found, listed, ended."""

import asyncio
import logging
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from notte_dashboard.local_api import timeouts
from notte_dashboard.local_api.auth import SessionTokens
from notte_dashboard.local_api.browser import Launcher, LaunchError
from notte_dashboard.local_api.chromium import ChromiumMissingError
from notte_dashboard.local_api.errors import OVERLOADED, ApiError, Problem, RefusedError
from notte_dashboard.local_api.rules import Launch, launch_of, session_problems
from notte_dashboard.local_api.screencast import Audience
from notte_dashboard.local_api.session import Session, Status
from notte_dashboard.local_api.settings import Settings
from notte_dashboard.local_api.steps import Step
from notte_dashboard.local_api.store import Record, Store
from notte_dashboard.notte_api.generated import ApiSessionStartRequest

logger = logging.getLogger("notte_dashboard.local_api")

SHUT_DOWN = "The local API was shut down."
_STOPPED = "Session closed by user. No more actions will be recorded."


class Sessions:
    def __init__(self, *, settings: Settings, store: Store, launcher: Launcher, tokens: SessionTokens) -> None:
        self._settings = settings
        self._store = store
        self._launcher = launcher
        self._tokens = tokens
        self._live: dict[str, Session] = {}
        self._starting = 0
        self._shutting_down = False
        self._chores: set[asyncio.Task[None]] = set()
        self.before_end: Callable[[Session, str], Awaitable[None]] | None = None
        """Called with each session that ends, while its browser is still there."""

    async def start(self, request: ApiSessionStartRequest) -> Session:
        problems = session_problems(request, display=self._settings.display)
        if problems:
            raise RefusedError(problems)
        active = sum(session.is_active for session in self._live.values())
        if active + self._starting >= self._settings.session_limit:
            raise ApiError(OVERLOADED, f"All {self._settings.session_limit} browsers are in use; stop a session first.")
        if self._shutting_down:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, SHUT_DOWN)
        self._starting += 1
        try:
            return await self._started(request, launch_of(request))
        finally:
            self._starting -= 1

    async def _started(self, request: ApiSessionStartRequest, launch: Launch) -> Session:
        try:
            chromium = await self._launcher.chromium()
            if not launch.headless and chromium.is_headless_only:
                raise RefusedError([Problem("headless", "The Chromium on this machine is headless only.")])
            running = await self._launcher.launch(launch)
        except ChromiumMissingError as error:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
        except LaunchError as error:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, f"Chromium did not start: {error}") from error
        session = Session(
            session_id=str(uuid.uuid4()),
            request=request,
            launch=launch,
            running=running,
            chrome=chromium.is_google_chrome,
            store=self._store,
        )
        try:
            self._store.save_session(session.record())
        except sqlite3.Error as error:
            await running.close()
            raise ApiError(HTTPStatus.INSUFFICIENT_STORAGE, f"The session cannot be stored in DATA_DIR: {error}") from error
        self._live[session.session_id] = session
        session.open(lambda reason: self.end_soon(session, "error", reason))
        self._spawn(timeouts.watch(session, self, minute=self._settings.minute))
        logger.info("Session %s started", session.session_id)
        return session

    def live(self, session_id: str) -> Session | None:
        return self._live.get(session_id)

    def active(self, session_id: str) -> Session | None:
        session = self._live.get(session_id)
        return session if session is not None and session.is_active else None

    def record(self, session_id: str) -> Record:
        """With a fresh viewer link while the session is active."""
        session = self._live.get(session_id)
        record = session.record() if session is not None else self._store.session(session_id)
        if record is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "There is no such session.")
        return self._with_viewer(record)

    def steps(self, session_id: str) -> list[Step]:
        session = self._live.get(session_id)
        return session.steps if session is not None else self._store.session_steps(session_id)

    def page(self, *, offset: int, limit: int, only_active: bool) -> list[Record]:
        """Without viewer links: those are credentials, to be asked for one by one."""
        stored = self._store.sessions(offset=offset, limit=limit, only_active=only_active)
        live = self._live
        return [live[record["session_id"]].record() if record["session_id"] in live else record for record in stored]

    async def stop(self, session_id: str) -> Record:
        session = self._live.get(session_id)
        if session is not None:
            await self.end(session, "closed", None)
        record = self.record(session_id)
        if record["status"] != "closed":
            raise ApiError(HTTPStatus.CONFLICT, f"The session is already closed: {record['error'] or record['status']}")
        return record

    def end_soon(self, session: Session, status: Status, error: str) -> None:
        if session.is_active and not self._shutting_down:
            self._spawn(self.end(session, status, error))

    async def end(self, session: Session, status: Status, error: str | None) -> None:
        """The first reason counts; whoever comes second waits until the browser is gone."""
        if not session.is_active:
            await session.ended.wait()
            return
        session.status, session.error, session.closed_at = status, error, datetime.now(UTC)
        try:
            if self.before_end is not None:
                await self.before_end(session, error or "The session was stopped.")
            self._say_goodbye(session)
        finally:
            await session.running.close()
            await session.closing()
            session.ended.set()
            # Kept in memory if the disk is full, so that its end is told at least until the next restart.
            self._store.save_session(session.record())
            self._live.pop(session.session_id, None)
        logger.info("Session %s ended: %s", session.session_id, status)

    def _say_goodbye(self, session: Session) -> None:
        reason = session.error or "The session was stopped."
        session.screencast.tell({"type": "ended", "status": session.status, "reason": reason}, Audience.VIEWER)
        closing: dict[str, Any] = {"type": "error", "data": session.error or _STOPPED, "timestamp": session.record()["closed_at"]}
        session.screencast.tell(closing, Audience.RECORDING, Audience.LOGS)
        session.screencast.end()

    async def shut_down(self) -> None:
        self._shutting_down = True
        active = list(self._live.values())
        await asyncio.gather(*(self.end(session, "error", SHUT_DOWN) for session in active), return_exceptions=True)
        for chore in list(self._chores):
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)

    def _with_viewer(self, record: Record) -> Record:
        if record["status"] != "active":
            return record
        session_id = record["session_id"]
        # Two tokens: whoever hands the link on to somebody who may only watch leaves `control` out.
        query = (
            f"session={session_id}&token={self._tokens.issue(session_id)}&control={self._tokens.issue(session_id, control=True)}"
        )
        return {**record, "viewer_url": f"{self._settings.base_url}/viewer/?{query}"}

    def _spawn(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
