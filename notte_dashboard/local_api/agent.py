"""One agent at work: look, decide, act, until the brain says it is done."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api import pictures, steps
from notte_dashboard.local_api.bell import Bell
from notte_dashboard.local_api.brains.actions import described, masked, perform
from notte_dashboard.local_api.brains.interface import Action, ActionResult, Brain, Decision, Element, PageView, Turn
from notte_dashboard.local_api.brains.perception import look
from notte_dashboard.local_api.gathering import gathered
from notte_dashboard.local_api.pictures import Viewport
from notte_dashboard.local_api.session import Session
from notte_dashboard.local_api.steps import Step
from notte_dashboard.local_api.store import Record, Store, timestamp
from notte_dashboard.notte_api.generated import ApiAgentStartRequest

logger = logging.getLogger("notte_dashboard.local_api")

STOPPED = "Stopped before the task was finished."
_OPENING_EVAL = "Nothing performed yet"
_STOP_SECONDS = 25.0


class Agent:
    def __init__(
        self,
        *,
        agent_id: str,
        session: Session,
        request: ApiAgentStartRequest,
        brain: Brain,
        allowed: Callable[[str], bool],
        store: Store,
    ) -> None:
        self.agent_id = agent_id
        self.session = session
        self.request = request
        self.steps: list[Step] = []
        self.news = Bell()
        self.closed_at: datetime | None = None
        self.success: bool | None = None
        self.answer: str | None = None
        self._created_at = datetime.now(UTC)
        self._brain = brain
        self._allowed = allowed
        self._store = store
        self._history: list[Turn] = []
        self._gathered = gathered(session.steps, request.session_offset)
        self._secrets: frozenset[str] = frozenset()
        self._touched: Element | None = None
        self._stop_wanted = False
        self._cut_reason = STOPPED
        self._task: asyncio.Task[None] | None = None

    @property
    def is_active(self) -> bool:
        return self.closed_at is None

    def record(self) -> Record:
        return {
            "agent_id": self.agent_id,
            "created_at": timestamp(self._created_at),
            "session_id": self.session.session_id,
            "status": "active" if self.is_active else "closed",
            "closed_at": timestamp(self.closed_at) if self.closed_at else None,
            "saved": False,
            "task": self.request.task,
            "url": self.request.url,
            "success": self.success,
            "answer": self.answer,
        }

    def begin(self) -> None:
        self.session.busy = True
        self._store.save_agent(self.record())
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """A running action is finished first, unless it takes too long."""
        self._stop_wanted = True
        await self._over(_STOP_SECONDS)

    async def cut(self, reason: str) -> None:
        """At once: the session is ending."""
        self._cut_reason = reason
        await self._over(0)

    async def _over(self, patience: float) -> None:
        if self._task is None:
            return
        _, running = await asyncio.wait({self._task}, timeout=patience)
        for task in running:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        try:
            await self._work()
        except asyncio.CancelledError:
            self._finish(success=False, answer=self._cut_reason)
        except PlaywrightError as error:
            self._finish(success=False, answer=f"Failed due to {str(error).strip().splitlines()[0][:300]}")
        except Exception as error:
            logger.exception("Agent %s failed", self.agent_id)
            self._finish(success=False, answer=f"Failed due to {type(error).__name__}: {error}"[:500])

    async def _work(self) -> None:
        for turn in range(self.request.max_steps):
            if self._stop_wanted:
                self._finish(success=False, answer=STOPPED)
                return
            if await self._step(opening=turn == 0 and bool(self.request.url)):
                return
        self._finish(success=False, answer=f"Failed to solve task in {self.request.max_steps} steps")

    async def _step(self, *, opening: bool) -> bool:
        """One step of the trajectory; True when it was the last one."""
        number = self.session.agent_steps_taken
        self.session.agent_steps_taken += 1
        self.session.touch()
        self._add(steps.step_start(number, self.agent_id))
        try:
            view = await self._observe()
            decision = await self._decide(view, opening=opening)
            result = await self._act(decision, view)
        finally:
            self._add(steps.step_stop(number, self.agent_id))
        self._history.append(Turn(view, decision, result))
        self.session.touch()
        if decision.is_final:
            self._conclude(decision.action)
        return decision.is_final

    async def _observe(self) -> PageView:
        started = datetime.now(UTC)
        view, viewport, picture = await self._seen()
        screenshot: dict[str, Any] = {"raw": picture, "bboxes": [], "last_action_id": None}
        if self.session.request.screenshot_type != "raw":
            screenshot |= {"bboxes": pictures.boxes(view, viewport), "last_action_id": pictures.still_there(view, self._touched)}
        tabs = await self.session.tabs()
        self._add(steps.observation(view, started=started, viewport=viewport, tabs=tabs, screenshot=screenshot))
        return view

    async def _seen(self, tries: int = 3) -> tuple[PageView, Viewport, str]:
        page = self.session.page
        try:
            view = await look(page)
            viewport = await Viewport.of(page)
            return view, viewport, await pictures.take(page, viewport, self.session.request.screenshot_type)
        except PlaywrightError:
            # A navigation that began on its own takes the page away while it is read.
            if tries == 1 or not self.session.is_active:
                raise
        await asyncio.sleep(0.3)
        return await self._seen(tries - 1)

    async def _decide(self, view: PageView, *, opening: bool) -> Decision:
        started = datetime.now(UTC)
        if opening:
            decision = _opening(str(self.request.url))
        else:
            # In a thread: a brain may think for long, and the live pictures must go on meanwhile.
            decision = await asyncio.to_thread(self._brain.decide, view, tuple(self._history))
        if self._gathered:
            memory = f"{self._gathered} {decision.state.get('memory') or ''}".strip()
            decision = Decision({**decision.state, "memory": memory}, decision.action)
        secret = steps.secret_of(decision.action, view)
        if secret:
            self._secrets |= {secret}
        shown = Decision(decision.state, masked(decision.action, view))
        self._add(steps.completion(shown, started=started))
        return decision

    async def _act(self, decision: Decision, view: PageView) -> ActionResult:
        started, page = datetime.now(UTC), self.session.page
        self._touched = view.element(str(decision.action.get("id") or ""))
        result, front = await perform(self.session.running.context, page, decision.action, view, allowed=self._allowed)
        if not front.is_closed():
            self.session.show(front)
        self._add(steps.execution_result(described(decision.action, view), result, started=started))
        return result

    def _conclude(self, action: Action) -> None:
        if action.get("type") == "help":
            self._finish(success=False, answer=f"Agent requested human help: {action.get('reason', '')}")
        else:
            self._finish(success=bool(action.get("success")), answer=str(action.get("answer", "")))

    def _add(self, step: Step) -> None:
        step = steps.scrubbed(step, self._secrets) if self._secrets else step
        self.session.add_step(step, self.agent_id)
        self.steps.append(step)
        self.news.ring()

    def _finish(self, *, success: bool, answer: str) -> None:
        self.success, self.answer = success, steps.scrubbed(answer, self._secrets)
        self.closed_at = datetime.now(UTC)
        self.session.busy = False
        self.news.ring()
        self._store.save_agent(self.record())
        logger.info("Agent %s ended: %s", self.agent_id, "success" if success else "no success")


def _opening(url: str) -> Decision:
    state = {
        "previous_goal_status": "unknown",
        "previous_goal_eval": _OPENING_EVAL,
        "page_summary": "The browser is open.",
        "relevant_interactions": [],
        "memory": "",
        "next_goal": f"Open {url}",
    }
    return Decision(state, {"type": "goto", "url": url})
