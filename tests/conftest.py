import re

import pytest

pytest_plugins = ["tests.services", "tests.people", "tests.emptying"]

RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{43}=|(?<=\$)[0-9a-f]{8}(?=\$)")


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Parallel processes must give a test the same name: a UUID or key that was made for it is left out."""
    return RANDOM.sub("random", val) if isinstance(val, str) and RANDOM.search(val) else None
