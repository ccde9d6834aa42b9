"""Puts a new contract in place: all files are made first, then each takes its place whole."""

import importlib.util
import os
import subprocess
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from notte_dashboard.contract.comparison import Comparison
from notte_dashboard.notte_api import contract, regenerate
from notte_dashboard.notte_api.contract import Source, digest_of, document_text, overrides_text, source_text

GENERATOR = "datamodel_code_generator"
LAST_LINES = 5


class GeneratorRefusedError(Exception):
    """The generator of models makes nothing, or nothing usable, of the document."""


def generator_installed() -> bool:
    return importlib.util.find_spec(GENERATOR) is not None


def models(comparison: Comparison) -> str:
    """The text of generated.py for the new contract."""
    try:
        text = regenerate.generate(comparison.fixed_document)
        compile(text, regenerate.TARGET.name, "exec")
    except subprocess.CalledProcessError as error:
        raise GeneratorRefusedError("\n".join(str(error.stderr).strip().splitlines()[-LAST_LINES:])) from error
    except SyntaxError as error:
        raise GeneratorRefusedError(str(error)) from error
    return text


def write(comparison: Comparison, generated: str | None) -> list[Path]:
    """`generated` is the new text of generated.py, or None to leave it. Raises OSError, and has written nothing then."""
    text = document_text(comparison.document)
    texts = {
        contract.DOCUMENT: text,
        contract.OVERRIDES: overrides_text(comparison.kept_overrides),
        contract.SOURCE: source_text(Source(comparison.source, f"{datetime.now(UTC):%Y-%m-%d}", digest_of(text))),
        **({} if generated is None else {regenerate.TARGET: generated}),
    }
    staged: dict[Path, Path] = {}
    try:
        for path, content in texts.items():
            staged[path] = _staged(path, content)
        for path, fresh in staged.items():
            fresh.replace(path)
    finally:
        for fresh in staged.values():
            with suppress(FileNotFoundError):
                fresh.unlink()
    return list(texts)


def _staged(path: Path, content: str) -> Path:
    """Beside the file that it will replace, on the disk before it does."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), path.stat().st_mode if path.exists() else 0o644)
        except BaseException:
            Path(file.name).unlink()
            raise
    return Path(file.name)
