"""The keys of paid services: in the system's keyring, else in a file that only the user may read; the owner of keyring.

The environment wins, as it does for settings. Calls may block, for a keyring may ask the user to unlock it: not for an
event loop. Invariant: a key leaves this module only inside an `ApiKey`, which neither prints, pickles nor compares.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, NoReturn

import keyring
from keyring.errors import KeyringError

from engine.errors import PropmasterError
from engine.home import failed_write, prepare_home

FILE_NAME = "keys.toml"
KEYRING_SERVICE = "propmaster"
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "gemini": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "openai": ("OPENAI_API_KEY",),
    "dashscope": ("DASHSCOPE_API_KEY",),
}
"""Environment variables of each service that needs a key; the first that is set counts, as in its own SDK."""

_HIDDEN = "•••"
_LOG = logging.getLogger(__name__)


class KeyUnusable(PropmasterError):
    """What was given cannot be a key, or the service needs none."""

    code: ClassVar[str] = "key_unusable"


class ApiKey:
    """A key that does not show itself."""

    __slots__ = ("_value",)

    def __init__(self, text: str) -> None:
        """Take a key as it was pasted. Raises KeyUnusable."""
        value = text.strip()
        if not value or not value.isascii() or not value.isprintable() or " " in value:
            raise KeyUnusable(
                "This is no key: a key is one line of Latin letters, digits and signs, without spaces.",
                "Copy it again from the page of the service.",
            )
        self._value = value

    def reveal(self) -> str:
        """Return the key itself; to be handed to an SDK and kept nowhere."""
        return self._value

    def hidden_in(self, text: str) -> str:
        """Return a text from outside with the key blotted out, should it echo it."""
        return text.replace(self._value, _HIDDEN)

    def __repr__(self) -> str:
        return "ApiKey(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled")


class KeyPlace(StrEnum):
    """Where a key is kept."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key and its place; `where` is the variable, the keyring or the file. A `warning` is for the user."""

    key: ApiKey
    place: KeyPlace
    where: str
    warning: str = ""


class KeyStore:
    """Finds, keeps and forgets the keys of services by their name: "gemini", "openai", "dashscope"."""

    def __init__(self, home: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._file = home / FILE_NAME
        self._environment = environment

    def find(self, service: str) -> FoundKey | None:
        """Return the key of a service. Raises KeyUnusable for one that cannot be right."""
        for variable in VARIABLES.get(service, ()):
            if text := self._environment.get(variable):
                return FoundKey(ApiKey(text), KeyPlace.ENVIRONMENT, variable)
        if text := _from_keyring(service):
            return FoundKey(ApiKey(text), KeyPlace.KEYRING, keyring.get_keyring().name)
        if text := self._read().get(service):
            return FoundKey(ApiKey(text), KeyPlace.FILE, str(self._file), self._warning())
        return None

    def keep(self, service: str, text: str) -> FoundKey:
        """Keep a key and say where. Raises KeyUnusable, DataDirectoryUnusable or DiskFull."""
        if service not in VARIABLES:
            raise KeyUnusable(f"“{service}” needs no key.", f"Services with keys are: {', '.join(VARIABLES)}.")
        key = ApiKey(text)
        if _into_keyring(service, key):
            self._write({name: kept for name, kept in self._read().items() if name != service})
            return FoundKey(key, KeyPlace.KEYRING, keyring.get_keyring().name)
        self._write(self._read() | {service: key.reveal()})
        return FoundKey(key, KeyPlace.FILE, str(self._file), self._warning())

    def forget(self, service: str) -> None:
        """Remove a key from keyring and file, not from the environment. Raises DataDirectoryUnusable or DiskFull."""
        try:
            if keyring.get_password(KEYRING_SERVICE, service) is not None:
                keyring.delete_password(KEYRING_SERVICE, service)
        except KeyringError as error:
            _LOG.debug("the keyring forgets nothing: %s", type(error).__name__)
        self._write({name: kept for name, kept in self._read().items() if name != service})

    def _warning(self) -> str:
        return (
            f"This system has no keyring, so the key lies unencrypted in {self._file}. Only your account may read the "
            "file, but so may every program that you run."
        )

    def _read(self) -> dict[str, str]:
        try:
            if os.name == "posix" and stat.S_IMODE(self._file.stat().st_mode) & 0o077:
                _LOG.warning("%s could be read by others; now only by you", self._file)
                self._file.chmod(0o600)
            written = tomllib.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            # Without the cause: a parser's error quotes the line it fails at.
            raise KeyUnusable(f"The file {self._file} cannot be read.", "Delete it and enter the keys again.") from None
        return {name: text for name, text in written.items() if isinstance(text, str)}

    def _write(self, keys: Mapping[str, str]) -> None:
        partial = self._file.with_suffix(".part")
        try:
            if not keys:
                self._file.unlink(missing_ok=True)
                return
            prepare_home(self._file.parent)
            partial.unlink(missing_ok=True)
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                # JSON's strings are TOML's too.
                stream.writelines(f"{name} = {json.dumps(text)}\n" for name, text in keys.items())
            partial.replace(self._file)
        except OSError as error:
            raise failed_write(self._file.parent, error) from error


def _from_keyring(service: str) -> str | None:
    try:
        return keyring.get_password(KEYRING_SERVICE, service)
    except KeyringError as error:
        _LOG.debug("the keyring does not answer: %s", type(error).__name__)
        return None


def _into_keyring(service: str, key: ApiKey) -> bool:
    """Return whether the keyring took the key; the null backend takes everything and keeps nothing."""
    try:
        keyring.set_password(KEYRING_SERVICE, service, key.reveal())
        return keyring.get_password(KEYRING_SERVICE, service) == key.reveal()
    except KeyringError as error:
        _LOG.debug("the keyring does not answer: %s", type(error).__name__)
        return False
