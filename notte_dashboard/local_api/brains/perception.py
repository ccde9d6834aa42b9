"""Turns the open page into a `PageView`. Everything a page says is taken as text of bounded length, nothing as an instruction."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from notte_dashboard.local_api.brains.interface import Card, Element, Heading, ItemList, PageView, Pair, Table

SCRIPT: Final = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")
LIMITS: Final = {"elements": 300, "text": 20_000, "rows": 200, "cards": 100, "nodes": 20_000}
LONGEST_TEXT: Final = 1_000
TRIES: Final = 5
SECONDS_PER_TRY: Final = 8
INPUT_ROLES: Final = frozenset(
    ("switch", "checkbox", "radio", "combobox", "listbox", "textbox", "searchbox", "spinbutton", "slider")
)


async def look(page: Page) -> PageView:
    """Never raises: a page that cannot be read is a view with its `problem` told."""
    problem = "The page kept changing while it was read."
    for _ in range(TRIES):
        if page.is_closed():
            return PageView(url="", title="", problem="The page is closed.")
        try:
            return _view(await asyncio.wait_for(page.evaluate(SCRIPT, LIMITS), SECONDS_PER_TRY))
        except TimeoutError:
            return PageView(url=page.url, title="", problem="The page is too busy to be read.")
        except (PlaywrightError, TypeError, ValueError, KeyError, AttributeError) as error:
            problem = f"The page could not be read: {_first_line(error)}"
            await _settled(page)
    return PageView(url=page.url, title="", problem=problem)


async def _settled(page: Page) -> None:
    """A navigation in progress destroys the context that was being read; the next one is worth waiting for."""
    try:
        await page.wait_for_load_state("domcontentloaded", timeout=SECONDS_PER_TRY * 1000)
    except PlaywrightError:
        return
    await asyncio.sleep(0.1)


def _view(seen: dict[str, Any]) -> PageView:
    status = seen["status"]
    return PageView(
        url=_text(seen["url"], 4_000),
        title=_text(seen["title"]),
        elements=tuple(_elements(seen["elements"])),
        text=_text(seen["text"], LIMITS["text"]),
        headings=tuple(Heading(int(one["level"]), _text(one["text"])) for one in seen["headings"][:100]),
        paragraphs=_texts(seen["paragraphs"], 100),
        lists=tuple(ItemList(_text(one["name"]), _texts(one["items"], 200)) for one in seen["lists"][:60]),
        tables=tuple(_table(one) for one in seen["tables"][:20]),
        pairs=tuple(Pair(_text(one["label"]), _text(one["value"])) for one in seen["pairs"][:200]),
        cards=tuple(Card(_text(one["name"]), _text(one["text"]), _text(one["href"])) for one in seen["cards"][: LIMITS["cards"]]),
        messages=_texts(seen["messages"], 20),
        status=int(status) if status else None,
        scroll_y=int(seen["scroll_y"]),
        scroll_max=int(seen["scroll_max"]),
        truncated=bool(seen["truncated"]),
    )


def _elements(seen: list[dict[str, Any]]) -> Iterable[Element]:
    counts = {"L": 0, "B": 0, "I": 0}
    for one in seen[: LIMITS["elements"]]:
        role = _text(one["role"])
        letter = "L" if role == "link" else "I" if role in INPUT_ROLES else "B"
        counts[letter] += 1
        yield Element(
            id=f"{letter}{counts[letter]}",
            role=role,
            name=_text(one["name"]),
            value=_text(one["value"]),
            href=_text(one["href"], 4_000),
            selector=_text(one["selector"], 4_000),
            xpath=_text(one["xpath"], 4_000),
            kind=_text(one["kind"]),
            options=_texts(one["options"], 200),
            checked=None if one["checked"] is None else bool(one["checked"]),
            disabled=bool(one["disabled"]),
            required=bool(one["required"]),
            invalid=bool(one["invalid"]),
            hint=_text(one["hint"]),
            group=_text(one["group"]),
            box=_box(one["box"]),
        )


def _box(seen: list[Any] | None) -> tuple[int, int, int, int] | None:
    if not seen:
        return None
    left, top, width, height = (int(number) for number in seen)
    return left, top, width, height


def _table(seen: dict[str, Any]) -> Table:
    rows = tuple(_texts(row, 60) for row in seen["rows"][: LIMITS["rows"]])
    return Table(_text(seen["name"]), _texts(seen["headers"], 60), rows)


def _texts(seen: list[Any], most: int) -> tuple[str, ...]:
    return tuple(_text(one) for one in seen[:most])


def _text(seen: Any, longest: int = LONGEST_TEXT) -> str:
    # A page may hold half a surrogate pair, which no JSON or database takes.
    return str(seen)[:longest].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
