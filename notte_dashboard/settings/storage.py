"""Secrets and files that live in DATA_DIR: made once, kept private, read afterwards."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The content of a private file (mode 0600), written on first use; safe when two processes start at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            draft.unlink()
    return path.read_text().strip()


def random_token() -> str:
    return secrets.token_urlsafe(48)


def fernet_key() -> str:
    return Fernet.generate_key().decode()
