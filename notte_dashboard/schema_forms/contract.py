"""The contract this process serves: read once, so replacing openapi.json takes a restart."""

from functools import cache
from typing import Any

from notte_dashboard.notte_api.contract import contract_with_overrides


@cache
def contract() -> dict[str, Any]:
    return contract_with_overrides()
