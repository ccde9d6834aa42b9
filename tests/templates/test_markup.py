"""What the content policy, the kit's purge and the house rules ask of every template."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.template.loader import get_template

ROOT = settings.BASE_DIR
FOLDER = ROOT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
NAMES = [str(path.relative_to(FOLDER)) for path in TEMPLATES]
BANNED = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an inline handler": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"hx-on[:\s=]",
    "a javascript: address": r"javascript:",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an inline style sheet": r"<style",
    "evaluated values": r"hx-(vals|headers|request)[^=]*=\s*['\"]?\s*js:",
    "a trigger filter": r"hx-trigger\s*=\s*\"[^\"]*\[",
    "an outside address": r"(src|href|action)\s*=\s*\"https?://",
    "an out-of-band mark": r"hx-swap-oob",
    "a tag of another htmx": r"hx-ext\s*=",
}
CLASSES = re.compile(r'class="([^"]*)"')
SCRIPTED = re.compile(r"\{[{%#].*?[%#}]\}", re.DOTALL)
DEFINED = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
# Hooks of scripts and tests, without a look of their own.
LOOKLESS = {"live-age", "live-text", "run-id", "step-duration", "step-unknown", "viewer-failed", "viewer-panel", "fact-group"}

OF_THE_ADMIN = {"admin", "contract"}
"""Folders whose pages are drawn inside of Django's admin panel, with its style sheets."""


def admin_sheets() -> str:
    sheets = [*(Path(admin.__file__).parent / "static/admin/css").glob("*.css"), ROOT / "static/css/admin.css"]
    return "".join(path.read_text() for path in sheets)


def our_sheets() -> str:
    return "".join(path.read_text() for path in (ROOT / "static/dist").glob("*.css"))


def text_of(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_template_has_nothing_the_content_policy_forbids(name):
    text = text_of(name)

    assert [what for what, pattern in BANNED.items() if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("a style attribute", '<p class="x" style="color:red">'),
        ("an inline handler", '<a href="#" onclick="go()">'),
        ("an inline script", "<script>go()</script>"),
        ("a trigger filter", '<div hx-trigger="click[ctrlKey]">'),
        ("evaluated values", "<div hx-vals='js:{a: 1}'>"),
        ("an outside address", '<script src="https://cdn.example/x.js">'),
    ],
)
def test_the_ban_sees_what_it_bans(what, sample):
    assert re.search(BANNED[what], sample, re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
def test_every_class_has_a_rule(name):
    """A class of the kit used for the first time needs tools/vendor.mjs to run again."""
    sheet = admin_sheets() if name.split("/")[0] in OF_THE_ADMIN else our_sheets()
    known = set(DEFINED.findall(re.sub(r"\{[^{}]*\}", "{}", sheet))) | LOOKLESS
    used = {each for value in CLASSES.findall(text_of(name)) for each in SCRIPTED.sub(" ", value).split()}

    assert sorted(used - known) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_in_the_sprite(name):
    sprite = (ROOT / "static/vendor/icons.svg").read_text()
    named = re.findall(r'(?:\{% icon |icon=)"([a-z0-9-]+)"', text_of(name))

    assert [icon for icon in named if f'id="i-{icon}"' not in sprite] == []


def test_icons_come_with_no_more_than_is_used():
    sprite = (ROOT / "static/vendor/icons.svg").read_text()
    named = {icon for name in NAMES for icon in re.findall(r'(?:\{% icon |icon=)"([a-z0-9-]+)"', text_of(name))}

    assert set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', sprite)) == named


@pytest.mark.parametrize("folder", ["static/js", "static/css"])
def test_our_scripts_and_styles_name_no_outside_host(folder):
    found = [(path.name, url) for path in Path(ROOT / folder).iterdir() for url in re.findall(r"https?://\S+", path.read_text())]

    assert found == []
