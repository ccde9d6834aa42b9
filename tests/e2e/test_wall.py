"""The wall of live runs: tiles come, change and go by themselves, and never move under a hand."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import visitor
from tests.e2e.accessibility import check
from tests.e2e.onlooker import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.e2e
IDS = "all => all.map(each => each.id.slice('tile-'.length))"
COLOUR = """image => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    canvas.drawImage(image, 0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(part => part > 127);
}"""
RED, BLUE = [True, False, False], [False, False, True]


def order(tab: Page) -> list[str]:
    return tab.locator(".tile").evaluate_all(IDS)


def tile(tab: Page, session: str) -> Locator:
    return tab.locator(f"#tile-{session}")


def stands(tab: Page, *sessions: str) -> None:
    tab.wait_for_function(
        "ids => JSON.stringify([...document.querySelectorAll('.tile')].map(each => each.id.slice(5))) === JSON.stringify(ids)",
        arg=list(sessions),
    )


def test_tiles_come_change_and_go_and_the_most_urgent_stands_first(tabs, scribe):
    by, (tab,) = tabs("/live/")
    expect(tab.get_by_text("Nothing is running")).to_be_visible()
    check(tab)
    first, second = (scribe("session", by=by, last_title=title) for title in ("Harbour Lane", "Granary"))
    stands(tab, first, second)
    expect(tab.get_by_text("Nothing is running")).to_be_hidden()
    expect(tile(tab, first)).to_contain_text("Pictures come with steps")

    agent = scribe("agent", by=by, session=second, task="Count the barley sacks")
    scribe("steps", uuid=agent, count=2, colour="red")
    expect(tile(tab, second)).to_contain_text("goal 2")
    picture = tile(tab, second).locator("img")
    assert visitor.loaded(picture)
    assert picture.evaluate(COLOUR) == RED
    scribe("steps", uuid=agent, count=3, colour="blue")
    expect(tile(tab, second)).to_contain_text("goal 3")
    tab.wait_for_function(
        f"() => ({COLOUR})(document.querySelector('.tile img')).join() === '{str(BLUE).lower()[1:-1].replace(' ', '')}'"
    )
    check(tab)

    tile(tab, first).locator("a").focus()
    scribe("change", uuid=agent, state="closed", success=False, answer="There is no barley", ended=True)
    expect(tile(tab, second)).to_have_attribute("data-need", "failed")
    expect(tile(tab, second)).to_contain_text("There is no barley")
    assert order(tab) == [first, second], "somebody stands on the first"
    tab.keyboard.press("j")
    expect(tile(tab, second).locator("a")).to_be_focused()
    tab.keyboard.press("ArrowLeft")
    expect(tile(tab, first).locator("a")).to_be_focused()
    tab.evaluate("document.activeElement.blur()")
    stands(tab, second, first)

    tab.keyboard.press("j")
    scribe("change", uuid=first, state="closed", ended=True)
    stands(tab, second)
    expect(tile(tab, second).locator("a")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/agents/{agent}/")


def test_pictures_are_only_loaded_for_tiles_in_sight_and_one_socket_does_for_all(tabs, scribe):
    by, (tab,) = tabs("/sessions/")
    sessions = [scribe("session", by=by, last_title=f"Shop {number}") for number in range(14)]
    agents = [scribe("agent", by=by, session=session) for session in sessions]
    for agent in agents:
        scribe("steps", uuid=agent, count=1, colour="red")
    tab.set_viewport_size({"width": 390, "height": 700})
    asked, sockets = [], []
    tab.on("request", lambda request: asked.append(request.url) if "/screenshots/" in request.url else None)
    tab.on("websocket", lambda socket: sockets.append(socket.url))
    tab.goto("/live/")
    visitor.wait_live(tab)
    expect(tab.locator(".tile")).to_have_count(14)
    last = tab.locator(".tile").last
    before = last.locator("img").get_attribute("src")
    visitor.settle(tab)
    assert asked
    assert all(url.endswith("?small") for url in asked)
    asked.clear()

    scribe("steps", uuid=agents[-1], count=2, colour="blue")
    expect(last).to_contain_text("goal 2")
    assert last.locator("img").get_attribute("src") == before
    assert asked == []
    last.scroll_into_view_if_needed()
    tab.wait_for_function("() => !document.querySelector('.tile:last-child img').dataset.wanted")
    assert last.locator("img").get_attribute("src") != before
    assert visitor.loaded(last.locator("img"))
    assert len([url for url in sockets if "page=wall" in url]) == 1
    assert len(asked) == 1
    assert asked[0].endswith(f"/agents/{agents[-1]}/screenshots/7/?small")
