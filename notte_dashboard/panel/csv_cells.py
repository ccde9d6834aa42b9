"""Cells that no spreadsheet takes for a formula."""

from typing import Any

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")


def cell(value: Any) -> str:
    """Texts that would be calculated get an apostrophe before them, which spreadsheets take for \u201ctext\u201d."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
