import re

import pytest

from notte_dashboard.local_api.brains.interface import Pair
from notte_dashboard.local_api.brains.perception import LIMITS, look

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="session")]

PATHS = ["/", "/shop", "/products/kettle", "/contact", "/login", "/countries", "/journal", "/slow?seconds=0", "/moving"]
INTERACTIVE = re.compile(
    r'^\s*- (link|button|textbox|searchbox|spinbutton|combobox|checkbox)(?: "((?:[^"\\]|\\.)*)")?', re.MULTILINE
)


@pytest.mark.parametrize("path", PATHS)
async def test_roles_and_names_are_those_of_the_browsers_accessibility_tree(tab, demo, path):
    await tab.goto(demo + path)
    seen = [(element.role, element.name) for element in (await look(tab)).elements]
    told = [(role, name) for role, name in INTERACTIVE.findall(await tab.locator("body").aria_snapshot())]
    assert seen == told


@pytest.mark.parametrize("path", PATHS)
async def test_every_selector_leads_to_exactly_its_element(tab, demo, path):
    await tab.goto(demo + path)
    for element in (await look(tab)).elements:
        assert await tab.locator(element.selector).count() == 1
        assert await tab.locator(f"xpath={element.xpath}").count() == 1


async def test_a_page_is_seen_with_its_parts(tab, demo):
    await tab.goto(f"{demo}/products/kettle")
    view = await look(tab)
    assert (view.url, view.title, view.status) == (f"{demo}/products/kettle", "Kettle · Harbour Lane", 200)
    assert view.pairs == (Pair("Price", "£39.00"), Pair("Availability", "12 in stock"))
    size = next(element for element in view.elements if element.name == "Size")
    assert (size.id, size.role, size.value, size.options) == (
        "I1",
        "combobox",
        "Medium (£39.00)",
        ("Small (£35.00)", "Medium (£39.00)", "Large (£45.00)"),
    )


async def test_a_field_shows_its_error_and_a_password_never_shows(tab, demo):
    await tab.goto(f"{demo}/login")
    await tab.fill("#password", "geheim")
    password = next(element for element in (await look(tab)).elements if element.secret)
    assert (password.name, password.value) == ("Password", "")
    await tab.goto(f"{demo}/contact")
    await tab.click("text=Send message")
    name = next(element for element in (await look(tab)).elements if element.name == "Name")
    assert (name.invalid, name.required, name.hint) == (True, True, "Enter your name.")


async def test_hidden_things_are_not_seen(tab):
    await tab.set_content(
        "<a href=/a hidden>A</a><a href=/b style='visibility:hidden'>B</a><div aria-hidden=true><a href=/c>C</a></div>"
        "<details><summary>More</summary><a href=/d>D</a></details><a href=/e>E</a>"
    )
    assert [element.name for element in (await look(tab)).elements] == ["More", "E"]


async def test_an_open_shadow_tree_is_seen_and_reachable(tab):
    await tab.set_content(
        "<x-box></x-box><script>document.querySelector('x-box').attachShadow({mode:'open'}).innerHTML='<button>In</button>'</script>"
    )
    [button] = (await look(tab)).elements
    assert button.name == "In"
    assert await tab.locator(button.selector).inner_text() == "In"


async def test_a_hostile_page_is_read_within_bounds(tab):
    await tab.set_content(
        "<div role='weird'>odd</div><a role='button presentation' href='#'>" + "x" * 5000 + "</a>"
        "<input type='nonsense' aria-label='" + "y" * 5000 + "'><div role=button id=\"a'b&quot;c d\">odd id</div>"
        + "<button>b</button>" * 2000
        + "<table>" + "<tr><td>c</td></tr>" * 1000 + "</table>"
        + "<p>" + "word " * 50_000 + "</p><h1>\ud7ff\u202e<script>document.title='\\ud800'</script></h1>"
    )  # fmt: skip
    view = await look(tab)
    assert view.problem == ""
    assert len(view.elements) == LIMITS["elements"]
    assert len(view.text) == LIMITS["text"]
    assert max(len(table.rows) for table in view.tables) == LIMITS["rows"]
    assert max(len(element.name) for element in view.elements) <= 300
    assert view.truncated
    view.title.encode()


async def test_a_page_that_breaks_the_reading_is_a_view_with_a_problem(tab):
    await tab.set_content("<script>Document.prototype.querySelectorAll = () => { throw new Error('no') }</script><h1>x</h1>")
    view = await look(tab)
    assert view.problem.startswith("The page could not be read")
    assert view.elements == ()


async def test_lies_of_the_page_are_only_text(tab):
    await tab.set_content("<script>String.prototype.slice = () => ({toString: 1})</script><a href=/a>A</a>")
    view = await look(tab)
    assert all(isinstance(element.name, str) for element in view.elements)


async def test_a_busy_page_does_not_hold_up_the_reader(tab, monkeypatch):
    monkeypatch.setattr("notte_dashboard.local_api.brains.perception.SECONDS_PER_TRY", 0.5)
    await tab.set_content("<script>setTimeout(() => { const end = Date.now() + 2000; while (Date.now() < end); }, 0)</script>")
    assert (await look(tab)).problem in {"", "The page is too busy to be read."}


async def test_a_page_on_the_move_is_read_when_it_has_arrived(tab, demo):
    await tab.goto(f"{demo}/")
    await tab.evaluate("url => { setTimeout(() => { location.href = url }, 0) }", f"{demo}/slow?seconds=1")
    view = await look(tab)
    assert view.problem == ""


async def test_an_empty_tab_and_a_closed_one_are_views_too(tab):
    assert ((await look(tab)).url, (await look(tab)).problem) == ("about:blank", "")
    await tab.close()
    assert (await look(tab)).problem == "The page is closed."
