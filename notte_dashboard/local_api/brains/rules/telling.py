"""The sentences that go with a decision: what was seen, what came of the last step, what is known, what comes next."""

from typing import TYPE_CHECKING, Any, Final

from notte_dashboard.local_api.brains.interface import ActionResult, Decision, PageView
from notte_dashboard.local_api.brains.rules.answers import main_heading, main_message
from notte_dashboard.local_api.brains.rules.steps import Step

if TYPE_CHECKING:
    from notte_dashboard.local_api.brains.rules.brain import RulesBrain

NOTHING_YET: Final = "Nothing performed yet"
LONGEST: Final = 1_500


def decision_of(
    brain: "RulesBrain",
    view: PageView,
    before: PageView | None,
    result: ActionResult | None,
    step: Step | None,
    final: tuple[bool, str] | None,
) -> Decision:
    if step is None:
        success, answer = final or (False, "The plan ended without a word.")
        action: dict[str, Any] = {"type": "completion", "success": success, "answer": answer}
        goal = "Give the answer." if success else "Say what could not be done."
    else:
        action, goal = dict(step.action), step.goal
    state = {
        "previous_goal_status": _status(result),
        "previous_goal_eval": _evaluation(view, before, result)[:LONGEST],
        "page_summary": _summary(view)[:LONGEST],
        "relevant_interactions": [{"id": step.element.id, "reason": step.why}] if step and step.element and step.why else [],
        "memory": _memory(brain)[:LONGEST],
        "next_goal": goal[:LONGEST],
    }
    return Decision(state=state, action=action)


def _status(result: ActionResult | None) -> str:
    return "unknown" if result is None else "success" if result.success else "failure"


def _evaluation(view: PageView, before: PageView | None, result: ActionResult | None) -> str:
    if result is None:
        return NOTHING_YET
    if not result.success or before is None:
        return result.message
    if view.url != before.url:
        status = f", which answered with HTTP {view.status}" if view.status and view.status >= 400 else ""  # noqa: PLR2004 - HTTP's border
        return f"{_ended(result.message)} The page is now '{view.title or view.url}'{status}."
    if view.text != before.text:
        return f"{_ended(result.message)} The page changed."
    return _ended(result.message)


def _summary(view: PageView) -> str:
    if view.problem:
        return view.problem
    roles = [element.id[0] for element in view.elements]
    counts = [_counted(roles.count(letter), noun) for letter, noun in (("L", "link"), ("B", "button"), ("I", "input field"))]
    rows = sum(len(table.rows) for table in view.tables)
    counts += [f"a table with {_counted(rows, 'row')}"] if view.tables else []
    heading = main_heading(view)
    said = f" It announces: {main_message(view)[:300]}" if view.messages else ""
    more = " Only its first part was read." if view.truncated else ""
    under = f", headed '{heading}'" if heading else ""
    return f"'{view.title or 'Untitled page'}'{under}: {', '.join(counts)}.{said}{more}"


def _memory(brain: "RulesBrain") -> str:
    parts = [brain.progress()]
    if brain.answers:
        parts.append(f"Found: {'; '.join(brain.answers)}.")
    if rest := brain.remaining():
        parts.append(f"Still to do: {'; '.join(_without_secrets(text) for text in rest)}.")
    return " ".join(part for part in parts if part) or "Nothing yet."


def _without_secrets(text: str) -> str:
    """A clause with a password in it is told up to the password."""
    place = text.casefold().find("password")
    return text if place < 0 else f"{text[:place]}password …"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
