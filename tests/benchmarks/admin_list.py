"""The run list of the admin panel, with 1,000 and with 100,000 sessions: `python -m tests.benchmarks.admin_list [--quick]`.

Both stand side by side as databases of their own and are asked in turn, by the same process.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.report import Figure

TITLE = "Admin lists"
ABOUT = "Pages of the admin panel's list of sessions, at 100,000 rows against 1,000: opening it must not cost what is stored."
FEW, MANY = 1_000, 100_000
GOAL = "<= 3"
REPEATS, WARM_UP = 15, 3
LIST = "/admin/sessions_app/browsersession/"
PAGES = {
    "first page": LIST,
    "filtered by state": f"{LIST}?state__exact=error",
    "third page": f"{LIST}?p=3",
    "head of the panel": "/admin/",
}


@contextmanager
def databases(many: int) -> Iterator[tuple[Path, Path]]:
    """Two SQLite files, filled; Django is set up on the small one."""
    folder = Path(tempfile.mkdtemp(prefix="nd-bench-"))
    os.environ["DATA_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notte_dashboard.settings.test")
    import django  # noqa: PLC0415 - the settings read DATA_DIR

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    try:
        call_command("migrate", verbosity=0)
        fill(FEW)
        small, large = Path(connection.settings_dict["NAME"]), folder / "large.sqlite3"
        connection.close()
        shutil.copy(small, large)
        on(large)
        fill(many - FEW)
        yield small, large
    finally:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)


def fill(count: int) -> None:
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from notte_dashboard.runs.states import State  # noqa: PLC0415
    from sessions_app.models import BrowserSession  # noqa: PLC0415

    user = User.objects.filter(username="root").first() or User.objects.create_superuser("root")
    now, first = timezone.now(), BrowserSession.objects.count()
    known = {"workspace": user.workspaces.get(), "started_by": user, "active_at": now, "ended_at": now}
    rows = [
        BrowserSession(nonce=f"row-{number}", state=State.ERROR if number % 10 == 0 else State.CLOSED, **known)
        for number in range(first, first + count)
    ]
    BrowserSession.objects.bulk_create(rows, batch_size=5000)


def on(file: Path) -> None:
    from django.db import connection  # noqa: PLC0415

    connection.close()
    connection.settings_dict["NAME"] = str(file)


def opened(file: Path, path: str) -> float:
    """Milliseconds, without the time that the connection takes."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    on(file)
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="root"))
    began = time.perf_counter()
    answer: Any = client.get(path)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer
    return took


def main(quick: bool = False) -> list[Figure]:  # noqa: FBT001, FBT002 - as every benchmark
    found = []
    with databases(MANY // 10 if quick else MANY) as (small, large):
        for name, path in PAGES.items():
            for _ in range(WARM_UP):
                opened(small, path), opened(large, path)
            pairs = [(opened(large, path), opened(small, path)) for _ in range(REPEATS)]
            ours, peer = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            found.append(
                Figure(
                    name=name,
                    ours=ours,
                    peer=peer,
                    ratio=[many / few for many, few in pairs],
                    unit="ms",
                    goal=GOAL,
                    note="100,000 rows against 1,000, the same page",
                )
            )
    return found


if __name__ == "__main__":
    for figure in main("--quick" in sys.argv):
        ours, peer, ratio = (statistics.median(each) for each in (figure.ours, figure.peer, figure.ratio))
        verdict = "met" if figure.met else "MISSED"
        print(f"{figure.name}: {ours:.1f} ms, few rows {peer:.1f} ms, ratio {ratio:.2f}, goal {figure.goal} {verdict}")
