import pytest
from django.conf import settings

from notte_dashboard.embedded import procfile
from notte_dashboard.embedded.procfile import Program

ENVIRON = {"HOST": "127.0.0.1", "PORT": "8123", "DATA_DIR": "/some where/data", "REDIS_SERVER": "/bin/valkey-server"}


def names(programs):
    return [program.name for program in programs]


def test_our_procfile_lists_every_program_with_its_variables_filled_in():
    programs = procfile.read(settings.BASE_DIR / "Procfile", ENVIRON)
    assert names(programs) == ["redis", "local_api", "web", "worker", "beat"]
    assert "--port 8123" in programs[2].command
    assert programs[0].command == "/bin/valkey-server '/some where/data/redis/redis.conf'"


def test_a_value_never_becomes_more_than_one_word(tmp_path):
    path = tmp_path / "Procfile"
    path.write_text("# what we run\n\nweb: serve --title $TITLE\n")
    assert procfile.read(path, {"TITLE": "a; rm -rf 'b' $HOME"}) == [
        Program("web", """serve --title 'a; rm -rf '"'"'b'"'"' $HOME'"""),
    ]


def test_a_line_that_is_none_is_named(tmp_path):
    path = tmp_path / "Procfile"
    path.write_text("web: serve\nwhat is this\n")
    with pytest.raises(ValueError, match="line 2"):
        procfile.read(path, {})


@pytest.mark.parametrize(
    ("bundled", "embedded", "left"),
    [
        (True, True, ["redis", "local_api", "web"]),
        (False, True, ["local_api", "web"]),
        (True, False, ["redis", "web"]),
        (False, False, ["web"]),
    ],
)
def test_what_is_had_elsewhere_is_not_started(settings, bundled, embedded, left):
    settings.BUNDLED_REDIS, settings.EMBEDDED = bundled, embedded
    assert names(procfile.needed([Program(name, "x") for name in ("redis", "local_api", "web")])) == left
