"""A task from its first instruction to its answer."""

from http import HTTPStatus
from typing import Final

from notte_dashboard.local_api.brains.interface import PageView
from notte_dashboard.local_api.brains.rules.acting import ADDRESS, Hands
from notte_dashboard.local_api.brains.rules.answers import main_heading, main_message
from notte_dashboard.local_api.brains.rules.asking import ask
from notte_dashboard.local_api.brains.rules.clauses import LONGEST_TASK, without_secrets
from notte_dashboard.local_api.brains.rules.instructions import CHANGING, Ask, Instruction, Open, Submit, Unknown
from notte_dashboard.local_api.brains.rules.parse import parse
from notte_dashboard.local_api.brains.rules.steps import CannotError, Moment, Plan, Step, act

CAN_DO: Final = (
    "I can open pages, click, fill, select, tick, search, scroll and go back, and answer questions about titles, headings, "
    "lists, tables, prices and labelled values."
)
BAD: Final = 400
INVALID: Final = 422
"""A form shown again with its errors: the page itself works."""


class Program:
    def __init__(self, task: str, url: str | None) -> None:
        self.task = task
        self.url = url
        self.instructions = parse(task)
        self.hands = Hands()
        self.answers: list[str] = []
        self.at = 0

    @property
    def progress(self) -> str:
        return " ".join(self.hands.done[-12:])

    @property
    def remaining(self) -> list[str]:
        return list(dict.fromkeys(without_secrets(one.text) for one in self.instructions[self.at :]))

    def failure(self, reason: str) -> str:
        known = f" Found before that: {'; '.join(self.answers)}" if self.answers else ""
        left = self.remaining[:1] if self.at else []
        return f"{reason}{f' This part of the task stays open: {left[0]!r}.' if left else ''}{known}"

    def plan(self, now: Moment) -> Plan[str]:
        self._refuse_what_is_not_understood()
        now = yield from self._started(now)
        for place, one in enumerate(self.instructions):
            self.at = place
            if isinstance(one.meaning, Unknown):
                raise CannotError(_not_understood(one))
            if isinstance(one.meaning, Ask):
                found, now = yield from ask(one.meaning.question, now, self.hands)
                self.answers.append(found)
                continue
            now = yield from self.hands.carry_out(one.meaning, now)
            now = yield from _readable(now)
            self._check_arrival(one, now.view)
        self.at = len(self.instructions)
        return self._conclusion(now.view)

    def _refuse_what_is_not_understood(self) -> None:
        """Before anything is done that may leave something behind."""
        if len(self.task) > LONGEST_TASK:
            raise CannotError(f"The task has {len(self.task)} characters; I read at most {LONGEST_TASK}.")
        if not self.instructions:
            raise CannotError(f"The task '{without_secrets(self.task[:200])}' asks for nothing that I understand. {CAN_DO}")
        unknown = next((one for one in self.instructions if isinstance(one.meaning, Unknown)), None)
        if unknown and any(isinstance(one.meaning, CHANGING) for one in self.instructions):
            raise CannotError(f"{_not_understood(unknown)} I did nothing, rather than half of it.")

    def _started(self, now: Moment) -> Plan[Moment]:
        first = self.instructions[0].meaning
        if isinstance(first, Open) and ADDRESS.match(first.target) and not first.target.startswith("/"):
            return now
        now = yield from _readable(now)
        if not now.view.url.startswith(("http:", "https:")):
            if not self.url:
                raise CannotError("No page is open: name one in the task or give a start URL.")
            reason = f": {now.result.message}" if now.result and not now.result.success else "."
            raise CannotError(f"The start page {self.url} could not be opened{reason}")
        if not all(isinstance(one.meaning, Ask) for one in self.instructions):
            _check_status(now.view)
        return now

    def _check_arrival(self, done: Instruction, view: PageView) -> None:
        """A question that follows is answered from an error page too: the operator asked what it says."""
        rest = self.instructions[self.at + 1 :]
        if rest and all(isinstance(one.meaning, Ask) for one in rest):
            return
        _check_status(view)
        wrong = [element for element in view.elements if element.invalid]
        if isinstance(done.meaning, Submit) and wrong:
            reasons = "; ".join(f"{one.name}: {one.hint.rstrip('.') or 'not valid'}" for one in wrong[:6])
            raise CannotError(f"The form was not accepted. {reasons}.")

    def _conclusion(self, view: PageView) -> str:
        if self.answers:
            status = bad_status(view)
            return "\n".join([*self.answers, *([f"(The page answered with {status}.)"] if status else [])])
        heading, said = main_heading(view), main_message(view)
        told = f": {said}" if said and said != heading else "."
        return f"{self.progress} The page '{view.title or view.url}' is open{told}".strip()


def bad_status(view: PageView) -> str:
    if view.status is None or view.status < BAD or view.status == INVALID:
        return ""
    return f"HTTP {view.status} ({HTTPStatus(view.status).phrase})" if view.status in set(HTTPStatus) else f"HTTP {view.status}"


def _check_status(view: PageView) -> None:
    if status := bad_status(view):
        said = main_message(view)
        raise CannotError(f"The page {view.url} answered with {status}.{f' It says: {said}' if said else ''}")


def _readable(now: Moment) -> Plan[Moment]:
    if now.view.problem:
        now = yield from act(Step({"type": "wait", "time_ms": 1000}, "Wait for the page to become readable."))
    if now.view.problem:
        raise CannotError(now.view.problem)
    return now


def _not_understood(one: Instruction) -> str:
    return f"I did not understand this part of the task: '{without_secrets(one.text)}'. {CAN_DO}"
