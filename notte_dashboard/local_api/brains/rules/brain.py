"""The brain called local/rules: runs the plan of a task, one decision at a time, and never goes in circles."""

import json
from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from notte_dashboard.local_api.brains.interface import Decision, PageView, Turn
from notte_dashboard.local_api.brains.rules.acting import Hands
from notte_dashboard.local_api.brains.rules.answers import main_heading, main_message
from notte_dashboard.local_api.brains.rules.asking import ask
from notte_dashboard.local_api.brains.rules.instructions import CHANGING, Ask, Instruction, Open, Submit, Unknown
from notte_dashboard.local_api.brains.rules.parse import parse
from notte_dashboard.local_api.brains.rules.steps import CannotError, Moment, Plan, Step, act
from notte_dashboard.local_api.brains.rules.telling import decision_of

CAN_DO: Final = (
    "I can open pages, click, fill, select, tick, search, scroll and go back, and answer questions about titles, headings, "
    "lists, tables, prices and labelled values."
)
MOST_REPEATS: Final = 2
BAD: Final = 400
INVALID: Final = 422
"""A form shown again with its errors: the page itself works."""


class RulesBrain:
    name: Final = "local/rules"

    def __init__(self, task: str, url: str | None) -> None:
        self.task = task
        self.url = url
        self.instructions = parse(task)
        self.hands = Hands()
        self.answers: list[str] = []
        self.at = 0
        self._plan: Plan[str] | None = None
        self._repeats: Counter[str] = Counter()

    def decide(self, view: PageView, history: Sequence[Turn]) -> Decision:
        result = history[-1].result if history else None
        before = history[-1].view if history else None
        step, final = self._next(Moment(view, result))
        if step and self._repeats_itself(step, view):
            step, final = (
                None,
                (False, f"I stopped: '{step.goal}' changed nothing the last time either. {self.progress()}".strip()),
            )
        return decision_of(self, view, before, result, step, final)

    def progress(self) -> str:
        return " ".join(self.hands.done[-12:])

    def remaining(self) -> list[str]:
        return list(dict.fromkeys(one.text for one in self.instructions[self.at :]))

    def _next(self, now: Moment) -> tuple[Step | None, tuple[bool, str] | None]:
        try:
            if self._plan is None:
                self._plan = self._whole(now)
                return next(self._plan), None
            return self._plan.send(now), None
        except StopIteration as end:
            return None, (True, str(end.value))
        except CannotError as reason:
            return None, (False, self._failure(str(reason)))

    def _failure(self, reason: str) -> str:
        known = f" Found before that: {'; '.join(self.answers)}" if self.answers else ""
        part = (
            f" This part of the task stays open: '{self.instructions[self.at].text}'."
            if len(self.instructions) > 1 and self.at
            else ""
        )
        return f"{reason}{part}{known}"

    def _repeats_itself(self, step: Step, view: PageView) -> bool:
        if step.action["type"] == "wait":
            return False
        values = [(element.id, element.value, element.checked) for element in view.elements]
        key = json.dumps(
            [step.action, view.url, view.scroll_y, hash(view.text), hash(tuple(values))], sort_keys=True, default=str
        )
        self._repeats[key] += 1
        return self._repeats[key] > MOST_REPEATS

    def _whole(self, now: Moment) -> Plan[str]:
        self._refuse_what_is_not_understood()
        now = yield from self._started(now)
        for self.at, one in enumerate(self.instructions):
            if isinstance(one.meaning, Ask):
                found, now = yield from ask(one.meaning.question, now, self.hands)
                self.answers.append(found)
            elif isinstance(one.meaning, Unknown):
                raise CannotError(f"I did not understand this part of the task: '{one.text}'. {CAN_DO}")
            else:
                now = yield from self.hands.carry_out(one.meaning, now)
                now = yield from self._readable(now)
                self._check_arrival(one, now)
        self.at = len(self.instructions)
        return "\n".join(self.answers) if self.answers else self._summary(now.view)

    def _refuse_what_is_not_understood(self) -> None:
        """Before anything is done that may leave something behind."""
        if not self.instructions:
            raise CannotError(f"The task '{self.task[:200]}' asks for nothing that I understand. {CAN_DO}")
        unknown = next((one for one in self.instructions if isinstance(one.meaning, Unknown)), None)
        if unknown and any(isinstance(one.meaning, CHANGING) for one in self.instructions):
            raise CannotError(
                f"I did not understand this part of the task: '{unknown.text}'. I did nothing, rather than half of it. {CAN_DO}"
            )

    def _started(self, now: Moment) -> Plan[Moment]:
        first = self.instructions[0].meaning
        if isinstance(first, Open) and ("://" in first.target or "." in first.target):
            return now
        now = yield from self._readable(now)
        if not now.view.url.startswith(("http:", "https:")):
            reason = f": {now.result.message}" if now.result and not now.result.success else "."
            raise CannotError(
                f"The start page {self.url} could not be opened{reason}"
                if self.url
                else "No page is open: name one in the task or give a start URL."
            )
        if not all(isinstance(one.meaning, Ask) for one in self.instructions):
            self._check_status(now.view)
        return now

    def _readable(self, now: Moment) -> Plan[Moment]:
        if now.view.problem:
            now = yield from act(Step({"type": "wait", "time_ms": 1000}, "Wait for the page to become readable."))
        if now.view.problem:
            raise CannotError(now.view.problem)
        return now

    def _check_arrival(self, done: Instruction, now: Moment) -> None:
        rest = self.instructions[self.at + 1 :]
        if not (rest and all(isinstance(one.meaning, Ask) for one in rest)):
            self._check_status(now.view)
            wrong = [element for element in now.view.elements if element.invalid]
            if isinstance(done.meaning, Submit) and wrong:
                names = "; ".join(f"{element.name}: {element.hint or 'not valid'}" for element in wrong[:6])
                raise CannotError(f"The form was not accepted. {names}")

    def _check_status(self, view: PageView) -> None:
        if view.status is not None and view.status >= BAD and view.status != INVALID:
            phrase = HTTPStatus(view.status).phrase if view.status in set(HTTPStatus) else "error"
            said = main_message(view)
            raise CannotError(
                f"The page {view.url} answered with HTTP {view.status} ({phrase})." + (f" It says: {said}" if said else "")
            )

    def _summary(self, view: PageView) -> str:
        heading = main_heading(view)
        said = main_message(view)
        told = f" – {said}" if said and said != heading else ""  # noqa: RUF001 - a dash
        return f"{self.progress()} The page '{view.title or view.url}' is open{told}".strip()
