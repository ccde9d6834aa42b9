"""Steps as the API lists them."""

from typing import Any


def step_item(kind: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


def observation_item(number: int = 0) -> dict[str, Any]:
    return step_item("observation", metadata={"url": f"http://shop.test/{number}", "title": f"Page {number}"})


def execution_item(number: int = 0, *, success: bool = True) -> dict[str, Any]:
    action = {"type": "goto", "url": f"http://shop.test/{number}"}
    return step_item("execution_result", action=action, success=success, message=f"done {number}")


def completion_item(goal: str = "Look", action: dict[str, Any] | None = None) -> dict[str, Any]:
    return step_item("agent_completion", state={"next_goal": goal}, action=action or {"type": "scrape"})


def numbered_step(number: int, *items: dict[str, Any]) -> list[dict[str, Any]]:
    """These items between the marks of a step's start and end."""
    return [step_item("agent_step_start", step_number=number), *items, step_item("agent_step_stop", step_number=number)]


def agent_step_items(count: int = 2, text: str = "a price", picture: str = "") -> list[dict[str, Any]]:
    """Whole steps in the order of the contract; `text` stands wherever a page or an agent can put one."""
    items: list[dict[str, Any]] = []
    for number in range(count):
        at = f"2026-05-20T09:15:{10 + 2 * number:02}Z"
        until = f"2026-05-20T09:15:{11 + 2 * number:02}Z"
        page = {"title": f"Shop {text}", "url": f"https://shop.example/{number}?{text}", "timestamp": at}
        state = {"next_goal": text, "previous_goal_eval": text, "memory": text, "page_summary": text}
        action = {"type": "click", "id": "B1", "text_label": text}
        times = {"started_at": at, "ended_at": until}
        items += [
            step_item("agent_step_start", step_number=number, started_at=at),
            step_item("observation", metadata=page, screenshot={"raw": picture}, **times),
            step_item("agent_completion", state=state, action=action, **times),
            step_item("execution_result", action=action, success=True, message=text, exception=text, **times),
            step_item("agent_step_stop", step_number=number, ended_at=until),
        ]
    return items
