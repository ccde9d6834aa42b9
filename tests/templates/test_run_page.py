"""The steps of a run's page in a real Chromium: one long run, walked through as a reader would."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
import pytest_asyncio
from django.template.loader import render_to_string
from playwright.async_api import Page, expect

from notte_dashboard.runs.timeline import Gap
from tests.templates.served_page import ServedPage, run_facts
from tests.templates.test_live_page import open_live

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]
LAST = 60
WAITS, REPEATS, FAILED = {9, 10}, {13, 14, 15}, {5, 40}

NO_GAP_IN_SIGHT = """() => {
    const end = document.querySelector('[data-timeline]').getBoundingClientRect().bottom;
    const places = [...document.querySelectorAll('[data-gap]')].map(each => each.getBoundingClientRect());
    return places.every(({ top, bottom }) => top > end || bottom < 0);
}"""


def row(number: int) -> SimpleNamespace:
    does = "wait" if number in WAITS else "scroll_down" if number in REPEATS else f"click_{number}"
    return SimpleNamespace(
        number=number,
        heading=does.replace("_", " "),
        action_type=does,
        tone="bad" if number in FAILED else "good",
        has="actions errors" if number in FAILED else "actions",
        took=1000 * (number % 4 + 1),
        phases={"look": 100, "think": 500, "act": 200},
        raw_url=f"/steps/{number}/",
        items=[SimpleNamespace(seq=number, kind="agent_completion", goal=f"Goal of {number}")],
    )


def between(first: int, last: int, searched: str = "") -> list[Gap]:
    return [Gap(first, last, searched)] if first <= last else []


class LongRun(ServedPage):
    """Shows 1..20 and the last one, and answers for what is between as the server does."""

    asked: list[str]

    def page(self) -> str:
        self.asked = []
        self.last_seq = LAST
        return super().page()

    def context(self) -> dict[str, object]:
        run = run_facts(first_error=5)
        bars = " ".join(
            f"{number}:{1000 * (number % 4 + 1)}:100:500:200:{int(number in FAILED)}" for number in range(1, LAST + 1)
        )
        rows = [*map(row, range(1, 21)), Gap(21, LAST - 1), row(LAST)]
        return {"run": run, "rows": rows, "steps_path": "/steps/", "bars": bars}

    def fragment(self, path: str, query: str) -> str:
        self.asked.append(f"{path}?{query}")
        told = {name: values[0] for name, values in parse_qs(query).items()}
        if "first" not in told:
            return '<pre id="raw-3">{"raw": true}</pre>'
        first, last, at = int(told["first"]), int(told["last"]), int(told.get("at", 0))
        if told.get("show") == "errors":
            cuts = [number for number in sorted(FAILED) if first <= number <= last]
            rows = between(first, min([*cuts, last + 1]) - 1, "errors:")
            for cut, until in zip(cuts, [*cuts[1:], last + 1], strict=True):
                rows += [row(cut), *between(cut + 1, until - 1, "errors:")]
        elif at:
            rows = [*between(first, at - 1), row(at), *between(at + 1, last)]
        else:
            until = min(first + 4, last)
            rows = [*map(row, range(first, until + 1)), *between(until + 1, last)]
        return render_to_string("partials/step_rows.html", {"rows": rows, "run": run_facts(), "steps_path": "/steps/"})


@pytest_asyncio.fixture(loop_scope="module")
async def served() -> AsyncIterator[LongRun]:
    async with LongRun() as started:
        yield started


async def open_at_the_beginning(served: LongRun, tab: Page) -> None:
    """Without a step in its address a page follows the end, and would load the gap by and by."""
    await tab.goto(f"{served.url}/#step-2")
    await expect(tab.locator(".step[aria-current]")).to_have_id("step-2")
    await expect(tab.locator(".timing-bar")).to_have_count(LAST)


async def shown(tab: Page) -> list[int]:
    visible = "all => all.filter(each => each.checkVisibility()).map(each => Number(each.dataset.stepNumber))"
    return await tab.locator("#steps > .step").evaluate_all(visible)


async def test_a_long_run_is_read_with_keys_links_and_filters(served, tab):
    line = await open_live(served, tab)
    current = tab.locator(".step[aria-current]")

    # Waits and repeats are one until they are opened.
    assert {9, 13, 14}.isdisjoint(await shown(tab))
    assert {10, 15} <= set(await shown(tab))
    await expect(tab.locator(".step-fold-button").first).to_have_text("2×Wait · steps 9 to 10")  # noqa: RUF001
    await tab.locator(".step-fold-button").first.click()
    assert {9, 10} <= set(await shown(tab))
    await expect(tab.locator(".step-fold-button").first).to_have_attribute("aria-expanded", "true")

    # The first error, and from there with the keys, over what is folded.
    await tab.locator("[data-jump-error]").click()
    await expect(current).to_have_id("step-5")
    assert tab.url.endswith("#step-5")
    for _ in range(8):
        await tab.keyboard.press("j")
    await expect(current).to_have_id("step-15")
    await tab.keyboard.press("k")
    await expect(current).to_have_id("step-12")

    # A bar of the strip leads to a step that is not there yet; between them the gaps stay named.
    await expect(tab.locator(".timing-bar")).to_have_count(LAST)
    await tab.locator(".timing-bar[data-number='40']").click()
    await expect(current).to_have_id("step-40")
    await expect(tab.locator("#step-40")).to_be_in_viewport()
    await tab.locator(".timing-bar[data-number='40']").focus()
    await expect(tab.locator("[data-timing-told]")).to_contain_text("Step 40: 1.0 s")
    await tab.keyboard.press("ArrowRight")
    await expect(tab.locator("[data-timing-told]")).to_contain_text("Step 41: 2.0 s")

    # What the page does not have is looked for on the server; what was searched is not offered again.
    await tab.locator("[data-show=errors]").click()
    await tab.wait_for_function("() => [...document.querySelectorAll('[data-gap]')].every(each => each.hidden)", timeout=15_000)
    assert await shown(tab) == [5, 40]
    await tab.keyboard.press("/")
    await tab.keyboard.type("no such thing")
    await expect(tab.locator("[data-steps-none]")).to_be_visible()
    await tab.keyboard.press("Escape")
    assert len(await shown(tab)) >= 20

    # Raw data comes when it is opened.
    assert not [each for each in served.asked if each.startswith("/steps/3/")]
    await tab.locator("#step-3 .step-raws > summary").click()
    await expect(tab.locator("#raw-3")).to_have_text('{"raw": true}')

    # New steps do not move the reader, and the strip has them.
    await line.say(
        "steps", **{"from": 61, "to": 61}, html=render_to_string("partials/step_card.html", {"card": row(61), "run": run_facts()})
    )
    await expect(tab.locator("#step-61")).to_have_count(1)
    await expect(tab.locator("[data-new-steps]")).to_have_text("1 new step")
    await expect(tab.locator(".timing-bar[data-number='61']")).to_have_count(1)
    seqs = await tab.locator("[data-step-seq]").evaluate_all("all => all.map(each => Number(each.dataset.stepSeq))")
    assert seqs == sorted(set(seqs))

    # A link to a step opens it.
    await tab.goto(f"{served.url}/#step-33")
    await tab.reload()
    await expect(current).to_have_id("step-33")
    await expect(tab.locator("#step-34")).to_have_count(1)
    await tab.wait_for_function(NO_GAP_IN_SIGHT)
    await expect(tab.locator("#step-33")).to_be_in_viewport()

    # It stays although it is near the end, which the page follows, until the reader goes there.
    await tab.locator("#step-33").hover()
    await tab.mouse.wheel(0, 100_000)
    await expect(tab.locator("#step-60")).to_be_in_viewport()


async def test_a_step_is_shown_although_its_gap_is_being_filled_for_another_reason(served, tab):
    await open_at_the_beginning(served, tab)
    await tab.evaluate("""() => {
        const link = document.querySelector('.step-gap-more');
        link.closest('[data-gap]').dataset.loading = 'yes';  // as when one scrolls to it
        htmx.trigger(link, 'wanted');
        const click = new MouseEvent('click', { bubbles: true, cancelable: true });
        document.querySelector(".timing-bar[data-number='40']").dispatchEvent(click);
    }""")

    await expect(tab.locator(".step[aria-current]")).to_have_id("step-40")
    await expect(tab.locator("#step-40")).to_be_in_viewport()
    numbers = await tab.locator("#steps > .step").evaluate_all("all => all.map(each => Number(each.dataset.stepNumber))")
    assert numbers == sorted(set(numbers))


async def test_a_step_that_cannot_be_loaded_is_not_called_missing(served, tab, complaints):
    await open_at_the_beginning(served, tab)
    await tab.route("**/steps/*", lambda route: route.abort())
    await tab.evaluate("window.said = []; document.addEventListener('toast', ({ detail }) => said.push(detail.text))")
    bar = tab.locator(".timing-bar[data-number='40']")
    await bar.click()
    await tab.wait_for_function("() => said.length === 1")
    await tab.unroute("**/steps/*")
    await tab.evaluate("location.hash = 'step-99'")
    await tab.wait_for_function("() => said.length === 2")

    assert await tab.evaluate("said") == ["Step 40 could not be loaded. Try again in a moment.", "There is no step 99 here"]
    await bar.click()
    await expect(tab.locator(".step[aria-current]")).to_have_id("step-40")
    complaints[:] = [each for each in complaints if "ERR_FAILED" not in each and "Failed to fetch" not in each]


async def test_the_splitter_moves_by_key_and_is_remembered(served, tab):
    await open_live(served, tab)
    bar = tab.get_by_role("separator")
    left = tab.locator("#run-left")
    before = (await left.bounding_box())["width"]

    await bar.focus()
    for _ in range(5):
        await tab.keyboard.press("ArrowLeft")

    await expect(bar).to_have_attribute("aria-valuenow", "47")
    assert (await left.bounding_box())["width"] < before - 50
    await tab.reload()
    await expect(bar).to_have_attribute("aria-valuenow", "47")
    await tab.set_viewport_size({"width": 390, "height": 800})
    await expect(bar).to_be_hidden()
