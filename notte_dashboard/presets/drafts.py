"""Which controls a browser must not remember: told to the script that keeps drafts, as expressions over control names."""

import re

from notte_dashboard.schema_forms.layouts import Layout
from notte_dashboard.schema_forms.secrets import CREDENTIALS, SECRET_NAME

__all__ = ["CREDENTIALS", "secret_areas", "secret_names"]


def secret_names(layout: Layout) -> str:
    """Controls whose value is a secret, in rows too, by the layout or by what they are called."""
    sure = [pattern.split(".") for pattern in layout.secrets if not pattern.endswith("?")]
    return f"^({'|'.join(map(_of_names, sure))})$|{SECRET_NAME.pattern}"


def secret_areas(layout: Layout) -> str:
    """Text areas that may hold a whole structure with a secret in it, as JSON."""
    tops = dict.fromkeys(pattern.split(".")[0] for pattern in layout.secrets if not pattern.endswith("?"))
    return f"^({'|'.join(map(re.escape, tops))})(-|$)"


def _of_names(steps: list[str]) -> str:
    written = {"[]": "[0-9]+", "*": ".+", "**": ".+"}
    return "-".join(written.get(step, re.escape(step)) for step in steps)
