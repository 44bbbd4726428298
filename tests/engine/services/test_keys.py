"""Keys of paid services: where they are kept, and that nothing else ever holds one."""

from __future__ import annotations

import os
import pickle
import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from engine.services.keys import FILE_NAME, ApiKey, KeyPlace, KeyStore, KeyUnusable

KEY = "AIzaSyKeptKey"


class ShortLivedKeyring(KeyringBackend):
    """A keyring of keyring's own plug-in kind that forgets with the test."""

    priority = 0.1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


class LockedKeyring(ShortLivedKeyring):
    """The user dismissed the question for the keyring's password."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service}, {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"{service}, {username}, {len(password)}")


@pytest.fixture
def system(request: pytest.FixtureRequest) -> Iterator[KeyringBackend]:
    before = keyring.get_keyring()
    backend: KeyringBackend = getattr(request, "param", ShortLivedKeyring)()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def store(home: Path, **environment: str) -> KeyStore:
    return KeyStore(home, environment)


def test_key_is_kept_in_the_keyring_and_nowhere_else(tmp_path: Path, system: ShortLivedKeyring) -> None:
    kept = store(tmp_path).keep("gemini", f"  {KEY}\n")
    found = store(tmp_path).find("gemini")
    assert found is not None
    assert (kept.place, found.place, found.key.reveal()) == (KeyPlace.KEYRING, KeyPlace.KEYRING, KEY)
    assert system.kept == {("propmaster", "gemini"): KEY}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("system", [LockedKeyring, NullKeyring], indirect=True)
@pytest.mark.usefixtures("system")
def test_keyring_that_keeps_nothing_leaves_it_to_the_file(tmp_path: Path) -> None:
    assert store(tmp_path).keep("gemini", KEY).place is KeyPlace.FILE
    found = store(tmp_path).find("gemini")
    assert found is not None
    assert found.key.reveal() == KEY


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_file_is_for_the_user_alone_and_comes_with_a_warning(tmp_path: Path) -> None:
    kept = store(tmp_path).keep("gemini", KEY)
    assert kept.warning.startswith("This system has no keyring, so the key lies unencrypted in ")
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_file_that_others_could_read_is_closed_to_them(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store(tmp_path).keep("gemini", KEY)
    (tmp_path / FILE_NAME).chmod(0o644)
    store(tmp_path).find("gemini")
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert "could be read by others" in caplog.text


def test_environment_wins_in_the_order_of_the_sdk(tmp_path: Path, system: ShortLivedKeyring) -> None:
    store(tmp_path).keep("gemini", KEY)
    for names in ({"GEMINI_API_KEY": "second"}, {"GEMINI_API_KEY": "second", "GOOGLE_API_KEY": "first"}):
        found = store(tmp_path, **names).find("gemini")
        assert found is not None
        assert (found.place, found.key.reveal()) == (KeyPlace.ENVIRONMENT, list(names.values())[-1])
        assert found.where == list(names)[-1]
    assert system.kept


@pytest.mark.parametrize("with_keyring", [True, False])
def test_forgotten_key_is_gone(tmp_path: Path, with_keyring: bool, request: pytest.FixtureRequest) -> None:
    if with_keyring:
        request.getfixturevalue("system")
    keys = store(tmp_path)
    keys.keep("gemini", KEY)
    keys.keep("openai", "sk-other")
    keys.forget("gemini")
    keys.forget("gemini")
    other = keys.find("openai")
    assert keys.find("gemini") is None
    assert other is not None
    assert other.key.reveal() == "sk-other"


def test_key_that_moves_into_the_keyring_leaves_the_file(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    store(tmp_path).keep("gemini", "old")
    request.getfixturevalue("system")
    store(tmp_path).keep("gemini", KEY)
    assert not (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("text", ["", "  ", "two words", "ключ", "line\nbreak", "a\x00b"])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyUnusable, match="This is no key") as caught:
        store(tmp_path).keep("gemini", text)
    assert not text.strip() or text.strip() not in str(caught.value)


def test_service_without_a_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="“draft” needs no key"):
        store(tmp_path).keep("draft", KEY)


def test_damaged_file_is_named_and_not_quoted(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(f'gemini = "{KEY}')
    with pytest.raises(KeyUnusable) as caught:
        store(tmp_path).find("gemini")
    assert str(tmp_path / FILE_NAME) in caught.value.message
    assert KEY not in f"{caught.value.message} {caught.value.__cause__}"


def test_key_shows_itself_in_no_way() -> None:
    key = ApiKey(KEY)
    assert KEY not in f"{key!r} {key} {[key]}"
    assert key.hidden_in(f"the key {KEY} is bad") == "the key ••• is bad"
    with pytest.raises(TypeError):
        pickle.dumps(key)
