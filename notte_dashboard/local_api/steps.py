"""Steps in the shapes of the API: `{"type": kind, "value": {...}}`."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from notte_dashboard.local_api.brains.described import MASK
from notte_dashboard.local_api.brains.interface import ActionResult, Decision, Element, PageView
from notte_dashboard.local_api.pictures import Viewport
from notte_dashboard.local_api.store import timestamp

Step = dict[str, Any]
_SHORTEST_SECRET = 4
_TEXT_LIMIT = 20_000
_MOST_ELEMENTS = 200
_CATEGORY = "Interaction Actions"
_BROWSER_ACTIONS = ("go_back", "go_forward", "reload", "scroll_up", "scroll_down")
_ACTION_OF_ROLE = {
    "textbox": "fill",
    "searchbox": "fill",
    "spinbutton": "fill",
    "checkbox": "check",
    "radio": "check",
    "switch": "check",
    "listbox": "select_dropdown_option",
}


def step_start(number: int, agent_id: str) -> Step:
    return _step("agent_step_start", {"step_number": number, "agent_id": agent_id, "started_at": timestamp()})


def step_stop(number: int, agent_id: str) -> Step:
    return _step("agent_step_stop", {"step_number": number, "agent_id": agent_id, "ended_at": timestamp()})


def observation(
    view: PageView, *, started: datetime, viewport: Viewport, tabs: list[dict[str, Any]], screenshot: dict[str, Any]
) -> Step:
    metadata = {
        "title": view.title,
        "url": view.url,
        "viewport": asdict(viewport),
        "tabs": tabs,
        "timestamp": timestamp(started),
    }
    value = {"started_at": timestamp(started), "ended_at": timestamp(), "metadata": metadata, "screenshot": screenshot}
    return _step("observation", {**value, "space": _space(view)})


def completion(decision: Decision, *, started: datetime) -> Step:
    value = {"started_at": timestamp(started), "ended_at": timestamp(), "state": decision.state, "action": decision.action}
    return _step("agent_completion", value)


def execution_result(action: dict[str, Any], result: ActionResult, *, started: datetime) -> Step:
    # The contract's data is a scraped page; what else an action knows is told in its message.
    data = {"markdown": result.data["markdown"]} if result.data and "markdown" in result.data else None
    outcome = {"success": result.success, "message": result.message, "data": data, "exception": result.exception}
    return _step("execution_result", {"started_at": timestamp(started), "ended_at": timestamp(), "action": action, **outcome})


def without_picture(step: Step) -> Step:
    """For websockets, whose messages must stay small."""
    screenshot = step["value"].get("screenshot")
    if step["type"] != "observation" or not screenshot:
        return step
    return {**step, "value": {**step["value"], "screenshot": {**screenshot, "raw": ""}}}


def secret_of(action: dict[str, Any], view: PageView) -> str:
    """The password that the action types, "" for any other action."""
    element = view.element(str(action.get("id", "")))
    return str(action.get("value", "")) if element is not None and element.secret else ""


def scrubbed(value: Any, secrets: frozenset[str]) -> Any:
    """Every string of a step without the passwords typed so far: goals, messages and pages repeat them."""
    if isinstance(value, str):
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                value = value.replace(secret, MASK)
        return value
    if isinstance(value, dict):
        return {key: item if key == "raw" else scrubbed(item, secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(item, secrets) for item in value]
    return value


def _step(kind: str, value: dict[str, Any]) -> Step:
    return {"type": kind, "value": value}


def _space(view: PageView) -> dict[str, Any]:
    interactions = [_interaction(element) for element in view.elements[:_MOST_ELEMENTS]]
    browser_actions = [{"type": name} for name in _BROWSER_ACTIONS]
    return {
        "description": view.problem or f"{view.title or view.url}: {len(view.elements)} elements to act on",
        "category": None,
        "interaction_actions": interactions,
        "actions": [*interactions, *browser_actions],
        "browser_actions": browser_actions,
        "markdown": view.text[:_TEXT_LIMIT],
    }


def _interaction(element: Element) -> dict[str, Any]:
    kind = "select_dropdown_option" if element.kind == "select" else _ACTION_OF_ROLE.get(element.role, "click")
    shared = {"type": kind, "category": _CATEGORY, "id": element.id, "text_label": element.name or None}
    description = f"{element.role} {element.name!r}" if element.name else element.role
    if kind == "click":
        return {**shared, "description": description}
    value: Any = bool(element.checked) if kind == "check" else (MASK if element.secret and element.value else element.value)
    return {**shared, "description": description, "value": value}
