"""Where texts of strangers are shown, and how to see that they are texts: a page consists of what it consists of without them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.e2e import visitor
from tests.e2e.stack import ROOT, Stack

CORPUS = Path(__file__).with_name("hostile_payloads.json")
REPEAT = "@repeat:"
TOGETHER = 7
# Ordinary texts in every shape that is shown in a way of its own: a page made of them has all elements that there are.
HARMLESS = [
    "Plain words", "https://shop.example/a?b=c#d", "http://127.0.0.1/x", "two\nlines", "A", "word " * 6000, "x" * 30_000, "",
    '{"name": "Mug", "price": 3, "tags": ["a", "b"], "more": {"deep": null, "yes": true}}', '[{"a": 1}, {"a": 3, "b": 4}]',
    "[1, 2, 3]", "{}", "[]", '"a string"', "12.5", "true", "null", '[[1, [2]], {"a": {"b": {"c": [{"d": 1}]}}}]', "click",
    "1" * 300, "\u00e9" * 30_000,
]  # fmt: skip
SELDOM = 250
"""Milliseconds between two looks at a page that is so long that each frame of it costs much."""
HUGE = "huge"
MANY = 15
"""So often repeated, the short ones fill more steps than a page shows at once."""
SHORT = ["Plain words", "two\nlines", "https://shop.example/", *("More words",) * 30]
# What the page is made of: each kind of element with the names of its attributes.
KINDS = """() => {
    const passing = new Set(`open style hidden title disabled class aria-current aria-describedby data-fresh data-local
        data-loading autofocus required rows placeholder inputmode autocomplete autocapitalize spellcheck`.split(/\\s+/));
    const leads = new Set(['href', 'src', 'action', 'formaction']);
    const kinds = new Set();
    for (const element of document.querySelectorAll('*')) {
        const names = element.getAttributeNames().filter((name) => !passing.has(name)).sort();
        kinds.add(`${element.localName} ${names.join(' ')} in ${element.parentElement?.localName ?? ''}`);
        for (const { name, value } of element.attributes)
            if (/^on|^hx-on/.test(name) || (leads.has(name) && /^\\s*(javascript|data|vbscript):/i.test(value)))
                kinds.add(`DANGER ${element.localName} ${name}=${value.slice(0, 60)}`);
    }
    return [...kinds];
}"""
TRAP = "window.owned = () => { window.ran = true; }; Object.defineProperty(Object.prototype, 'owned_by', { value: 0 });"


def corpus() -> dict[str, str]:
    """The huge ones first: a long page shows the last steps, and loads the first ones when it is asked to."""
    groups = json.loads(CORPUS.read_text())
    ordered = sorted(groups.items(), key=lambda group: group[0] != HUGE)
    return {f"{group}: {name}": _whole(text) for group, texts in ordered for name, text in texts.items()}


def _whole(text: str) -> str:
    if not text.startswith(REPEAT):
        return text
    part, _, times = text.removeprefix(REPEAT).rpartition(":")
    return part * int(times)


def without_huge(texts: dict[str, str]) -> list[str]:
    return [text for name, text in texts.items() if not name.startswith(HUGE)]


class Rows:
    """The program that writes into the dashboard's database."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        self.program = program

    def __call__(self, do: str, **asked: Any) -> dict[str, Any]:
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(json.dumps({"do": do, **asked}) + "\n")
        self.program.stdin.flush()
        answer = self.program.stdout.readline()
        assert answer, f"{do} failed"
        return json.loads(answer)


@contextmanager
def rows_of(stack: Stack) -> Iterator[Rows]:
    environ = stack.environ | {"DJANGO_SETTINGS_MODULE": "notte_dashboard.settings.base"}
    command = [sys.executable, "-m", "tests.e2e.hostile_rows"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        rows = Rows(program)
        yield rows
        rows("remove")


class Watchman(NamedTuple):
    """Everything that a text must not bring about, as it happened."""

    dialogs: list[str]
    errors: list[str]
    away: list[str]

    def report(self) -> list[str]:
        return [*self.dialogs, *self.errors, *self.away]


def watched(context: BrowserContext, stack: Stack) -> Watchman:
    watchman = Watchman([], [], [])
    ours = (stack.base_url, f"http://127.0.0.1:{stack.local_api_port}", "about:", "data:image/svg+xml,")

    def asked(request: Request) -> None:
        if not request.url.startswith(ours):
            watchman.away.append(request.url)

    context.add_init_script(TRAP)
    context.on("request", asked)
    context.on("dialog", lambda dialog: (watchman.dialogs.append(dialog.message), dialog.dismiss()))
    context.on("weberror", lambda error: watchman.errors.append(str(error.error)))
    context.on("console", lambda message: watchman.errors.append(message.text) if message.type in {"error", "warning"} else None)
    return watchman


def kinds(tab: Page) -> set[str]:
    assert tab.evaluate("window.ran") is None
    assert tab.evaluate("({}).owned") is None
    return set(tab.evaluate(KINDS))


def whole_timeline(tab: Page, steps: int) -> None:
    """Fills the gaps, opens what is folded. Raw data comes when it is unfolded."""
    while tab.locator("#steps .step").count() < steps:
        before = tab.locator("#steps .step").count()
        tab.locator("[data-gap] [data-side=end]").first.dispatch_event("click")
        tab.wait_for_function("n => document.querySelectorAll('#steps .step').length > n", arg=before, polling=SELDOM)
    tab.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    tab.wait_for_function(
        "() => ![...document.querySelectorAll('.step-raws[open]')].some(each => !each.querySelector('.step-raw'))",
        polling=SELDOM,
    )


def wait_for_cards(tab: Page, number: int) -> None:
    expect(tab.locator("#steps .step")).to_have_count(number, timeout=visitor.PATIENCE)
