"""What a first start prepares (database, compressed files, keys, administrator), made once for all stacks of a run.

That a first start does it by itself is tested in test_make_run.py.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.e2e.stack import PASSWORD, ROOT, clean_environ

WITHOUT_ADMIN = "without-admin"


def prepared_folder(base: Path) -> Path:
    """The workers of a run share `base`: the first one prepares, the others wait for it."""
    folder, done = base / "prepared", base / "prepared.done"
    with (base / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            for each in (folder, base / WITHOUT_ADMIN):
                shutil.rmtree(each, ignore_errors=True)
            folder.mkdir(mode=0o700)
            chosen = {
                "DATA_DIR": str(folder),
                "ADMIN_PASSWORD": PASSWORD,
                "DJANGO_SETTINGS_MODULE": "notte_dashboard.settings.base",
            }
            subprocess.run([sys.executable, "-m", "tests.e2e.prepared"], cwd=ROOT, env=clean_environ() | chosen, check=True)
            done.touch()
    return folder


def folder_without_admin(prepared: Path) -> Path:
    """The same before anybody was made its administrator."""
    return prepared.with_name(WITHOUT_ADMIN)


def base_of_run(own: Path) -> Path:
    """From the folder that pytest gives to this process; a worker's lies in that of its run."""
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def main() -> None:
    import django  # noqa: PLC0415 - the test process must not set it up with these settings

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from notte_dashboard.embedded import preparation  # noqa: PLC0415

    for step in (preparation.migrate, preparation.collect_static):
        list(step())
    connections.close_all()
    shutil.copytree(settings.DATA_DIR, folder_without_admin(settings.DATA_DIR))
    list(preparation.everything())


if __name__ == "__main__":
    main()
