"""A bad value stops the start with the name of its variable, and never repeats a secret."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from notte_dashboard.settings import env

NAME = "SOME_SETTING"
HTTP = ("http", "https")


def port(name):
    return env.integer(name, 8000, minimum=1, maximum=65535)


def database(name):
    return env.database(name, "sqlite:////tmp/x.sqlite3")


READERS = {
    "integer": port,
    "boolean": lambda name: env.boolean(name, default=False),
    "url": lambda name: env.url(name, "http://127.0.0.1:8001", schemes=HTTP),
    "origins": lambda name: env.origins(name, "https://console.notte.cc"),
    "fernet_keys": env.fernet_keys,
    "database": database,
}
BAD = {
    "integer": [
        "x",
        "8000.0",
        "0",
        "65536",
        "-1",
        "--5",
        "+-5",
        "²",
        "٣",
        "1e3",
        "0x10",
        "1_000",
        "9" * 5_000,
        "80 80",
        "\u2212" + "5",
    ],
    "boolean": ["maybe", "2", "y", "truee", "-"],
    "url": [
        "x",
        "ftp://a",
        "http://",
        "http:",
        "http:///path",
        "//host",
        "http://[",
        "http://[::1",
        "http://h:port",
        "http://h:99999",
    ],
    "origins": [
        "example.com",
        "https://",
        "https://a/path",
        "https://a?x",
        "https://a#x",
        "ws://a",
        "https://user@a",
        "https://a:port",
        "https://[",
        "https://a,nonsense",
        "*",
        "HTTPS://A/b",
    ],
    "fernet_keys": ["x", "short,keys", Fernet.generate_key().decode() + ",canary-7f3a", "é" * 44],
    "database": [
        "canary-7f3a",
        "mysql://u:canary-7f3a@h/n",
        "postgres://u:canary-7f3a@h:port/n",
        "postgresql://u:canary-7f3a@h",
        "postgres://",
        "://",
        "sqlite",
    ],
}


@pytest.mark.parametrize(("reader", "value"), [(reader, value) for reader, values in BAD.items() for value in values])
def test_a_bad_value_names_its_variable(monkeypatch, reader, value):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=NAME) as told:
        READERS[reader](NAME)

    assert "canary" not in str(told.value)


@pytest.mark.parametrize("reader", BAD)
def test_no_value_and_an_empty_one_are_the_default(monkeypatch, reader):
    monkeypatch.delenv(NAME, raising=False)
    unset = READERS[reader](NAME)
    monkeypatch.setenv(NAME, "  ")

    assert READERS[reader](NAME) == unset


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        ("integer", " 8080 ", 8080),
        ("integer", "+1", 1),
        ("boolean", "Yes", True),
        ("boolean", "0", False),
        ("boolean", "OFF", False),
        ("url", "https://api.notte.cc/", "https://api.notte.cc"),
        ("url", "http://[::1]:8001", "http://[::1]:8001"),
        ("origins", " https://a.test , http://b.test:8080/ ,", ["https://a.test", "http://b.test:8080"]),
    ],
)
def test_a_good_value_is_read(monkeypatch, reader, value, read):
    monkeypatch.setenv(NAME, value)

    assert READERS[reader](NAME) == read


@pytest.mark.parametrize(
    ("address", "engine", "name"),
    [
        ("postgresql://u:p@h:5432/n", "postgresql", "n"),
        ("postgres://u:p%40@h/n?sslmode=require", "postgresql", "n"),
        ("postgresql://u@//run/postgresql/n", "postgresql", "n"),
        ("sqlite:////var/lib/x.sqlite3", "sqlite3", "/var/lib/x.sqlite3"),
    ],
)
def test_databases_are_read_from_addresses(monkeypatch, address, engine, name):
    monkeypatch.setenv(NAME, address)

    found = database(NAME)

    assert (found["ENGINE"], found["NAME"]) == (f"django.db.backends.{engine}", name)


@pytest.mark.parametrize("address", ["redis://h:6379/0", "rediss://:pw@h", "unix:///run/redis.sock"])
def test_redis_may_be_a_socket(monkeypatch, address):
    monkeypatch.setenv(NAME, address)

    assert env.url(NAME, schemes=("redis", "rediss", "unix")) == address


def test_an_address_with_a_password_is_not_repeated(monkeypatch):
    monkeypatch.setenv(NAME, "amqp://:canary-7f3a@h")

    with pytest.raises(ImproperlyConfigured) as told:
        env.url(NAME, schemes=("redis", "rediss", "unix"))
    assert "canary" not in str(told.value)


def test_several_keys_are_kept_in_their_order(monkeypatch):
    keys = [Fernet.generate_key().decode() for _ in range(3)]
    monkeypatch.setenv(NAME, ", ".join(keys))

    assert env.fernet_keys(NAME) == keys


# --- NAME_FILE ----------------------------------------------------------------------------------------------------------


def test_a_value_can_stand_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "value").write_text("  from the file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))

    assert env.text(NAME, "default") == "from the file"


def test_the_variable_comes_before_its_file(monkeypatch, tmp_path):
    (tmp_path / "value").write_text("from the file")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))
    monkeypatch.setenv(NAME, "direct")

    assert env.text(NAME) == "direct"


@pytest.mark.parametrize("reader", ["integer", "boolean", "url", "origins", "database"])
def test_a_bad_value_in_a_file_names_the_variable_too(monkeypatch, tmp_path, reader):
    (tmp_path / "value").write_text(BAD[reader][0])
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))

    with pytest.raises(ImproperlyConfigured, match=NAME):
        READERS[reader](NAME)


def test_a_file_that_can_not_be_read_is_named(monkeypatch, tmp_path):
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing", tmp_path, binary):
        monkeypatch.setenv(f"{NAME}_FILE", str(path))

        with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE: {path}"):
            env.text(NAME)


def test_an_empty_file_is_no_value(monkeypatch, tmp_path):
    (tmp_path / "value").write_text("\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))

    assert env.text(NAME, "default") == "default"
