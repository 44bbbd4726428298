"""Thumbnails are read off the GUI thread, in the order of what is looked at, within a budget."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop import thumbnails as module
from desktop.thumbnails import ThumbnailLoader, rung
from tests.desktop.conftest import put_thumbnail


def test_a_wanted_thumbnail_arrives_at_the_wanted_size(
    qtbot: QtBot, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    put_thumbnail(tmp_path, "ab12cd34")
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.want(["ab12cd34"], 128)
    found = thumbnails.find("ab12cd34", 128)
    assert found is not None
    assert (found.width(), found.height()) == (128, 85)


def test_a_coarser_thumbnail_serves_until_the_finer_one_is_there(
    qtbot: QtBot, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    put_thumbnail(tmp_path, "ab12cd34")
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.want(["ab12cd34"], 128)
    assert thumbnails.find("ab12cd34", 512) is not None


def test_what_is_looked_at_last_is_read_and_the_rest_is_not(
    qtbot: QtBot, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    gone = [f"{number:08x}" for number in range(300)]
    for key in (*gone, "ffffffff"):
        put_thumbnail(tmp_path, key, (16, 16))
    arrived: list[str] = []
    thumbnails.arrived.connect(arrived.append)
    thumbnails.want(gone, 128)
    thumbnails.want(["ffffffff"], 128)
    qtbot.waitUntil(lambda: "ffffffff" in arrived)
    thumbnails.close()
    assert len(arrived) < len(gone)


def test_a_missing_thumbnail_is_asked_for_once_until_the_engine_worked(
    qtbot: QtBot, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.want(["ab12cd34"], 128)
    with qtbot.assertNotEmitted(thumbnails.arrived, wait=50):
        thumbnails.want(["ab12cd34"], 128)
    put_thumbnail(tmp_path, "ab12cd34")
    thumbnails.look_again()
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.want(["ab12cd34"], 128)
    assert thumbnails.find("ab12cd34", 128) is not None


def test_the_pixmaps_kept_stay_within_the_budget(qtbot: QtBot, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(module, "BUDGET_BYTES", 3 * 16 * 16 * 4)
    loader = ThumbnailLoader(tmp_path / "thumbnails")
    keys = [f"{number:08x}" for number in range(6)]
    for key in keys:
        put_thumbnail(tmp_path, key, (16, 16))
    for key in keys:
        with qtbot.waitSignal(loader.arrived):
            loader.want([key], 128)
    loader.close()
    assert [loader.find(key, 128) is not None for key in keys] == [False] * 3 + [True] * 3


def test_a_thumbnail_is_kept_at_the_next_larger_rung() -> None:
    assert [rung(edge) for edge in (20, 128, 129, 400, 2000)] == [128, 128, 256, 512, 512]


def test_what_is_wanted_too_comes_without_dropping_what_was_wanted(
    qtbot: QtBot, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    for key in ("ab12cd34", "ffffffff"):
        put_thumbnail(tmp_path, key)
    arrived: list[str] = []
    thumbnails.arrived.connect(arrived.append)
    thumbnails.want(["ab12cd34"], 128)
    thumbnails.want_too(["ffffffff"], 128)
    qtbot.waitUntil(lambda: set(arrived) == {"ab12cd34", "ffffffff"})
