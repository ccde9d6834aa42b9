import pytest

from notte_dashboard.local_api.brains.actions import described, masked, perform
from notte_dashboard.local_api.brains.perception import look
from tests.local_api.brains.conftest import anywhere

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def do(context, tab):
    async def carry_out(action, *, allowed=anywhere):
        return await perform(context, tab, action, await look(tab), allowed=allowed)

    return carry_out


async def named(tab, name):
    return next(element.id for element in (await look(tab)).elements if element.name == name)


async def test_opening_a_page_tells_where_it_led(do, demo):
    result, page = await do({"type": "goto", "url": f"{demo}/login"})
    assert (result.success, result.message) == (True, f"Opened {demo}/login")
    assert result.data == {"url": f"{demo}/login", "status": 200}
    assert page.url == f"{demo}/login"


async def test_opening_a_failing_page_tells_its_status(do, demo):
    result, _ = await do({"type": "goto", "url": f"{demo}/failing"})
    assert result.message == f"Opened {demo}/failing, which answered with HTTP 500"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "chrome://settings", "nonsense"])
async def test_only_web_addresses_are_opened(do, url):
    result, page = await do({"type": "goto", "url": url})
    assert (result.success, result.message) == (False, f"Only http and https addresses can be opened, not {url}.")
    assert page.url == "about:blank"


async def test_an_address_that_is_not_allowed_is_refused(do, demo, tab):
    result, _ = await do({"type": "goto", "url": f"{demo}/"}, allowed=lambda _url: False)
    assert (result.success, result.message) == (False, f"This browser may not open {demo}/.")
    await tab.goto(f"{demo}/")
    link = await named(tab, "Shop")
    result, page = await do({"type": "click", "id": link}, allowed=lambda url: "shop" not in url)
    assert result.message == f"This browser may not open {demo}/shop."
    assert page.url == f"{demo}/"


async def test_a_click_waits_for_the_slow_page_it_leads_to(do, demo, tab):
    await tab.goto(f"{demo}/")
    result, page = await do({"type": "click", "id": await named(tab, "Slow page")})
    assert result.success
    assert page.url == f"{demo}/slow"
    assert await page.inner_text("h1") == "Worth the wait"


async def test_a_click_waits_for_what_a_script_fetches(do, web, demo, tab):
    page = web.write(
        "fetching",
        f"<button onclick=\"fetch('{demo}/slow?seconds=1').then(() => {{ out.textContent = 'done' }})\">Go</button>"
        "<p id=out></p>",
    )
    await tab.goto(page)
    await do({"type": "click", "id": "B1"})
    assert await tab.inner_text("#out") == "done"


async def test_a_link_to_a_new_tab_is_followed_there(do, web, demo, tab, context):
    await tab.goto(web.write("tabs", f"<a href='{demo}/shop' target=_blank>Shop</a>"))
    result, page = await do({"type": "click", "id": "L1"})
    assert page is not tab
    assert page.url == f"{demo}/shop"
    assert result.message == f"Clicked on the element L1 with the text 'Shop'; a new tab opened: {demo}/shop"
    result, page = await perform(context, page, {"type": "close_tab"}, await look(page), allowed=anywhere)
    assert page is tab


async def test_filling_tells_what_was_filled(do, demo, tab):
    await tab.goto(f"{demo}/shop")
    result, _ = await do({"type": "fill", "id": "I1", "value": "notte browser", "clear_before_fill": True})
    assert result.message == "Filled the input field I1 with the value: 'notte browser'"
    await do({"type": "fill", "id": "I1", "value": "s", "clear_before_fill": False})
    assert await tab.input_value("#q") == "notte browsers"


async def test_a_password_is_filled_and_never_told(do, demo, tab):
    await tab.goto(f"{demo}/login")
    view = await look(tab)
    action = {"type": "fill", "id": "I2", "value": "geheim", "clear_before_fill": True}
    result, _ = await do(action)
    assert await tab.input_value("#password") == "geheim"
    assert result.message == "Filled the input field I2 with the value: '••••••••'"
    assert described(action, view)["value"] == "••••••••"
    assert masked(action, view) == {**action, "value": "••••••••"}


