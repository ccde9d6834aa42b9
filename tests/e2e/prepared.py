"""What a first start prepares (database, administrator, compressed files, keys), made once for all stacks of a run.

That a first start does it by itself is tested in test_make_run.py.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.e2e.stack import PASSWORD, ROOT, clean_environ

PREPARE = "import django; django.setup(); from notte_dashboard.embedded import preparation; list(preparation.everything())"


def prepared_folder(base: Path) -> Path:
    """The workers of a run share `base`: the first one prepares, the others wait for it."""
    folder, done = base / "prepared", base / "prepared.done"
    with (base / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            chosen = {
                "DATA_DIR": str(folder),
                "ADMIN_PASSWORD": PASSWORD,
                "DJANGO_SETTINGS_MODULE": "notte_dashboard.settings.base",
            }
            subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=clean_environ() | chosen, check=True)
            done.touch()
    return folder


def base_of_run(own: Path) -> Path:
    """From the folder that pytest gives to this process; a worker's lies in that of its run."""
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
