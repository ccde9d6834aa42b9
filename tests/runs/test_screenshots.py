"""Pictures of hostile pages: only what decodes as one of three formats is kept, re-encoded, once."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from notte_dashboard.runs import screenshots
from tests.pictures import bomb, encoded, picture
from tests.racing import race

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
JPEG = picture()
REFUSED = {
    "svg": encoded(SVG),
    "svg in a data URL": "data:image/svg+xml;base64," + encoded(SVG),
    "html": encoded(HTML),
    "gif": encoded(picture("GIF", mode="P")),
    "bmp": encoded(picture("BMP")),
    "tiff": encoded(picture("TIFF")),
    "pdf": encoded(b"%PDF-1.7\n"),
    "truncated jpeg": encoded(JPEG[: len(JPEG) // 2]),
    "truncated png": encoded(picture("PNG", (300, 300))[:120]),
    "png cut in its header": encoded(picture("PNG")[:20]),
    "empty": "",
    "nothing but the name of a format": encoded(b"\xff\xd8\xff"),
    "bomb": encoded(bomb()),
    "more pixels than we take, fewer than Pillow refuses": encoded(bomb(7_000, 7_000)),
    "no pixels": encoded(bomb(0, 0)),
    "no base64": "<script>alert(1)</script>",
    "base64 with a line break": encoded(JPEG)[:40] + "\n" + encoded(JPEG)[40:],
    "base64 without its end": encoded(JPEG)[:-3],
    "data URL without data": "data:image/jpeg;base64",
    "percent-encoded data URL": "data:image/jpeg,%FF%D8%FF",
    "letters outside ASCII": "é" * 40,
    "too long": "A" * (screenshots.MAX_BYTES * 4 // 3 + 8),
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def both(name: str) -> list[Path]:
    """The picture and its small copy for timelines."""
    return [screenshots.path_of(name), screenshots.small_path_of(name)]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_leaves_no_file(name, media):
    assert screenshots.keep(REFUSED[name]) is None
    assert files(media) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("prefix", ["", "data:image/anything;base64,"])
def test_a_picture_is_kept_as_jpeg_under_the_hash_of_what_came(kind, prefix, media):
    raw = picture(kind)

    kept = screenshots.keep(prefix + encoded(raw))

    assert kept == (f"{hashlib.sha256(raw).hexdigest()}.jpg", 40, 30)
    assert files(media) == both(kept.name)
    with Image.open(screenshots.path_of(kept.name)) as found:
        assert (found.format, found.size) == ("JPEG", (40, 30))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "I;16"])
def test_every_kind_of_png_becomes_a_jpeg(mode):
    kept = screenshots.keep(encoded(picture("PNG", mode=mode, shade=0)))

    assert kept is not None
    with Image.open(screenshots.path_of(kept.name)) as found:
        assert found.format == "JPEG"


def test_what_hides_behind_a_picture_is_lost_on_the_way():
    kept = screenshots.keep(encoded(JPEG + HTML + b"PK\x03\x04"))

    assert kept is not None
    stored = screenshots.path_of(kept.name).read_bytes()
    assert b"script" not in stored
    assert b"PK\x03\x04" not in stored


def test_comments_and_metadata_are_lost_on_the_way():
    tagged = JPEG[:2] + b"\xff\xfe" + (2 + len(HTML)).to_bytes(2, "big") + HTML + JPEG[2:]

    kept = screenshots.keep(encoded(tagged))

    assert kept is not None
    assert b"script" not in screenshots.path_of(kept.name).read_bytes()


def test_the_same_picture_is_one_file_written_once_and_known_as_asked_for_again(media):
    first = screenshots.keep(encoded(JPEG))
    written = {path: path.stat().st_ino for path in both(first.name)}
    for path in written:
        os.utime(path, (1, 1))

    assert screenshots.keep(encoded(JPEG)) == first
    assert {path: path.stat().st_ino for path in files(media)} == written
    ages = [path.stat().st_mtime for path in files(media)]
    assert 1 in ages, "the small copy goes with the large one, whose age counts"
    assert max(ages) > 1


def test_many_who_keep_the_same_picture_leave_one_whole_file(media):
    raw = picture("PNG", (400, 400))

    kept = race(*([lambda: screenshots.keep(encoded(raw))] * 8))

    assert len(set(kept)) == 1
    assert files(media) == both(kept[0].name)
    with Image.open(files(media)[0]) as found:
        found.load()


def test_a_disk_that_can_not_be_written_is_told_not_taken_for_a_bad_picture(media):
    (media / "screenshots").write_text("a file where the folder should be")

    with pytest.raises((FileExistsError, NotADirectoryError)):
        screenshots.keep(encoded(JPEG))


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12))
def test_a_broken_picture_is_kept_or_refused_never_an_error(kind, changes):
    raw = bytearray(picture(kind, (16, 12)))
    for place, value in changes:
        raw[place % len(raw)] = value

    kept = screenshots.keep(encoded(bytes(raw)))

    assert kept is None or screenshots.path_of(kept.name).exists()


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x10\0\0\0WEBPVP8 "]))
def test_bytes_that_begin_like_a_picture_are_no_error(rest, beginning):
    screenshots.keep(encoded(beginning + rest))


@given(st.text(max_size=200))
def test_any_text_is_no_error(text):
    assert screenshots.keep(text) is None


def test_the_small_copy_keeps_the_shape(media):
    kept = screenshots.keep(encoded(picture(size=(1280, 720))))

    assert kept is not None
    with Image.open(screenshots.small_path_of(kept.name)) as found:
        assert (found.format, found.size) == ("JPEG", (320, 180))


@pytest.mark.parametrize(("size", "accepted"), [(8 * 1024 * 1024, True), (8 * 1024 * 1024 + 2, False)])
def test_a_picture_of_more_than_8_mib_is_refused(size, accepted, media):
    kept = screenshots.keep(encoded(JPEG.ljust(size, b"\0")))

    assert (kept is not None, bool(files(media))) == (accepted, accepted)
