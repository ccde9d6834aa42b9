"""Secrets made on first use are private, the same for all who ask, and survive a restart."""

import stat
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest
from cryptography.fernet import Fernet

from notte_dashboard.settings.storage import fernet_key, kept_secret, random_token


@pytest.mark.parametrize("make", [random_token, fernet_key])
def test_a_secret_is_made_once_and_read_afterwards(tmp_path, make):
    path = tmp_path / "folder" / "secret"

    first = kept_secret(path, make)

    assert len(first) >= 43
    assert kept_secret(path, make) == first == path.read_text()
    assert [each.name for each in path.parent.iterdir()] == ["secret"]


def test_only_its_owner_can_read_it(tmp_path):
    path = tmp_path / "folder" / "secret"

    kept_secret(path, random_token)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path):
    path = tmp_path / "secret"

    with ProcessPoolExecutor(4, mp_context=get_context("forkserver")) as pool:
        found = set(pool.map(partial(_secret_at, path), range(12)))

    assert found == {path.read_text()}
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


def _secret_at(path, _):
    return kept_secret(path, random_token)


def test_a_kept_key_encrypts(tmp_path):
    Fernet(kept_secret(tmp_path / "key", fernet_key))
