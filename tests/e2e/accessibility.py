"""What every page must stand, in whatever state it is."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, expect

from tests.e2e import visitor

# The frame of the live picture is another page; Playwright would look into it too.
SCOPE = {"exclude": [["iframe"]]}
TOO_WIDE = "() => document.scrollingElement.scrollWidth - innerWidth"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
EVERYTHING, COLOURS = {"resultTypes": ["violations"]}, {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
VIEWS = [
    (visitor.WIDE, "dark", COLOURS),
    (visitor.WIDE, "light", EVERYTHING),
    (visitor.PHONE, "light", EVERYTHING),
]


def check(tab: Page) -> None:
    """On a desk, on a phone, and in the dark, where only the colours are others."""
    expect(tab.locator("h1").first).to_be_visible()
    tab.evaluate(AXE_SCRIPT)
    for size, scheme, options in VIEWS:
        tab.set_viewport_size(size)
        tab.emulate_media(color_scheme=scheme)
        expect(tab.locator("html")).to_have_attribute("data-bs-theme", scheme)
        tab.evaluate(TWO_FRAMES)
        assert tab.evaluate(TOO_WIDE) <= 0, f"{tab.url} scrolls sideways at {size['width']}"
        results = AxeResults(tab.evaluate("([scope, options]) => axe.run(scope, options)", [SCOPE, options]))
        assert results.violations_count == 0, f"{scheme}, {size}: {results.generate_report()}"
    tab.set_viewport_size(visitor.WIDE)
