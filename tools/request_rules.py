"""Write docs/request-rules.md from the one table of rules: `python tools/request_rules.py [--check]`."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from notte_dashboard.notte_api.rules import PUBLISHED, RULES  # noqa: E402

TARGET = ROOT / "docs" / "request-rules.md"
INTRODUCTION = f"""\
# Rules that no schema shows

DO NOT EDIT: written by `python tools/request_rules.py` from `notte_dashboard/notte_api/rules.py`.

The service refuses some requests that its schemas allow. The same rules, in the same words, hold in the start forms and in the
embedded API. They are asked of what will be in force: what was set, over the schema's defaults; null counts as not set.

A rule holds when the contract in use (`info.version` of `openapi.json`) is not older than the version that brought the rule. A
contract that names no version, or an older one than {PUBLISHED}, has the rules of {PUBLISHED}.
"""


def page() -> str:
    return "\n".join([INTRODUCTION, *_sections()])


def _sections() -> Iterator[str]:
    for schema_name, rules in RULES.items():
        yield f"## {schema_name}\n"
        yield "| told at | message | depends on | since |"
        yield "|---|---|---|---|"
        for rule in rules:
            others = ", ".join(f"`{name}`" for name in rule.fields if name != rule.blames)
            yield f"| `{rule.blames}` | {rule.message} | {others} | {rule.since} |"
        yield ""


def main() -> int:
    """Write the page, or with --check say whether it is current (exit status 1 when not)."""
    text = page().rstrip() + "\n"
    if "--check" not in sys.argv:
        TARGET.write_text(text)
        return 0
    current = TARGET.exists() and TARGET.read_text() == text
    print("docs/request-rules.md is current" if current else "docs/request-rules.md is stale: run tools/request_rules.py")
    return 0 if current else 1


if __name__ == "__main__":
    raise SystemExit(main())
