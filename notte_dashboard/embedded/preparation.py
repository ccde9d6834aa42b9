"""What must be there before anything starts: tables, static files, somebody who may log in."""

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django import get_version
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from notte_dashboard.embedded.errors import StartError
from notte_dashboard.settings import env


class Admin(NamedTuple):
    username: str
    password: str
    """Empty when it was given by ADMIN_PASSWORD."""


def everything() -> Iterator[str]:
    """Does what is missing; yields the lines that tell, each before what may take long."""
    yield from migrate()
    yield from collect_static()
    if admin := first_admin():
        yield _box(admin)


def _box(admin: Admin) -> str:
    lines = [
        "First start: an administrator was created.",
        f"  username  {admin.username}",
        f"  password  {admin.password or '(the one in ADMIN_PASSWORD)'}",
        "This is shown once. To set another one later:",
        f"  .venv/bin/python manage.py changepassword {admin.username}",
    ]
    width = max(map(len, lines))
    edge = f"+{'-' * (width + 2)}+"
    return "\n".join(["", edge, *(f"| {line:<{width}} |" for line in lines), edge, ""])


def migrate() -> Iterator[str]:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            yield f"Preparing the database ({len(plan)} migrations) ..."
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise StartError(
            f"The database can't be prepared: {str(error).strip()}. Check DATABASE_URL (without it, SQLite in DATA_DIR is used)."
        ) from error


def collect_static() -> Iterator[str]:
    """Only when a file has changed."""
    if settings.DEBUG:
        return
    files = _static_files()
    stamp = settings.STATIC_ROOT / ".collected"
    now = _fingerprint(files)
    if stamp.exists() and stamp.read_text() == now:
        return
    yield f"Compressing {len(files)} static files, once ..."
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)


def _static_files() -> list[Path]:
    return sorted(Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256(f"{get_version()} {settings.STORAGES['staticfiles']}".encode())
    for file in files:
        about = file.stat()
        digest.update(f"{file} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def first_admin() -> Admin | None:
    """None when there is an administrator already."""
    if User.objects.filter(is_superuser=True).exists():
        return None
    username, password = env.text("ADMIN_USERNAME", "admin"), env.text("ADMIN_PASSWORD")
    if User.objects.filter(username=username).exists():
        raise StartError(f"ADMIN_USERNAME {username} is a user without an administrator's rights. Choose another name.")
    User.objects.create_superuser(username, password=password or (made := secrets.token_urlsafe(12)))
    return Admin(username, "" if password else made)
