import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

pytest_plugins = ["tests.services", "tests.people"]

RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{43}=|(?<=\$)[0-9a-f]{8}(?=\$)")


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Parallel processes must give a test the same name: a UUID or key that was made for it is left out."""
    return RANDOM.sub("random", val) if isinstance(val, str) and RANDOM.search(val) else None


@pytest.fixture(autouse=True)
def audit_log_can_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Between tests SQLite empties each table with DELETE, which the audit log refuses; so it is empty before that."""
    names = {"transactional_db", "django_db_reset_sequences", "live_server", "celery_worker"}
    marker = request.node.get_closest_marker("django_db")
    flushed = bool(names & set(request.fixturenames)) or bool(marker and marker.kwargs.get("transaction"))
    if flushed:
        request.getfixturevalue("transactional_db")  # so that it is taken down after this
    yield
    if flushed:
        from notte_dashboard.audit.models import AuditEntry  # noqa: PLC0415 - Django is not set up yet when this file is read
        from notte_dashboard.audit.prune import prune  # noqa: PLC0415

        for workspace in AuditEntry.objects.order_by().values_list("workspace_id", flat=True).distinct():
            prune(workspace, datetime.max.replace(tzinfo=UTC), 100_000)
