"""Pictures from pages are hostile files: decoded, bounded, re-encoded, and kept by the hash of what arrived."""

import base64
import binascii
import hashlib
import io
import os
import warnings
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from PIL import Image, UnidentifiedImageError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
SMALL = (320, 640)
"""Widest and highest for timelines, which show many at once."""


class Screenshot(NamedTuple):
    name: str
    width: int
    height: int


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "screenshots" / name[:2] / name


def small_path_of(name: str) -> Path:
    return path_of(name).with_suffix(".small.jpg")


def keep(encoded: str) -> Screenshot | None:
    """Store a base64 picture as JPEG; None when it is no picture we accept. Raises OSError when the disk is full."""
    if len(encoded) > MAX_BYTES * 4 // 3 + 4:
        return None
    try:
        raw = base64.b64decode(encoded.partition(",")[2] if encoded.startswith("data:") else encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    name = f"{hashlib.sha256(raw).hexdigest()}.jpg"
    target = path_of(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(raw), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                return None
            if not target.exists():
                pixels = picture.convert("RGB")
                pixels.info = {}  # a comment would be written again
                small = pixels.copy()
                small.thumbnail(SMALL)
                _write(small_path_of(name), small)
                _write(target, pixels)
            else:
                os.utime(target)  # retention leaves alone what was just asked for again
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        return None
    return Screenshot(name, picture.width, picture.height)


def _write(target: Path, picture: Image.Image) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.{id(picture)}")
    try:
        with draft.open("wb") as file:
            picture.save(file, "JPEG", quality=75)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
