"""Screenshot files are shared by all who show the same picture: one goes when the last step that names it has gone."""

import logging
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from notte_dashboard.runs.screenshots import path_of, small_path_of
from notte_dashboard.upkeep.retention.scope import STEP_MODELS

logger = logging.getLogger(__name__)
FRESH = 3600.0
"""Seconds. A file this young may belong to a step that is being written at this moment."""
CHUNK = 500


def named_by_steps(names: Iterable[str]) -> set[str]:
    chosen = list(names)
    return {
        name
        for model in STEP_MODELS
        for name in model.objects.filter(screenshot__in=chosen).order_by().values_list("screenshot", flat=True).distinct()
    }


def remove_unnamed(names: Iterable[str]) -> tuple[int, int]:
    """How many files went, and how many bytes they had. What is too young is found by a later sweep."""
    chosen = sorted(set(names))
    files = size = 0
    for start in range(0, len(chosen), CHUNK):
        part = chosen[start : start + CHUNK]
        for name in set(part) - named_by_steps(part):
            freed = _remove(name)
            files, size = files + (freed > 0), size + freed
    return files, size


def size_of(name: str) -> int:
    return sum(_size(path) for path in (path_of(name), small_path_of(name)))


def sweep_folder(number: int) -> tuple[int, int]:
    """One of the 256 folders: files that a killed pass left, or that were too young then."""
    folder = Path(settings.MEDIA_ROOT) / "screenshots" / f"{number % 256:02x}"
    names = [path.name for path in folder.glob("*.jpg") if not path.name.endswith(".small.jpg") and not path.name.startswith(".")]
    return remove_unnamed(names)


def _remove(name: str) -> int:
    path = path_of(name)
    try:
        if time.time() - path.stat().st_mtime < FRESH:
            return 0
        freed = size_of(name)
        small_path_of(name).unlink(missing_ok=True)
        path.unlink()
    except FileNotFoundError:
        return 0  # somebody else was first
    except OSError as error:
        logger.warning("A screenshot could not be removed: %s", error)
        return 0
    return freed


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def distinct_pictures(steps: QuerySet[Any]) -> Iterator[str]:
    yield from steps.exclude(screenshot="").order_by().values_list("screenshot", flat=True).distinct().iterator(chunk_size=2000)
