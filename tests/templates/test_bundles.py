"""A bundle leaves comments and spaces behind, and nothing else: Chromium reads the same rules in it as in its parts."""

import pytest

from tools.bundle import BUNDLES, STATIC

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]
SHEETS = [name for name in BUNDLES if name.endswith(".css")]
RULES = """text => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    // Chromium writes rules in one way, but leaves values with variables as they came.
    return [...sheet.cssRules].map(rule => rule.cssText.replace(/\\s*([,{}])\\s*/g, '$1'));
}"""


@pytest.mark.parametrize("name", SHEETS)
async def test_a_style_sheet_says_what_its_parts_say(engine, name):
    page = await engine.new_page()
    bundle = await page.evaluate(RULES, (STATIC / name).read_text())
    parts = await page.evaluate(RULES, "\n".join((STATIC / part).read_text() for part in BUNDLES[name]))
    await page.close()

    assert len(bundle) > 10
    assert bundle == parts
