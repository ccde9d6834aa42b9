"""Building and rendering the start forms, in one process."""

import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notte_dashboard.settings.test")
django.setup()

# These need Django to be set up.
from django.template.loader import render_to_string  # noqa: E402

from notte_dashboard.presets.kinds import AGENT, SESSION, FormKind  # noqa: E402
from notte_dashboard.schema_forms import builder  # noqa: E402
from notte_dashboard.schema_forms.contract import contract  # noqa: E402
from notte_dashboard.schema_forms.form import SchemaForm  # noqa: E402
from tests.benchmarks.report import Figure, spread  # noqa: E402

TITLE = "Start forms"
ABOUT = "Building a form from the contract, which a process does once for each form, and drawing it."

GOAL = "<= 15"
WARM_UP = 3
FULL = {
    "headless": True,
    "solve_captchas": True,
    "max_duration_minutes": 30,
    "idle_timeout_minutes": 5,
    "proxies": [{"type": "external", "server": "http://proxy.example:8080", "username": "u", "password": "p"}],
    "browser_type": "chrome",
    "user_agent": "Agent/7.0",
    "chrome_args": ["--mute-audio", "--lang=de-AT"],
    "viewport_width": 1280,
    "viewport_height": 720,
    "screenshot_type": "full",
    "profile": {"id": "p-1", "persist": True},
    "extra_http_headers": {"Accept-Language": "de", "X-Team": "shop"},
    "vault_id": "v-1",
}


def build(kind: FormKind) -> None:
    """The walk over the schema, which a process does once for each form."""
    builder._built.cache_clear()
    kind.form_class()


def render(kind: FormKind, form: SchemaForm) -> str:
    context = {"form": form, "kind": kind, "nonce": "n", "start_url": "/", "cancel_url": "/"}
    return render_to_string("partials/start_form.html", context)


def measured(title: str, what: Callable[[], object], repeats: int, goal: str = "") -> Figure:
    """By the clock; the processor's time beside it tells what a busy machine added."""
    for _ in range(WARM_UP):
        what()
    clock, processor = [], []
    for _ in range(repeats):
        began, began_work = time.perf_counter(), time.process_time()
        what()
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - began_work) * 1000)
    return Figure(title, clock, unit="ms", goal=goal, note=f"processor time {spread(processor)} ms, {repeats} times")


def main(*, quick: bool) -> list[Figure]:
    contract()
    repeats = 5 if quick else 20
    size = len(render(SESSION, SESSION.form_class()(initial=FULL)))
    return [
        *[measured(f"{kind.name} form, built", lambda kind=kind: build(kind), repeats) for kind in (SESSION, AGENT)],
        measured(
            f"session form, all set, {size / 1024:.0f} kB",
            lambda: render(SESSION, SESSION.form_class()(initial=FULL)),
            repeats,
            GOAL,
        ),
        measured("session form, empty", lambda: render(SESSION, SESSION.form_class()()), repeats),
        measured("agent form, empty", lambda: render(AGENT, AGENT.form_class()()), repeats),
    ]
