"""The page about the rules is written from their table."""

import subprocess
import sys
from pathlib import Path

from notte_dashboard.notte_api.rules import RULES

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_current_and_names_every_rule():
    checked = subprocess.run(
        [sys.executable, "tools/request_rules.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    page = (ROOT / "docs" / "request-rules.md").read_text()
    for rules in RULES.values():
        for rule in rules:
            assert f"| `{rule.blames}` | {rule.message} |" in page


def test_each_rule_is_told_where_it_can_be_mended():
    for rules in RULES.values():
        for rule in rules:
            assert rule.blames in rule.fields
            assert rule.message.endswith((".", ")"))
        assert len({rule.code for rule in rules}) == len(rules)
