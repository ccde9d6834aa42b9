"""Tolerant reading of the API's step objects (list[object] in the contract; shapes differ by version). Never raises."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

KINDS = frozenset(
    {"observation", "execution_result", "agent_completion", "screenshot", "agent_step_start", "agent_step_stop", "validation"}
)
TEXT_LIMIT = 20_000
LABEL_LIMIT = 120
MOST_TABS = 20


@dataclass(frozen=True)
class Reading:
    """What a person wants to know of one item; empty where the item does not say."""

    kind: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    step_number: int | None = None
    goal: str = ""
    evaluation: str = ""
    memory: str = ""
    summary: str = ""
    action: str = ""
    action_type: str = ""
    message: str = ""
    error: str = ""
    success: bool | None = None
    url: str = ""
    title: str = ""
    answer: str = ""
    agent_id: str = ""
    element_id: str = ""
    tabs: tuple[dict[str, str], ...] = ()

    @property
    def failed(self) -> bool:
        return self.success is False or bool(self.error)


def value_of(item: dict[str, Any]) -> dict[str, Any]:
    value = item.get("value", item)
    return value if isinstance(value, dict) else {"value": value}


def kind_of(item: dict[str, Any]) -> str:
    """The item's `type`, or what its shape says in versions that had none."""
    kind = item.get("type")
    if isinstance(kind, str) and kind:
        return kind[:60]
    if "state" in item and "action" in item:
        return "agent_completion"
    if "success" in item and "message" in item:
        return "execution_result"
    return "validation" if "validation" in item else "unknown"


def text(value: Any, limit: int = TEXT_LIMIT) -> str:
    if value is None:
        return ""
    found = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return found if len(found) <= limit else f"{found[:limit]}… ({len(found)} characters)"


def moment(value: Any) -> datetime | None:
    """ISO 8601 with or without a zone (then UTC)."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def screenshot_places(item: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Where an item may hold a base64 picture: (the object, its key)."""
    value = value_of(item)
    places: list[tuple[dict[str, Any], str]] = []
    for owner, key in ((value, "screenshot"), (mapping(value.get("screenshot")), "raw"), (value, "raw")):
        if isinstance(owner.get(key), str) and owner[key]:
            places.append((owner, key))
    return places


def read(item: dict[str, Any]) -> Reading:
    kind, value = kind_of(item), value_of(item)
    state, action, meta = mapping(value.get("state")), mapping(value.get("action")), mapping(value.get("metadata"))
    number = value.get("step_number")
    success = value.get("success") if isinstance(value.get("success"), bool) else None
    return Reading(
        kind=kind,
        started_at=moment(value.get("started_at") or meta.get("timestamp")),
        ended_at=moment(value.get("ended_at")),
        step_number=number if isinstance(number, int) else None,
        goal=text(state.get("next_goal")),
        evaluation=text(state.get("previous_goal_eval")),
        memory=text(state.get("memory")),
        summary=text(state.get("page_summary")),
        action=sentence(action),
        action_type=text(action.get("type"), LABEL_LIMIT),
        message=text(value.get("message") or (value.get("validation") if kind == "validation" else None)),
        error=text(value.get("exception")),
        success=success,
        url=text(meta.get("url"), 4000),
        title=text(meta.get("title"), 500),
        answer=text(action.get("answer")) if action.get("type") == "completion" else "",
        agent_id=text(value.get("agent_id"), 255),
        element_id=text(action.get("id"), LABEL_LIMIT),
        tabs=_tabs(meta.get("tabs")),
    )


def _tabs(value: Any) -> tuple[dict[str, str], ...]:
    tabs = [mapping(tab) for tab in value[:MOST_TABS]] if isinstance(value, list) else []
    return tuple({"title": text(tab.get("title"), 300), "url": text(tab.get("url"), 1000)} for tab in tabs if tab)


def sentence(action: dict[str, Any]) -> str:
    """An action as a person would say it: Click “Add to cart”. Unknown actions show their name and arguments."""
    kind = action.get("type")
    if not isinstance(kind, str):
        return ""
    label = text(action.get("text_label") or action.get("id"), LABEL_LIMIT)
    value, url = text(action.get("value"), LABEL_LIMIT), text(action.get("url"), 500)
    known = {
        "goto": f"Go to {url}",
        "goto_new_tab": f"Open {url} in a new tab",
        "close_tab": "Close the tab",
        "switch_tab": f"Switch to tab {text(action.get('tab_index'), LABEL_LIMIT)}",
        "go_back": "Go back",
        "go_forward": "Go forward",
        "reload": "Reload the page",
        "wait": f"Wait {text(action.get('time_ms'), LABEL_LIMIT)} ms",
        "press_key": f"Press {text(action.get('key'), LABEL_LIMIT)}",
        "scroll_up": "Scroll up",
        "scroll_down": "Scroll down",
        "scrape": "Read the page",
        "click": f"Click “{label}”",
        "fill": f"Fill “{label}” with “{value}”",
        "check": f"{'Uncheck' if action.get('value') is False else 'Check'} “{label}”",
        "select_dropdown_option": f"Select “{value}” in “{label}”",
        "help": f"Ask for help: {text(action.get('reason'), 500)}",
        "completion": "Finish" if action.get("success") else "Give up",
    }
    if kind in known:
        return known[kind]
    rest = {key: entry for key, entry in action.items() if key not in {"type", "category", "description", "selector"}}
    return f"{kind.replace('_', ' ').capitalize()} {text(rest, 300) if rest else ''}".strip()[:500]
