"""The brain called local/rules: takes the plan of a task one decision at a time, and never goes in circles."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from notte_dashboard.local_api.brains.interface import Decision, PageView, Turn
from notte_dashboard.local_api.brains.rules.program import Program
from notte_dashboard.local_api.brains.rules.steps import CannotError, Moment, Plan, Step
from notte_dashboard.local_api.brains.rules.telling import Ending, completion_of, decision_of

MOST_REPEATS: Final = 2


class RulesBrain:
    name: str = "local/rules"

    def __init__(self, task: str, url: str | None) -> None:
        self.program = Program(task, url)
        self._plan: Plan[str] | None = None
        self._repeats: Counter[str] = Counter()

    def decide(self, view: PageView, history: Sequence[Turn]) -> Decision:
        last = history[-1] if history else None
        now = Moment(view, last.result if last else None)
        step = self._next(now)
        if isinstance(step, Step) and self._repeats_itself(step, view):
            step = Ending(
                success=False, answer=self.program.failure(f"I stopped: '{step.goal}' would only repeat what changed nothing.")
            )
        if isinstance(step, Step):
            return decision_of(self.program, step, now, last.view if last else None)
        return completion_of(self.program, step, now, last.view if last else None)

    def _next(self, now: Moment) -> Step | Ending:
        try:
            if self._plan is None:
                self._plan = self.program.plan(now)
                return next(self._plan)
            return self._plan.send(now)
        except StopIteration as end:
            return Ending(success=True, answer=str(end.value))
        except CannotError as reason:
            return Ending(success=False, answer=self.program.failure(str(reason)))

    def _repeats_itself(self, step: Step, view: PageView) -> bool:
        """The same action on a page that looks the same. Waiting is bounded where it is planned."""
        if step.action["type"] == "wait":
            return False
        values = [(element.id, element.value, element.checked) for element in view.elements]
        key = json.dumps([step.action, view.url, view.scroll_y, hash(view.text), hash(tuple(values))], sort_keys=True)
        self._repeats[key] += 1
        return self._repeats[key] > MOST_REPEATS
