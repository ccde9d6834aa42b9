import re
from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.services", "tests.people", "tests.scripted_api", "tests.run_kinds", "tests.emptying", "tests.commits"]

# How long one case takes says more about the machine than about the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences"}
RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{43}=|(?<=\$)[0-9a-f]{8}(?=\$)")


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Parallel processes must give a test the same name: a UUID or key that was made for it is left out."""
    return RANDOM.sub("random", val) if isinstance(val, str) and RANDOM.search(val) else None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Threads that live as long as the process keep their connections, and PostgreSQL drops no database that is in use."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            name = connection.settings_dict["NAME"]
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only tests that touch the database run: the others say the same there as on SQLite."""
    if connection.vendor != "postgresql":
        return
    touching = [
        item
        for item in items
        if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
    ]
    config.hook.pytest_deselected(items=list(set(items) - set(touching)))
    items[:] = touching
