"""Settings of the test suite: the real stack, in a folder of its own, with cheap password hashing."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

if "pytest" in sys.modules:
    # One short folder per run (unix sockets live in it), and in it one per process: nobody shares a database or a Redis.
    if "TEST_FOLDER" not in os.environ:
        os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix="nd-")
        atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
    os.environ["DATA_DIR"] = str(Path(os.environ["TEST_FOLDER"]) / os.environ.get("PYTEST_XDIST_WORKER", "main"))
    # What a developer has set for a dashboard of their own is not for the tests; DATABASE_URL chooses the database.
    ours = "NOTTE_API_KEY NOTTE_API_URL REDIS_URL DEBUG PORT HOST ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS HTTPS OPEN_SIGNUP EMAIL_URL"
    for name in [*ours.split(), "OIDC_SERVER_URL", "NOTTE_API_ORIGINS"]:
        os.environ.pop(name, None)
else:
    os.environ.setdefault("DATA_DIR", str(Path(tempfile.gettempdir()) / f"notte-dashboard-checks-{os.getuid()}"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from notte_dashboard.settings.base import *  # noqa: F403
from notte_dashboard.settings.base import DATA_DIR, DATABASES, INSTALLED_APPS, MIDDLEWARE, SQLITE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
if SQLITE:
    # A file, not memory: threads and processes of a test must meet the same locks as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
ACCOUNT_RATE_LIMITS = False
# A page that asks for the same relation row by row fails its test (django-zeal).
INSTALLED_APPS += ["zeal"]
MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
ZEAL_ALLOWLIST = [
    # All that libraries look up in a request counts as one line: that of the first middleware of ours.
    {"model": "*", "field": "get()"},
    # Django's page before a workspace is deleted names each of its members.
    {"model": "workspaces.Membership", "field": "user"},
    # A task that a test runs at once, inside of the request.
    {"model": "sessions_app.BrowserSession", "field": "agents"},
]
