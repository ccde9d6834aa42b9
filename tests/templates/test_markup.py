"""What the content policy, the kit's purge and the house rules ask of every template."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.template import TemplateDoesNotExist, TemplateSyntaxError
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


def offenders(check: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """Template -> what the check finds in it."""
    assert NAMES
    return {name: faults for name in NAMES if (faults := check(name))}


def test_templates_compile():
    assert offenders(syntax_errors) == {}


def syntax_errors(name: str) -> list[str]:
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def test_a_template_that_does_not_compile_is_noticed(settings, tmp_path):
    (tmp_path / "open.html").write_text("{% if bob %}")
    (tmp_path / "fine.html").write_text("{% if bob %}{% endif %}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]

    assert syntax_errors("open.html")[0].startswith("TemplateSyntaxError: Unclosed tag")
    assert syntax_errors("fine.html") == []
    assert syntax_errors("none.html") == ["TemplateDoesNotExist: none.html"]


def test_templates_have_nothing_the_content_policy_forbids():
    assert offenders(lambda name: banned_in(text_of(name))) == {}


def banned_in(text: str) -> list[str]:
    return [what for what, pattern in BANNED.items() if re.search(pattern, text, re.IGNORECASE)]


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
    assert what in banned_in(sample)


def test_every_class_has_a_rule():
    """A class of the kit used for the first time needs tools/vendor.mjs to run again."""
    ours, of_the_admin = classes_with_a_rule(our_sheets()), classes_with_a_rule(admin_sheets())

    def ruleless(name: str) -> list[str]:
        known = of_the_admin if name.split("/", maxsplit=1)[0] in OF_THE_ADMIN else ours
        return sorted(classes_in(text_of(name)) - known - LOOKLESS)

    assert offenders(ruleless) == {}


def classes_with_a_rule(sheet: str) -> set[str]:
    return set(DEFINED.findall(re.sub(r"\{[^{}]*\}", "{}", sheet)))


def classes_in(text: str) -> set[str]:
    return {each for value in CLASSES.findall(text) for each in SCRIPTED.sub(" ", value).split()}


def test_classes_are_read_from_markup_and_from_rules():
    assert classes_in('<p class="a {% if b %}c{% endif %} {{ d }}"><i class="e-f"></i>') == {"a", "c", "e-f"}
    sheet = ".a, .b-c:hover > p { color: rgb(1.5 2 3) } @media print { .d { margin: .e5px } }"
    assert classes_with_a_rule(sheet) == {"a", "b-c", "d"}


def test_every_icon_is_in_the_sprite():
    symbols = icons_of_the_sprite()

    assert offenders(lambda name: [icon for icon in icons_in(text_of(name)) if icon not in symbols]) == {}


def icons_in(text: str) -> list[str]:
    return re.findall(r'(?:\{% icon |icon=)"([a-z0-9-]+)"', text)


def icons_of_the_sprite() -> set[str]:
    return set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', (ROOT / "static/vendor/icons.svg").read_text()))


def test_icons_are_read_from_tags_and_arguments():
    assert icons_in('{% icon "x-1" %} {% include "a.html" with icon="y" %} {% icon name %}') == ["x-1", "y"]


def test_icons_come_with_no_more_than_is_used():
    assert icons_of_the_sprite() == {icon for name in NAMES for icon in icons_in(text_of(name))}


@pytest.mark.parametrize("folder", ["static/js", "static/css"])
def test_our_scripts_and_styles_name_no_outside_host(folder):
    found = [(path.name, url) for path in Path(ROOT / folder).iterdir() for url in re.findall(r"https?://\S+", path.read_text())]

    assert found == []
