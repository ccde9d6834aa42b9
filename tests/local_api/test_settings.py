import stat
from pathlib import Path

import pytest

from notte_dashboard.local_api.settings import SettingsError, read_settings


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    first = read_settings({"DATA_DIR": str(tmp_path / "var")})
    second = read_settings({"DATA_DIR": str(tmp_path / "var")})

    path = tmp_path / "var" / "local_api_key"
    assert first.api_key == second.api_key == path.read_text().strip()
    assert len(first.api_key) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["local_api_key"]


def test_a_key_file_that_others_may_read_is_closed_to_them(tmp_path: Path):
    path = tmp_path / "local_api_key"
    path.write_text("old-key")
    path.chmod(0o644)

    assert read_settings({"DATA_DIR": str(tmp_path)}).api_key == "old-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_from_the_environment_makes_no_file(tmp_path: Path):
    settings = read_settings({"DATA_DIR": str(tmp_path), "LOCAL_API_KEY": "mine"})

    assert settings.api_key == "mine"
    assert list(tmp_path.iterdir()) == []
    assert "mine" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOCAL_API_PORT", "eighty"),
        ("LOCAL_API_PORT", "0"),
        ("LOCAL_API_PORT", "65536"),
        ("LOCAL_API_PORT", "²"),
        ("PORT", "-1"),
        ("LOCAL_API_KEY", "with space"),
        ("LOCAL_API_KEY", "schlüssel"),
        ("CSRF_TRUSTED_ORIGINS", "dashboard.example; script-src *"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(tmp_path: Path, name: str, value: str):
    with pytest.raises(SettingsError, match=name):
        read_settings({"DATA_DIR": str(tmp_path), name: value})


def test_an_unusable_data_dir_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match="DATA_DIR"):
        read_settings({"DATA_DIR": str(tmp_path / "file" / "var")})


@pytest.mark.parametrize(
    ("host", "base_url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),  # noqa: S104
        ("::1", "http://[::1]:8001"),
        ("10.0.0.5", "http://10.0.0.5:8001"),
    ],
)
def test_links_name_a_host_that_a_browser_can_reach(tmp_path: Path, host: str, base_url: str):
    settings = read_settings({"DATA_DIR": str(tmp_path), "LOCAL_API_KEY": "k", "LOCAL_API_HOST": host})

    assert settings.base_url == base_url
