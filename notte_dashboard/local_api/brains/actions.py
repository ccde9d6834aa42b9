"""Carries out one action on a page. A failure is an answer, never an exception."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Locator, Page
from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api.brains.described import MASK, described, masked
from notte_dashboard.local_api.brains.interface import Action, ActionResult, Element, PageView
from notte_dashboard.local_api.brains.settling import LONGEST, loaded, settling

__all__ = ["described", "masked", "perform"]

TIMEOUT: Final = LONGEST * 1000
LONGEST_WAIT: Final = 30_000
Outcome = tuple[ActionResult, Page]


class RefusedError(Exception):
    """The action cannot be carried out as asked; its text is for the operator."""


@dataclass(frozen=True, slots=True)
class Scene:
    context: BrowserContext
    page: Page
    view: PageView
    allowed: Callable[[str], bool]

    def permit(self, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} and url != "about:blank":
            raise RefusedError(f"Only http and https addresses can be opened, not {url[:200]}")
        if not self.allowed(url):
            raise RefusedError(f"This browser may not open {url[:200]}")
        return url

    def element(self, action: Action) -> tuple[Element, Locator]:
        element = self.view.element(str(action.get("id", "")))
        if element is None:
            raise RefusedError(f"There is no element {action.get('id')!s:.40} on this page")
        return element, self.page.locator(element.selector).first


async def perform(
    context: BrowserContext, page: Page, action: Action, view: PageView, *, allowed: Callable[[str], bool]
) -> Outcome:
    """The page in the answer is the one to go on with: an action may open, switch or close tabs."""
    carry_out = ACTIONS.get(str(action.get("type", "")))
    if carry_out is None:
        return ActionResult(success=False, message=f"The action {action.get('type')!s:.60} is not supported here."), page
    try:
        return await asyncio.wait_for(carry_out(Scene(context, page, view, allowed), action), LONGEST_WAIT / 1000 + LONGEST)
    except RefusedError as error:
        return ActionResult(success=False, message=f"{error}."), page
    except TimeoutError:
        return _failed(action, view, "it took too long"), page
    except (PlaywrightError, KeyError, TypeError, ValueError) as error:
        return _failed(action, view, _reason(error), exception=_hidden(error, action, view)), page


def _failed(action: Action, view: PageView, reason: str, exception: str | None = None) -> ActionResult:
    element = view.element(str(action.get("id", "")))
    on = f" on '{element.name or element.id}'" if element else ""
    where = f" to {str(action['url'])[:200]}" if "url" in action else ""
    return ActionResult(
        success=False, message=f"The action {action['type']}{on}{where} failed: {reason}.", exception=exception or reason
    )


def _reason(error: Exception) -> str:
    text = str(error)
    if "Timeout" in text:
        return f"no success within {LONGEST:.0f} seconds"
    for code, words in NETWORK_ERRORS.items():
        if code in text:
            return f"{words} ({code})"
    first = (text.strip().splitlines() or [type(error).__name__])[0]
    return re.sub(r"^\w+\.\w+: ", "", first)[:200].rstrip(".")


def _hidden(error: Exception, action: Action, view: PageView) -> str:
    text = f"{type(error).__name__}: {error}"[:2000]
    value = str(action.get("value", ""))
    return text.replace(value, MASK) if value and masked(action, view) != action else text


async def _goto(scene: Scene, action: Action) -> Outcome:
    return await _opened(scene.page, scene.permit(str(action["url"]))), scene.page


async def _goto_new_tab(scene: Scene, action: Action) -> Outcome:
    url = scene.permit(str(action["url"]))
    page = await scene.context.new_page()
    return await _opened(page, url), page


async def _opened(page: Page, url: str) -> ActionResult:
    response = await page.goto(url, timeout=TIMEOUT, wait_until="domcontentloaded")
    in_time = await loaded(page)
    status = response.status if response else None
    bad = status is not None and status >= 400  # noqa: PLR2004 - HTTP's own border
    notes = (f", which answered with HTTP {status}" if bad else "") + ("" if in_time else "; it is still loading")
    return ActionResult(success=True, message=f"Opened {page.url}{notes}", data={"url": page.url, "status": status})


async def _switch_tab(scene: Scene, action: Action) -> Outcome:
    index, pages = int(action["tab_index"]), scene.context.pages
    if not -len(pages) <= index < len(pages):
        raise RefusedError(f"There is no tab {index}, only {len(pages)}")
    await pages[index].bring_to_front()
    return ActionResult(success=True, message=f"Switched to tab {index}: {pages[index].url}"), pages[index]


async def _close_tab(scene: Scene, _action: Action) -> Outcome:
    others = [page for page in scene.context.pages if page is not scene.page]
    if not others:
        raise RefusedError("The last tab stays open")
    await scene.page.close()
    await others[-1].bring_to_front()
    return ActionResult(success=True, message=f"Closed the tab; now on {others[-1].url}"), others[-1]


async def _go_back(scene: Scene, _action: Action) -> Outcome:
    return await _moved(scene, scene.page.go_back, "back")


async def _go_forward(scene: Scene, _action: Action) -> Outcome:
    return await _moved(scene, scene.page.go_forward, "forward")


async def _moved(scene: Scene, move: Callable[..., Awaitable[Any]], word: str) -> Outcome:
    before = scene.page.url
    await move(timeout=TIMEOUT, wait_until="domcontentloaded")
    await loaded(scene.page)
    if scene.page.url == before:
        raise RefusedError(f"There is no page to go {word} to")
    return ActionResult(success=True, message=f"Went {word} to {scene.page.url}"), scene.page


async def _reload(scene: Scene, _action: Action) -> Outcome:
    await scene.page.reload(timeout=TIMEOUT, wait_until="load")
    return ActionResult(success=True, message=f"Reloaded {scene.page.url}"), scene.page


async def _wait(scene: Scene, action: Action) -> Outcome:
    milliseconds = min(max(int(action["time_ms"]), 0), LONGEST_WAIT)
    await asyncio.sleep(milliseconds / 1000)
    return ActionResult(success=True, message=f"Waited {milliseconds / 1000:g} seconds"), scene.page


async def _press_key(scene: Scene, action: Action) -> Outcome:
    key = str(action["key"])
    async with settling(scene.context, scene.page) as watch:
        await scene.page.keyboard.press(key)
        page = await watch.wait()
    return ActionResult(success=True, message=f"Pressed the key {key}{_arrival(scene, page)}"), page


async def _scroll(scene: Scene, action: Action) -> Outcome:
    down = action["type"] == "scroll_down"
    amount = action.get("amount")
    step = "innerHeight" if amount is None else str(min(abs(int(amount)), 1_000_000))
    await scene.page.evaluate(f"scrollBy({{top: {'' if down else '-'}{step}, behavior: 'instant'}})")
    await asyncio.sleep(0.15)
    reach = "one screen" if amount is None else f"{abs(int(amount))} pixels"
    return ActionResult(success=True, message=f"Scrolled {'down' if down else 'up'} by {reach}"), scene.page


async def _click(scene: Scene, action: Action) -> Outcome:
    element, locator = scene.element(action)
    if urlsplit(element.href).scheme in {"http", "https", "file"}:
        scene.permit(element.href)
    if element.disabled:
        raise RefusedError(f"'{element.name or element.id}' is disabled")
    async with settling(scene.context, scene.page) as watch:
        await locator.click(timeout=TIMEOUT, no_wait_after=True)
        page = await watch.wait()
    message = f"Clicked on the element {element.id} with the text '{element.name}'{_arrival(scene, page)}"
    return ActionResult(success=True, message=message), page


async def _fill(scene: Scene, action: Action) -> Outcome:
    element, locator = scene.element(action)
    value = str(action["value"])
    async with settling(scene.context, scene.page) as watch:
        await _type(locator, value, clear=action.get("clear_before_fill", True) is not False)
        if action.get("press_enter"):
            await locator.press("Enter", timeout=TIMEOUT, no_wait_after=True)
        page = await watch.wait() if action.get("press_enter") else scene.page
    shown = MASK if element.secret else value
    return ActionResult(success=True, message=f"Filled the input field {element.id} with the value: '{shown}'"), page


async def _type(locator: Locator, value: str, *, clear: bool) -> None:
    if clear:
        await locator.fill(value, timeout=TIMEOUT)
        return
    await locator.focus(timeout=TIMEOUT)
    await locator.press("End", timeout=TIMEOUT)
    await locator.press_sequentially(value, timeout=TIMEOUT)


async def _check(scene: Scene, action: Action) -> Outcome:
    element, locator = scene.element(action)
    wanted = action.get("value", True) is not False
    async with settling(scene.context, scene.page) as watch:
        await locator.set_checked(wanted, timeout=TIMEOUT)
        page = await watch.wait()
    return ActionResult(success=True, message=f"{'Ticked' if wanted else 'Unticked'} {element.id}: '{element.name}'"), page


async def _select(scene: Scene, action: Action) -> Outcome:
    element, locator = scene.element(action)
    value = str(action["value"])
    async with settling(scene.context, scene.page) as watch:
        await locator.select_option(label=value, timeout=TIMEOUT)
        page = await watch.wait()
    return ActionResult(success=True, message=f"Selected '{value}' in {element.id}: '{element.name}'"), page


async def _scrape(scene: Scene, _action: Action) -> Outcome:
    data = {"url": scene.view.url, "title": scene.view.title, "markdown": scene.view.text}
    return ActionResult(success=True, message=f"Read {len(scene.view.text)} characters of the page", data=data), scene.page


async def _completion(scene: Scene, action: Action) -> Outcome:
    return ActionResult(success=bool(action["success"]), message=str(action["answer"])), scene.page


async def _help(scene: Scene, action: Action) -> Outcome:
    return ActionResult(success=True, message=f"Asked for help: {action['reason']}"), scene.page


def _arrival(scene: Scene, page: Page) -> str:
    if page is not scene.page:
        return f"; a new tab opened: {page.url}"
    return f"; now on {page.url}" if page.url != scene.view.url else ""


NETWORK_ERRORS: Final = {
    "ERR_NAME_NOT_RESOLVED": "no site of that name was found",
    "ERR_CONNECTION_REFUSED": "nothing answers there",
    "ERR_INTERNET_DISCONNECTED": "there is no internet",
    "ERR_ADDRESS_UNREACHABLE": "it cannot be reached",
    "ERR_CERT": "its certificate is not valid",
    "ERR_ABORTED": "the browser did not show it (a download, or it was cancelled)",
}
ACTIONS: Final[dict[str, Callable[[Scene, Action], Awaitable[Outcome]]]] = {
    "goto": _goto,
    "goto_new_tab": _goto_new_tab,
    "switch_tab": _switch_tab,
    "close_tab": _close_tab,
    "go_back": _go_back,
    "go_forward": _go_forward,
    "reload": _reload,
    "wait": _wait,
    "press_key": _press_key,
    "scroll_up": _scroll,
    "scroll_down": _scroll,
    "click": _click,
    "fill": _fill,
    "check": _check,
    "select_dropdown_option": _select,
    "scrape": _scrape,
    "completion": _completion,
    "help": _help,
}
