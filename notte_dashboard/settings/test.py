"""Settings of the test suite: the real stack, in a folder of its own, with cheap password hashing."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATA_DIR", str(Path(tempfile.gettempdir()) / f"notte-dashboard-tests-{os.getuid()}"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from notte_dashboard.settings.base import *  # noqa: F403
from notte_dashboard.settings.base import DATA_DIR, DATABASES, SQLITE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
if SQLITE:
    # A file, not memory: threads and processes of a test must meet the same locks as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3")}
ACCOUNT_RATE_LIMITS = False
