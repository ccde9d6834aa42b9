"""What is vendored is what VENDORED.toml says, the bundles are current, and a first visit stays light."""

import hashlib
import sys
import tomllib
from subprocess import run

import brotli
import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
VENDORED = tomllib.loads((STATIC / "vendor/VENDORED.toml").read_text())["file"]
FIRST_VISIT = ("js/theme.js", "dist/app.css", "dist/app.js", "vendor/icons.svg", "img/favicon.svg")
# Of the 60 KB of a first page load; the rest is for the page itself.
FIRST_VISIT_BYTES = 48_000
RUN_PAGE = ("dist/run.css", "dist/run.js", "js/ahead.js")
RUN_PAGE_BYTES = 62_000


@pytest.mark.parametrize("entry", VENDORED, ids=lambda entry: entry["path"])
def test_vendored_file_is_the_one_that_was_vendored(entry):
    content = (STATIC / "vendor" / entry["path"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry["licence"] in {"MIT", "0BSD"}


def test_every_vendored_file_is_listed():
    files = {path.name for path in (STATIC / "vendor").iterdir()} - {"VENDORED.toml"}

    assert files == {entry["path"] for entry in VENDORED}


def test_bundles_are_current():
    done = run([sys.executable, "tools/bundle.py", "--check"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_every_script_is_in_the_bundle():
    bundle = "".join(path.read_text() for path in (STATIC / "dist").glob("*.js"))
    alone = {path.name for path in (STATIC / "js").iterdir() if f"/* js/{path.name} */" not in bundle}

    assert alone == {"ahead.js", "theme.js"}


def test_no_source_map_is_promised():
    assert [path.name for path in STATIC.rglob("*.[cj]s*") if "sourceMappingURL" in path.read_text()] == []


@pytest.mark.parametrize(("more", "limit"), [((), FIRST_VISIT_BYTES), (RUN_PAGE, RUN_PAGE_BYTES)])
def test_a_first_visit_stays_light(more, limit):
    size = sum(len(brotli.compress((STATIC / name).read_bytes())) for name in (*FIRST_VISIT, *more))

    assert size <= limit
