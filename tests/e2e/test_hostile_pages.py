"""A page that an agent reads may say anything: to a visitor of the dashboard it stays text."""

from collections.abc import Iterator
from html import escape

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import visitor
from tests.e2e.accessibility import TWO_FRAMES
from tests.local_api.sites import Site, serving

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
PAYLOADS = [
    '<script>window.owned = 1; alert("owned")</script>',
    '<img id="injected" src="{site}/canary" onerror="window.owned = 2">',
    '"><iframe id="injected" src="{site}/canary"></iframe>',
    "<a id='injected' hx-get='/sessions/' hx-trigger='load'>{{{{ 7 * 7 }}}}</a>",
]
PAGE = """<title>{title}</title><h1>{heading}</h1><h2>{frame}</h2>
<a href="javascript:alert(1)">{link}</a> <a href="/1?{link}">{frame}</a>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving("", "") as made:
        title, heading, frame, link = (escape(payload.format(site=made.url)) for payload in PAYLOADS)
        made.pages = [PAGE.format(title=title, heading=heading, frame=frame, link=link)] * 2
        yield made


@pytest.fixture
def nothing_ran(tab: Page, site: Site) -> Iterator[None]:
    """No dialog, no script, no element of the page's, and nobody asked for what it wants to be asked for."""
    dialogs: list[str] = []
    asked: list[str] = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda request: asked.append(request.url))
    yield
    assert dialogs == []
    assert [url for url in asked if url.startswith(site.url)] == []
    assert [path for path, _headers in site.requests if "canary" in path] == []


def harmless(tab: Page) -> None:
    tab.wait_for_load_state()
    tab.evaluate(TWO_FRAMES)
    assert tab.evaluate("window.owned") is None
    expect(tab.locator("#injected")).to_have_count(0)
    assert tab.locator("a[href^='javascript:']").count() == 0


@pytest.mark.usefixtures("nothing_ran")
def test_what_a_page_says_is_shown_as_text_and_never_run(tab: Page, site: Site):
    title, heading, frame, _link = (payload.format(site=site.url) for payload in PAYLOADS)
    path = visitor.start_agent(tab, f"Tell me the title and the headings. {title}", site.url)
    visitor.wait_over(tab)
    harmless(tab)
    path = visitor.start_agent(tab, "Tell me the title and the headings", f"{site.url}/1?<b/id=injected>")
    visitor.watch(tab)
    visitor.wait_over(tab)
    for text in (title, heading, frame):
        expect(tab.locator("#answer-text")).to_contain_text(text)
    expect(tab.locator("#steps")).to_contain_text(title)
    visitor.counts(tab)
    harmless(tab)
    tab.reload()
    for summary in tab.locator("#steps summary").all():
        summary.evaluate("element => { element.parentElement.open = true; }")
    expect(tab.locator("#steps")).to_contain_text(title)
    harmless(tab)
    session = f"/sessions/{visitor.facts(tab)['session']}/"
    for page, row in ((session, "#heading"), ("/", "main"), ("/sessions/", "#results"), ("/agents/", "#results")):
        tab.goto(page)
        expect(tab.locator(row)).to_contain_text(title)
        harmless(tab)
    tab.goto(f"/agents/start/?session={visitor.uuid_in(session)}")
    expect(tab.locator("[name=session_id]")).to_contain_text("<script>")
    harmless(tab)
    tab.goto("/agents/?q=" + '"><img id=injected src=x onerror=alert(1)>')
    harmless(tab)
    expect(tab.locator("[name=q]")).to_have_value('"><img id=injected src=x onerror=alert(1)>')
    assert visitor.facts(tab, path)["success"] is True
