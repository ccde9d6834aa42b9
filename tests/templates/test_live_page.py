"""The live side of a run's page, in a real Chromium: nothing lost, nothing doubled, and honest about its age."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.templates.served_page import Line, ServedPage, card, status

# One Chromium for the module, and so one loop.
pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]


async def open_live(served: ServedPage, tab: Page) -> Line:
    await tab.goto(served.url)
    line = await served.line()
    await line.say("hello", seq=line.after, beat=10)
    await line.say("state", fragments=[])
    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "on")
    return line


async def steps_shown(tab: Page) -> list[str]:
    return await tab.locator("[data-step-seq]").evaluate_all("all => all.map(each => each.dataset.stepSeq)")


async def test_it_starts_from_what_the_page_shows(served, tab):
    served.last_seq = 7

    line = await open_live(served, tab)

    assert line.after == 7
    await expect(tab.locator(".live-text")).to_have_text("Live")


async def test_steps_are_added_in_order_and_a_grown_card_replaces_its_older_self(served, tab):
    line = await open_live(served, tab)
    await expect(tab.locator("[data-empty]")).to_be_visible()

    await line.say("steps", **{"from": 1, "to": 2}, html=card(1, 1, "agent_step_start", "observation"))
    await line.say("steps", **{"from": 3, "to": 3}, html=card(1, 1, "agent_step_start", "observation", "agent_completion"))
    await line.say("steps", **{"from": 4, "to": 4}, html=card(2, 4, "agent_step_start"))

    await expect(tab.locator("#step-2")).to_be_visible()
    assert await steps_shown(tab) == ["1", "2", "3", "4"]
    await expect(tab.locator("[data-empty]")).to_have_count(0)
    await expect(tab.locator("#location")).to_have_text("https://shop.example/1")


async def test_where_the_browser_is_comes_from_the_live_picture_while_there_is_one(served, tab):
    line = await open_live(served, tab)
    await tab.evaluate("""() => {
        document.getElementById('location').textContent = 'https://shop.example/now';
        document.body.insertAdjacentHTML('beforeend', '<div data-viewer="live"><b data-speaks></b></div>');
    }""")
    await line.say("steps", **{"from": 1, "to": 1}, html=card(1, 1, "observation"))
    await expect(tab.locator("#step-1")).to_be_visible()
    await expect(tab.locator("#location")).to_have_text("https://shop.example/now")

    await tab.evaluate("document.querySelector('[data-viewer]').dataset.viewer = 'blank'")
    await line.say("steps", **{"from": 2, "to": 2}, html=card(2, 2, "observation"))

    await expect(tab.locator("#location")).to_have_text("https://shop.example/2")


async def test_what_the_reader_opened_stays_open_when_the_card_grows(served, tab):
    line = await open_live(served, tab)
    await line.say("steps", **{"from": 1, "to": 1}, html=card(1, 1, "observation"))
    await tab.locator("#step-1 .step-raws > summary").click()

    await line.say("steps", **{"from": 2, "to": 2}, html=card(1, 1, "observation", "agent_completion"))

    await expect(tab.locator("#step-1 [data-step-seq='2']")).to_have_count(1)
    assert await tab.locator("#step-1 .step-raws").evaluate("element => element.open")
    assert await tab.evaluate("document.activeElement.tagName") == "SUMMARY"


async def test_a_gap_is_never_shown_but_asked_for_again(served, tab):
    line = await open_live(served, tab)
    await line.say("steps", **{"from": 1, "to": 1}, html=card(1, 1, "observation"))

    await line.say("steps", **{"from": 3, "to": 3}, html=card(3, 3, "observation"))

    again = await served.line()
    assert again.after == 1
    await again.say("steps", **{"from": 2, "to": 3}, html=card(2, 2, "observation") + card(3, 3, "observation"))
    await expect(tab.locator("#step-3")).to_be_visible()
    assert await steps_shown(tab) == ["1", "2", "3"]


async def test_steps_it_already_has_are_not_doubled(served, tab):
    line = await open_live(served, tab)
    await line.say("steps", **{"from": 1, "to": 2}, html=card(1, 1, "observation", "agent_completion"))

    await line.say("steps", **{"from": 1, "to": 2}, html=card(1, 1, "observation", "agent_completion"))
    await line.say(
        "steps", **{"from": 2, "to": 3}, html=card(1, 1, "observation", "agent_completion") + card(2, 3, "observation")
    )

    await expect(tab.locator("#step-2")).to_be_visible()
    assert await steps_shown(tab) == ["1", "2", "3"]


async def test_a_cut_is_shown_with_the_age_of_the_page_and_healed_from_the_last_step(served, tab):
    line = await open_live(served, tab)
    await line.say("steps", **{"from": 1, "to": 1}, html=card(1, 1, "observation"))
    await expect(tab.locator("#step-1")).to_be_visible()

    await line.hang_up(1011)
    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "off")
    await expect(tab.locator(".live-text")).to_have_text("Connection lost, retrying…")
    await expect(tab.locator(".live-age")).to_contain_text("last update")

    again = await served.line()
    assert again.after == 1
    await again.say("hello", seq=1, beat=10)
    await expect(tab.locator("live-socket")).to_have_attribute("data-state", "retrying")
    await again.say("beat")
    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "on")


async def silent(tab: Page, seconds: float) -> None:
    await tab.clock.fast_forward(int(seconds * 1000))


async def test_a_server_that_falls_silent_is_taken_for_gone(served, tab):
    await tab.clock.install()
    line = await open_live(served, tab)
    await line.say("steps", **{"from": 1, "to": 1}, html=card(1, 1, "observation"))
    await expect(tab.locator("#step-1")).to_be_visible()

    await silent(tab, 20)
    await line.say("beat")
    await silent(tab, 20)
    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "on")
    assert served.lines.empty()

    await silent(tab, 10)
    await expect(tab.locator(".live-text")).to_have_text("Connection lost, retrying…")
    await expect(tab.locator(".live-age")).to_have_text("last update 30 s ago")
    assert await steps_shown(tab) == ["1"]
    await silent(tab, 1)
    again = await served.line()
    assert again.after == 1
    await asyncio.wait_for(line.gone.wait(), 5)


async def test_a_server_that_takes_the_socket_and_never_says_a_word_is_tried_again(served, tab):
    await tab.clock.install()
    await tab.goto(served.url)
    await served.line()

    for _ in range(3):
        await silent(tab, 12)
        await silent(tab, 10)
        await served.line()

    await expect(tab.locator("live-socket")).to_have_attribute("data-state", "retrying")


async def test_a_server_that_only_greets_is_not_called_live_nor_asked_without_a_pause(served, tab):
    await tab.goto(served.url)
    began = asyncio.get_running_loop().time()
    for _ in range(5):
        line = await served.line()
        await line.say("hello", seq=0, beat=10)
        await line.hang_up(1012)

    assert asyncio.get_running_loop().time() - began > 0.5 * 0.25 * (1 + 1.6 + 1.6**2 + 1.6**3)
    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "off")


async def test_too_many_pages_are_told_and_tried_again_later(served, tab):
    await tab.goto(served.url)
    line = await served.line()

    await line.hang_up(4429)

    await expect(tab.locator(".live-text")).to_have_text("Too many open pages: close some. Retrying…")
    again = await served.line()
    await again.say("hello", seq=0, beat=10)
    await again.say("state", fragments=[])
    await expect(tab.locator(".live-text")).to_have_text("Live")


async def test_the_loss_of_the_network_is_tried_and_not_believed(served, tab):
    await open_live(served, tab)

    await tab.evaluate("dispatchEvent(new Event('offline'))")

    again = await served.line()
    await again.say("hello", seq=0, beat=10)
    await again.say("state", fragments=[])
    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "on")


async def test_what_other_scripts_are_for_reaches_them(served, tab):
    line = await open_live(served, tab)
    await tab.evaluate("document.addEventListener('live:rows', ({ detail }) => { document.title = detail.text; })")

    await line.say("rows", text="a row")

    await expect(tab).to_have_title("a row")


@pytest.mark.parametrize("code", [1000, 4401, 4403, 4404])
async def test_a_final_close_is_not_retried(served, tab, code):
    line = await open_live(served, tab)

    await line.hang_up(code)

    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "off")
    await asyncio.sleep(1)
    assert served.lines.empty()
    await expect(tab.locator(".live-text")).not_to_have_text("Connection lost, retrying…")


async def test_the_end_is_told_and_closes_quietly(served, tab):
    line = await open_live(served, tab)

    await line.say("end")

    await asyncio.wait_for(line.gone.wait(), 5)
    await expect(tab.locator(".live-text")).to_have_text("Ended")
    assert served.lines.empty()


async def test_state_is_replaced_and_the_title_follows(served, tab):
    line = await open_live(served, tab)

    await line.say(
        "state", fragments=[status("Timed out", "timed_out"), {"id": "nothing-here", "html": "<p id='nothing-here'></p>"}]
    )

    await expect(tab.locator("#status")).to_have_attribute("data-status", "timed_out")
    assert await tab.title() == "Timed out · A run · Notte Dashboard"


async def test_a_fragment_to_keep_is_left_alone(served, tab):
    line = await open_live(served, tab)
    await line.say("state", fragments=[{"id": "status", "html": "<b id='status' data-keep='a' data-page-title=''>first</b>"}])
    await line.say("state", fragments=[{"id": "status", "html": "<b id='status' data-keep='a' data-page-title=''>second</b>"}])
    await expect(tab.locator("#status")).to_have_text("first")

    await line.say("state", fragments=[{"id": "status", "html": "<b id='status' data-keep='b' data-page-title=''>third</b>"}])

    await expect(tab.locator("#status")).to_have_text("third")


async def test_pushed_text_stays_text(served, tab):
    line = await open_live(served, tab)
    hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"

    await line.say("steps", **{"from": 1, "to": 1}, html=card(1, 1, "agent_completion", goal=hostile))

    await expect(tab.locator("#step-1 .step-goal")).to_have_text(hostile)
    assert "owned" not in await tab.title()


async def test_it_follows_the_newest_step_until_the_reader_scrolls_away(served, tab):
    line = await open_live(served, tab)
    many = "".join(card(number, number, "observation") for number in range(1, 41))
    await line.say("steps", **{"from": 1, "to": 40}, html=many)
    await expect(tab.locator("#step-40")).to_be_in_viewport()

    await tab.locator("[data-timeline]").evaluate("element => { element.scrollTop = 0; }")
    await expect(tab.locator("[data-follow]")).to_have_attribute("aria-pressed", "false")
    await line.say("steps", **{"from": 41, "to": 42}, html=card(41, 41, "observation") + card(42, 42, "observation"))

    await expect(tab.locator("[data-new-steps]")).to_have_text("2 new steps")
    await expect(tab.locator("#step-1")).to_be_in_viewport()
    await tab.locator("[data-new-steps]").click()
    await expect(tab.locator("#step-42")).to_be_in_viewport()
    await expect(tab.locator("[data-new-steps]")).to_be_hidden()


async def test_stop_asks_first_and_is_sent_once_without_leaving_the_page(served, tab):
    await open_live(served, tab)

    await tab.locator("#stop").click()
    await expect(tab.locator("#confirm")).to_be_visible()
    assert served.posts == []
    await tab.locator("#confirm [type=submit]").dblclick()

    await expect(tab.locator("#confirm")).to_be_hidden()
    assert served.posts == ["/stop"]
    await expect(tab.locator("live-socket")).to_have_attribute("data-live", "on")
