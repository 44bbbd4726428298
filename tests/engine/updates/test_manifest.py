"""Only what the publisher signed is believed, and only where it makes sense."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from engine.updates.manifest import Download, UpdateDamaged, UpdateForged, open_manifest
from tests.helpers.publisher import SERIAL, Publisher

SHA256 = "ab" * 32


def test_what_the_publisher_signed_is_read(publisher: Publisher) -> None:
    download = {"url": "https://example.org/propmaster.deb", "sha256": SHA256}
    manifest = open_manifest(publisher.sign(notes="更好。", downloads={"linux-x86_64": download}), [publisher.key])
    assert (manifest.serial, manifest.version, manifest.notes) == (SERIAL + 1, "99.0", "更好。")
    assert manifest.downloads == {"linux-x86_64": Download(download["url"], SHA256)}
    assert set(manifest.tables) == {"generators.toml"}


@pytest.mark.parametrize(
    ("here", "newer"), [("98.9.9", True), ("99.0", False), ("99.0.1", False), ("100.0", False), ("9.0", True)]
)
def test_versions_are_compared_by_number(publisher: Publisher, here: str, newer: bool) -> None:
    assert open_manifest(publisher.sign(), [publisher.key]).is_newer_than(here) is newer


def test_one_changed_letter_is_a_forgery(publisher: Publisher) -> None:
    envelope = json.loads(publisher.sign())
    envelope["payload"] = envelope["payload"].replace("99.0", "99.1")
    with pytest.raises(UpdateForged):
        open_manifest(json.dumps(envelope).encode(), [publisher.key])


def test_another_key_is_a_forgery(publisher: Publisher) -> None:
    with pytest.raises(UpdateForged):
        open_manifest(Publisher().sign(), [publisher.key])


def test_without_a_key_everything_is_a_forgery(publisher: Publisher) -> None:
    with pytest.raises(UpdateForged):
        open_manifest(publisher.sign(), [])


def test_a_signature_of_the_wrong_length_is_a_forgery(publisher: Publisher) -> None:
    envelope = json.loads(publisher.sign()) | {"signature": base64.b64encode(b"short").decode()}
    with pytest.raises(UpdateForged):
        open_manifest(json.dumps(envelope).encode(), [publisher.key])


def test_while_a_key_is_replaced_both_count(publisher: Publisher) -> None:
    other = Publisher()
    for one in (publisher, other):
        assert open_manifest(one.sign(), [publisher.key, other.key]).version == "99.0"


@pytest.mark.parametrize(
    "envelope", [b"", b"<html>", b"[]", b"{}", b'{"payload": 1, "signature": "AA=="}', b"\xff\xfe"]
)
def test_what_is_no_manifest_is_damaged(publisher: Publisher, envelope: bytes) -> None:
    with pytest.raises(UpdateDamaged):
        open_manifest(envelope, [publisher.key])


def test_a_manifest_cut_short_is_damaged(publisher: Publisher) -> None:
    envelope = publisher.sign()
    for length in (1, len(envelope) // 2, len(envelope) - 1):
        with pytest.raises(UpdateDamaged):
            open_manifest(envelope[:length], [publisher.key])


@pytest.mark.parametrize(
    "changes",
    [
        {"serial": 0},
        {"serial": True},
        {"serial": "7"},
        {"version": "new"},
        {"version": 2},
        {"notes": None},
        {"tables": {"generators.toml": 1}},
        {"tables": []},
        {"downloads": {"linux-x86_64": {"url": "http://example.org", "sha256": SHA256}}},
        {"downloads": {"linux-x86_64": {"url": "https://example.org", "sha256": "short"}}},
        {"downloads": {"linux-x86_64": {"url": "https://example.org"}}},
    ],
)
def test_signed_nonsense_is_damaged(publisher: Publisher, changes: dict[str, Any]) -> None:
    with pytest.raises(UpdateDamaged):
        open_manifest(publisher.sign(**changes), [publisher.key])
