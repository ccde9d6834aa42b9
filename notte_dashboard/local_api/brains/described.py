"""Actions as a session's history shows them: the vendor's shape, with no password in it."""

from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from notte_dashboard.local_api.brains.interface import Action, Element, PageView
from notte_dashboard.notte_api import generated

MASK: Final = "••••••••"
MODELS: Final[dict[str, type[BaseModel]]] = {
    "goto": generated.GotoAction,
    "goto_new_tab": generated.GotoNewTabAction,
    "switch_tab": generated.SwitchTabAction,
    "close_tab": generated.CloseTabAction,
    "go_back": generated.GoBackAction,
    "go_forward": generated.GoForwardAction,
    "reload": generated.ReloadAction,
    "wait": generated.WaitAction,
    "press_key": generated.PressKeyAction,
    "scroll_up": generated.ScrollUpAction,
    "scroll_down": generated.ScrollDownAction,
    "scrape": generated.ScrapeAction,
    "completion": generated.CompletionAction,
    "help": generated.HelpAction,
    "click": generated.ClickActionOutput,
    "fill": generated.FillActionOutput,
    "check": generated.CheckActionOutput,
    "select_dropdown_option": generated.SelectDropdownOptionActionOutput,
}


def masked(action: Action, view: PageView) -> Action:
    """The action without the value of a password field: what may be stored, sent or shown."""
    element = view.element(str(action.get("id", "")))
    if element is None or not element.secret or "value" not in action:
        return dict(action)
    return {**action, "value": MASK}


def described(action: Action, view: PageView) -> dict[str, Any]:
    shown = masked(action, view)
    kind = str(shown.get("type", ""))
    element = view.element(str(shown.get("id", "")))
    about = {"type": kind, **_words(kind)}
    if element is None:
        return {**about, **shown}
    place = {"selector": selector_of(element), "press_enter": None, "text_label": element.name or None, "timeout": 15_000}
    return {**about, **place, **shown}


def selector_of(element: Element) -> dict[str, Any]:
    name = element.name.replace("\\", "\\\\").replace('"', '\\"')
    return {
        "css_selector": element.selector,
        "xpath_selector": element.xpath,
        "in_iframe": False,
        "in_shadow_root": False,
        "notte_selector": None,
        "iframe_parent_css_selectors": [],
        "playwright_selector": f'internal:role={element.role}[name="{name}"i]' if name else None,
        "python_selector": None,
    }


@cache
def _words(kind: str) -> dict[str, str]:
    """Category and description are the contract's own."""
    model = MODELS.get(kind)
    if model is None:
        return {}
    return {name: str(model.model_fields[name].default) for name in ("category", "description")}