async def test_an_action_is_described_as_the_contract_shows_it(demo, tab):
    await tab.goto(f"{demo}/shop")
    told = described({"type": "fill", "id": "I1", "value": "tea", "clear_before_fill": True}, await look(tab))
    assert told == {
        "type": "fill",
        "category": "Interaction Actions",
        "description": told["description"],
        "id": "I1",
        "selector": {
            "css_selector": "#q",
            "xpath_selector": "//*[@id='q']",
            "in_iframe": False,
            "in_shadow_root": False,
            "notte_selector": None,
            "iframe_parent_css_selectors": [],
            "playwright_selector": 'internal:role=searchbox[name="Search products"i]',
            "python_selector": None,
        },
        "press_enter": None,
        "text_label": "Search products",
        "timeout": 15000,
        "value": "tea",
        "clear_before_fill": True,
    }
    assert await tab.locator(told["selector"]["playwright_selector"]).count() == 1


async def test_browser_actions_are_described_without_an_element(tab):
    told = described({"type": "wait", "time_ms": 5}, await look(tab))
    assert told["time_ms"] == 5
    assert told["category"] == "Special Browser Actions"
    assert "selector" not in told


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"type": "click", "id": "B99"}, "There is no element B99 on this page."),
        ({"type": "dance"}, "The action dance is not supported here."),
        ({}, "The action None is not supported here."),
        ({"type": "goto"}, "The action goto failed: 'url'."),
        ({"type": "switch_tab", "tab_index": 7}, "There is no tab 7, only 1."),
        ({"type": "close_tab"}, "The last tab stays open."),
        ({"type": "go_forward"}, "There is no page to go forward to."),
        ({"type": "wait", "time_ms": "soon"}, "The action wait failed: invalid literal for int() with base 10: 'soon'."),
    ],
)
async def test_a_failure_is_an_answer(do, action, message):
    result, _ = await do(action)
    assert (result.success, result.message) == (False, message)


async def test_a_covered_button_fails_in_time_with_the_reason(do, tab, monkeypatch):
    monkeypatch.setattr("notte_dashboard.local_api.brains.actions.TIMEOUT", 500)
    await tab.set_content("<button>Go</button><div style='position:fixed;inset:0'></div>")
    result, _ = await do({"type": "click", "id": "B1"})
    assert (result.success, result.message) == (False, "The action click on 'Go' failed: no success within 15 seconds.")
    assert "intercepts pointer events" in (result.exception or "")


async def test_a_disabled_button_is_not_waited_for(do, tab):
    await tab.set_content("<button disabled>Go</button>")
    result, _ = await do({"type": "click", "id": "B1"})
    assert result.message == "'Go' is disabled."


async def test_choices_and_boxes_are_set(do, demo, tab):
    await tab.goto(f"{demo}/contact")
    result, _ = await do({"type": "select_dropdown_option", "id": "I3", "value": "An order"})
    assert result.message == "Selected 'An order' in I3: 'Topic'"
    result, _ = await do({"type": "check", "id": "I5", "value": True})
    assert result.message == "Ticked I5: 'Send me a copy'"
    view = await look(tab)
    assert (view.element("I3").value, view.element("I5").checked) == ("An order", True)


async def test_the_history_is_walked(do, demo, tab):
    await tab.goto(f"{demo}/")
    await tab.goto(f"{demo}/shop")
    result, page = await do({"type": "go_back"})
    assert (result.message, page.url) == (f"Went back to {demo}/", f"{demo}/")
    result, page = await do({"type": "go_forward"})
    assert page.url == f"{demo}/shop"
    result, _ = await do({"type": "reload"})
    assert result.message == f"Reloaded {demo}/shop"


async def test_the_page_is_scrolled_and_read(do, demo, tab):
    await tab.set_viewport_size({"width": 800, "height": 300})
    await tab.goto(f"{demo}/countries")
    await do({"type": "scroll_down", "amount": None})
    assert (await look(tab)).scroll_y == 300
    await do({"type": "scroll_up", "amount": 100})
    assert (await look(tab)).scroll_y == 200
    result, _ = await do({"type": "scrape"})
    assert result.data["title"] == "Countries · Harbour Lane"
    assert "Austria" in result.data["markdown"]
