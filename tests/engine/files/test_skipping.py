from __future__ import annotations

import stat

import pytest

from engine.files.skipping import (
    Standing,
    find_evicted_name,
    is_skipped_directory,
    is_skipped_file,
    is_skipped_path,
    standing_by_macos_flags,
    standing_by_windows_attributes,
)


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.png",
        "._torch.png",
        ".DS_Store",
        ".goutputstream-X1Y2Z3",
        ".~lock.sheet.png#",
        "~$torch.psd",
        "torch.png~",
        "torch.png.part",
        "torch.png.crdownload",
        "psA1B2.tmp",
        "PSA1B2.TMP",
        "torch.kra-autosave.kra",
        ".torch.png.icloud",
    ],
)
def test_hidden_and_unfinished_files_are_skipped(name: str) -> None:
    assert is_skipped_file(name)


@pytest.mark.parametrize("name", ["torch.png", "~torch.png", "tmp.png", "part.one.png", "$money.png", "ps1.psd"])
def test_ordinary_files_are_not_skipped(name: str) -> None:
    assert not is_skipped_file(name)


@pytest.mark.parametrize("name", [".git", "__MACOSX", "$Recycle.Bin", "System Volume Information", "@eaDir"])
def test_junk_folders_are_skipped(name: str) -> None:
    assert is_skipped_directory(name)
    assert is_skipped_path(f"{name}/torch.png")


def test_an_ordinary_path_is_not_skipped() -> None:
    assert not is_skipped_path("weapons/swords/long sword.png")


def test_windows_placeholder_is_not_to_be_read() -> None:
    recall_on_data_access = 0x0040_0000
    assert standing_by_windows_attributes(stat.FILE_ATTRIBUTE_ARCHIVE) is Standing.PLAIN
    assert standing_by_windows_attributes(stat.FILE_ATTRIBUTE_HIDDEN) is Standing.HIDDEN
    assert standing_by_windows_attributes(stat.FILE_ATTRIBUTE_OFFLINE) is Standing.PLACEHOLDER
    assert standing_by_windows_attributes(recall_on_data_access) is Standing.PLACEHOLDER


def test_macos_dataless_file_is_not_to_be_read() -> None:
    sf_dataless = 0x4000_0000
    assert standing_by_macos_flags(0) is Standing.PLAIN
    assert standing_by_macos_flags(stat.UF_HIDDEN) is Standing.HIDDEN
    assert standing_by_macos_flags(sf_dataless) is Standing.PLACEHOLDER


def test_evicted_icloud_file_is_known_by_its_own_name() -> None:
    assert find_evicted_name(".torch.png.icloud") == "torch.png"
    assert find_evicted_name("torch.png") is None
    assert find_evicted_name(".icloud") is None
