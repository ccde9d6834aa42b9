"""Pictures as pages send them, honest and hostile."""

import base64
import io
import struct
import zlib

from PIL import Image

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A PNG of 1 x 1, encoded."""


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", shade: int = 90) -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size, shade).save(kept, kind)
    return kept.getvalue()


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few hundred bytes that claims billions of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
