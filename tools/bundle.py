"""Joins the style sheets and the scripts into the two files that a page loads: static/dist/app.css and app.js.

    python tools/bundle.py            writes them
    python tools/bundle.py --check    fails when they are not current

One script file, because htmx 4 starts as soon as its own file has run: what comes in a second file may come too late.
"""

import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "static"
SHEETS = (
    "tokens",
    "base",
    "shell",
    "menu",
    "controls",
    "notices",
    "dialogs",
    "forms",
    "rows",
    "lists",
    "cards",
    "head",
    "detail",
    "run_cards",
    "viewer",
    "timeline",
    "steps",
    "step_parts",
    "timing",
    "answer",
    "pages",
    "wall",
    "presets",
    "teams",
    "upkeep",
)
PARTS = (
    "clock",
    "toasts",
    "dialogs",
    "forms",
    "rows",
    "copy",
    "timeline",
    "step_pages",
    "step_filter",
    "timing",
    "splitter",
    "masked",
    "viewer",
    "viewer_drive",
    "fragments",
    "live_socket",
    "wall",
    "live_list",
    "badge",
    "notify",
    "shortcuts",
    "request_panel",
    "field_check",
    "drafts",
)
STYLES = ["vendor/tabler.css", *(f"css/{name}.css" for name in SHEETS)]
SCRIPTS = ["vendor/htmx.js", *(f"js/{name}.js" for name in PARTS)]
BUNDLES = {"dist/app.css": STYLES, "dist/app.js": SCRIPTS}


def joined(names: list[str]) -> str:
    return "".join(f"/* {name} */\n{(STATIC / name).read_text().strip()}\n" for name in names)


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
