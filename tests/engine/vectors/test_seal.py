"""Seals of real directories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.vectors import seal
from engine.vectors.seal import Contents, SealState

if TYPE_CHECKING:
    from pathlib import Path

CONTENTS = Contents("encoder", 12, "abc")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    directory = tmp_path / "vectors.db"
    (directory / "deep" / "er").mkdir(parents=True)
    (directory / "deep" / "er" / "rows.parquet").write_bytes(bytes(range(256)) * 100)
    (directory / "empty").touch()
    (directory / "LOCK").touch()
    seal.write(directory, CONTENTS)
    return directory


def test_untouched_directory_is_intact_and_tells_its_contents(directory: Path) -> None:
    assert seal.verify(directory) == seal.Verdict(SealState.INTACT, CONTENTS)


def test_flipped_bit_breaks_the_seal_and_is_named(directory: Path) -> None:
    file = directory / "deep" / "er" / "rows.parquet"
    content = bytearray(file.read_bytes())
    content[12_345] ^= 1
    file.write_bytes(content)
    verdict = seal.verify(directory)
    assert (verdict.state, verdict.differing) == (SealState.BROKEN, ("deep/er/rows.parquet",))


def test_missing_and_extra_files_break_the_seal(directory: Path) -> None:
    (directory / "empty").unlink()
    (directory / "new").touch()
    assert seal.verify(directory).differing == ("empty", "new")


def test_missing_directory_breaks_the_seal(directory: Path) -> None:
    directory.rename(directory.with_name("elsewhere"))
    assert seal.verify(directory).state is SealState.BROKEN


def test_removed_seal_is_absent(directory: Path) -> None:
    seal.remove(directory)
    seal.remove(directory)
    assert seal.verify(directory).state is SealState.ABSENT


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}', "\udcff"])
def test_unreadable_seal_counts_as_absent(directory: Path, text: str) -> None:
    seal.seal_path(directory).write_bytes(text.encode(errors="surrogateescape"))
    assert seal.verify(directory).state is SealState.ABSENT


def test_seal_lies_beside_the_directory(directory: Path) -> None:
    assert sorted(path.name for path in directory.parent.iterdir()) == ["vectors.db", "vectors.db.seal"]
