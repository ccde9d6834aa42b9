"""The sentences that go with a decision: what was seen, what came of the last step, what is known, what comes next."""

from dataclasses import dataclass
from typing import Any, Final

from notte_dashboard.local_api.brains.interface import ActionResult, Decision, PageView
from notte_dashboard.local_api.brains.rules.answers import main_heading, main_message
from notte_dashboard.local_api.brains.rules.program import Program, bad_status
from notte_dashboard.local_api.brains.rules.steps import Moment, Step

NOTHING_YET: Final = "Nothing performed yet"
LONGEST: Final = 1_500


@dataclass(frozen=True, slots=True)
class Ending:
    success: bool
    answer: str


def decision_of(program: Program, step: Step, now: Moment, before: PageView | None) -> Decision:
    used = [{"id": step.element.id, "reason": step.why}] if step.element and step.why else []
    return Decision(_state(program, now, before, step.goal, used), dict(step.action))


def completion_of(program: Program, ending: Ending, now: Moment, before: PageView | None) -> Decision:
    goal = "Give the answer." if ending.success else "Say what could not be done."
    action = {"type": "completion", "success": ending.success, "answer": ending.answer}
    return Decision(_state(program, now, before, goal, []), action)


def _state(program: Program, now: Moment, before: PageView | None, goal: str, used: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "previous_goal_status": "unknown" if now.result is None else "success" if now.result.success else "failure",
        "previous_goal_eval": _evaluation(now.view, before, now.result)[:LONGEST],
        "page_summary": _summary(now.view)[:LONGEST],
        "relevant_interactions": used,
        "memory": _memory(program)[:LONGEST],
        "next_goal": goal[:LONGEST],
    }


def _evaluation(view: PageView, before: PageView | None, result: ActionResult | None) -> str:
    if result is None:
        return NOTHING_YET
    if not result.success or before is None:
        return result.message
    if view.url != before.url:
        status = f", which answered with {bad_status(view)}" if bad_status(view) else ""
        return f"{_ended(result.message)} The page is now '{view.title or view.url}'{status}."
    return f"{_ended(result.message)} The page changed." if view.text != before.text else _ended(result.message)


def _summary(view: PageView) -> str:
    if view.problem:
        return view.problem
    letters = [element.id[0] for element in view.elements]
    counts = [_counted(letters.count(letter), noun) for letter, noun in (("L", "link"), ("B", "button"), ("I", "input field"))]
    counts += [f"a table with {_counted(sum(len(table.rows) for table in view.tables), 'row')}"] if view.tables else []
    under = f", headed '{heading}'" if (heading := main_heading(view)) else ""
    said = f" It announces: {main_message(view)[:300]}" if view.messages else ""
    more = " Only its first part was read." if view.truncated else ""
    return f"'{view.title or 'Untitled page'}'{under}: {', '.join(counts)}.{said}{more}"


def _memory(program: Program) -> str:
    parts = [program.progress]
    if program.answers:
        parts.append(f"Found: {'; '.join(program.answers)}.")
    if program.remaining:
        parts.append(f"Still to do: {'; '.join(program.remaining)}.")
    return " ".join(part for part in parts if part) or "Nothing yet."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
