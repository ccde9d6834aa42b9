"""The ordinary settings with the pace that a benchmark asks for."""

import os

from notte_dashboard.settings.base import *  # noqa: F403

WATCH_LEASE = float(os.environ.get("BENCH_LEASE", "10"))
WATCH_LOOK_SOON = float(os.environ.get("BENCH_SOON", "2"))
WATCH_LOOK_LATE = float(os.environ.get("BENCH_LATE", "10"))
WATCH_SLICE = 600
