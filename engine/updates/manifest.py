"""The manifest that tells of the newest version and carries the newest tables: its form and its signature.

An envelope `{"payload": TEXT, "signature": BASE64}` in JSON; the signature, Ed25519 (RFC 8032), is of the bytes of
TEXT, which is JSON in turn. `packaging/sign_manifest.py` writes it. The owner of `cryptography`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import PropmasterError

_VERSION = re.compile(r"\d+(\.\d+){1,3}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_AGAIN = "try again later, or get Propmaster where you got this one"


class UpdateForged(PropmasterError):
    """What was received is not signed by Propmaster's publisher."""

    code = "update_forged"


class UpdateDamaged(PropmasterError):
    """What was received is no manifest."""

    code = "update_damaged"


@dataclass(frozen=True, slots=True)
class Download:
    """An installer: where it lies, and what the file must be."""

    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the publisher says. `serial` grows each time; `downloads` are by platform, `tables` by file name."""

    serial: int
    version: str
    notes: str
    downloads: Mapping[str, Download]
    tables: Mapping[str, str]

    def is_newer_than(self, version: str) -> bool:
        """Return whether its version is newer than another."""
        return _numbers(self.version) > _numbers(version)


def open_manifest(envelope: bytes, keys: Iterable[str]) -> Manifest:
    """Return what one of the keys signed; a key is base64 of its 32 bytes. Raises UpdateDamaged or UpdateForged."""
    try:
        outer = json.loads(envelope)
        payload, signature = _text(outer["payload"]), base64.b64decode(_text(outer["signature"]), validate=True)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UpdateDamaged("the answer about updates is damaged, or none at all", _AGAIN) from error
    if not any(_is_signed(payload.encode(), signature, key) for key in keys):
        raise UpdateForged(
            "the answer about updates is not signed by Propmaster's publisher; nothing was taken over",
            "something between here and the publisher may have changed it; ask who runs the network",
        )
    try:
        return _manifest(json.loads(payload))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UpdateDamaged(f"the manifest of updates cannot be read: {error}", _AGAIN) from error


def _is_signed(payload: bytes, signature: bytes, key: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, payload)
    except InvalidSignature:
        return False
    return True


def _manifest(payload: Mapping[str, Any]) -> Manifest:
    serial, version = payload["serial"], _text(payload["version"])
    if type(serial) is not int or serial < 1:
        raise ValueError("serial is a whole number from 1")
    if not _VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is no version")
    downloads = {_text(platform): _download(one) for platform, one in payload["downloads"].items()}
    tables = {_text(name): _text(table) for name, table in payload["tables"].items()}
    return Manifest(serial, version, _text(payload["notes"]), downloads, tables)


def _download(written: Mapping[str, Any]) -> Download:
    url, sha256 = _text(written["url"]), _text(written["sha256"])
    if not url.startswith("https://") or not _SHA256.fullmatch(sha256):
        raise ValueError("a download has an address with https and a SHA-256")
    return Download(url, sha256)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
