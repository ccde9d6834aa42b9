"""What the tree promises: who may import whom, that both apps mirror each other, that files stay short and portable."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
OURS = ("notte_dashboard", "sessions_app", "agents_app", "tests", "tools")
LONGEST = 300
GENERATED = {"notte_dashboard/notte_api/generated.py"}


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, with those that are about to be added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_layers_import_only_downwards():
    program = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_files_are_short():
    sources = tracked("*.py", "*.html", "static/js/*.js", "static/css/*.css")
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length >= LONGEST and name not in GENERATED} == {}


def test_both_apps_have_the_same_files():
    def names(app: str) -> set[str]:
        return {str(path.relative_to(ROOT / app)) for path in tracked(f"{app}/*.py") if "migrations" not in path.parts}

    assert names("sessions_app") == names("agents_app")


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def environment_variables() -> set[str]:
    """Those that the settings and the local API read."""
    readers = r"""(?:env\.\w+|environ\.get|_port\(environ,|_origins\(environ,)\s*\(?\s*"([A-Z][A-Z0-9_]+)\""""
    sources = [
        *(ROOT / "notte_dashboard" / "settings").glob("*.py"),
        *(ROOT / "notte_dashboard" / "local_api").glob("*.py"),
        *(ROOT / "notte_dashboard" / "embedded").rglob("*.py"),
    ]
    found = {name for path in sources if path.name != "test.py" for name in re.findall(readers, path.read_text())}
    return found - {"DISPLAY", "WAYLAND_DISPLAY", "PATH"}


def test_the_readme_lists_every_variable_and_no_other():
    readme = (ROOT / "README.md").read_text()
    rows = set(re.findall(r"^\| *`([A-Z][A-Z0-9_]+)`", readme, re.MULTILINE))
    assert rows == environment_variables()


def test_the_readers_of_variables_are_recognised():
    assert {
        "PORT",
        "DATA_DIR",
        "LOCAL_API_PORT",
        "CHROMIUM",
        "ADMIN_USERNAME",
        "REDIS_URL",
        "LOCAL_API_HOST",
    } <= environment_variables()


FOREIGN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.\-/])/(?:work|root|home/(?!runner\b|user\b|you\b)\w+|Users/\w+)/[\w.]"),
    "the host of a package registry": re.compile(
        r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|npmjs\.com|deb\.debian\.org)\b"
    ),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_nothing_in_the_repository_depends_on_one_machine(what: str):
    here = Path(__file__).name
    hits = []
    for path in tracked():
        if (
            path.name == here
            or "vendor" in path.parts
            or "dist" in path.parts
            or path.suffix in {".png", ".ico", ".webp", ".jpg", ".woff2"}
        ):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if FOREIGN[what].search(line):
                hits.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert hits == []


def test_every_make_target_is_explained():
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", text, re.MULTILINE))
    explained = set(re.findall(r"^([a-z][a-z0-9-]*):.*## \S", text, re.MULTILINE))
    assert targets == explained
