"""Joins the style sheets and the scripts into the files that pages load: app for all, run and form for pages of that kind.
Comments and indentation of style sheets stay behind. Scripts are taken as they are: they have template literals.

    python tools/bundle.py            writes static/dist
    python tools/bundle.py --check    fails when it is not current

A page loads its own script before app.js: htmx 4 starts as soon as its file has run, and what comes later may come too late.
"""

import sys
from pathlib import Path

import rcssmin

STATIC = Path(__file__).resolve().parents[1] / "static"
SHEETS = {
    "app": (
        "tokens",
        "base",
        "shell",
        "menu",
        "controls",
        "notices",
        "dialogs",
        "forms",
        "lists",
        "cards",
        "head",
        "pages",
        "wall",
        "presets",
        "accounts",
        "teams",
        "upkeep",
    ),
    "run": ("detail", "run_cards", "viewer", "timeline", "steps", "step_parts", "timing", "answer"),
    "form": ("rows",),
}
PARTS = {
    "app": (
        "eager",
        "clock",
        "toasts",
        "dialogs",
        "forms",
        "copy",
        "fragments",
        "live_socket",
        "wall",
        "live_list",
        "badge",
        "notify",
        "shortcuts",
        "drafts",
    ),
    "run": ("timeline", "step_pages", "step_filter", "timing", "splitter", "masked", "viewer", "viewer_drive"),
    "form": ("rows", "request_panel", "field_check"),
}
STYLES = {"app": ["vendor/tabler.css"], "run": [], "form": []}
SCRIPTS = {"app": ["vendor/htmx.js"], "run": [], "form": []}
BUNDLES = {f"dist/{page}.css": [*first, *(f"css/{name}.css" for name in SHEETS[page])] for page, first in STYLES.items()} | {
    f"dist/{page}.js": [*first, *(f"js/{name}.js" for name in PARTS[page])] for page, first in SCRIPTS.items()
}


def shorter(name: str) -> str:
    text = (STATIC / name).read_text().strip()
    return rcssmin.cssmin(text) if name.startswith("css/") else text


def joined(names: list[str]) -> str:
    return "".join(f"/* {name} */\n{shorter(name)}\n" for name in names)


def is_current(target: Path, names: list[str]) -> bool:
    return target.exists() and target.read_text() == joined(names)


def outdated() -> list[str]:
    return [
        target
        for target, names in BUNDLES.items()
        if not (STATIC / target).exists() or (STATIC / target).read_text() != joined(names)
    ]


def main() -> int:
    if "--check" in sys.argv:
        for target in outdated():
            print(f"static/{target} is not current: run python tools/bundle.py")
        return 1 if outdated() else 0
    for target, names in BUNDLES.items():
        (STATIC / target).parent.mkdir(exist_ok=True)
        (STATIC / target).write_text(joined(names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
