from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engine.embedding.shelf import DIGESTS_NAME
from tests.engine.cli.conftest import Propmaster
from tests.helpers.tiny_encoder import write_tiny_encoder


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny encoder that is the one in use."""
    folder = write_tiny_encoder(tmp_path / "tiny")
    monkeypatch.setenv("PROPMASTER_ENCODER", str(folder))
    monkeypatch.setenv("PROPMASTER_DEVICE", "cpu")
    return folder


def snapshot(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("tiny")
def test_names_are_asked_with_the_encoder_in_use_and_nothing_is_added_to_the_library(
    propmaster: Propmaster, art: Path, tmp_path: Path
) -> None:
    before = snapshot(tmp_path)
    report = propmaster("evaluate", art, "--json")
    assert report.status == 0
    (found,) = report.document
    assert found["encoder"].startswith("open-clip-")
    assert (found["pictures"], found["unreadable"]) == (3, [])
    assert set(found["texts"]) == {"all", "chinese", "other"}
    assert [found["texts"][which]["queries"] for which in ("all", "chinese", "other")] == [3, 1, 2]
    assert found["texts"]["all"]["recall_at_5"] == 1.0
    assert found["texts"]["all"]["recall_at_1"] == pytest.approx(
        (found["texts"]["chinese"]["recall_at_1"] + 2 * found["texts"]["other"]["recall_at_1"]) / 3, abs=1e-3
    )
    assert 1 <= found["texts"]["all"]["median_rank"] <= 3
    assert found["images_per_second"] > 0
    assert found["ms_per_query"] > 0
    checksums = tmp_path / "home" / "models" / DIGESTS_NAME
    assert {path: content for path, content in snapshot(tmp_path).items() if path != checksums} == before


def test_encoders_are_compared_on_a_table_and_every_rank_is_saved(
    propmaster: Propmaster, art: Path, tmp_path: Path, tiny: Path
) -> None:
    other = write_tiny_encoder(tmp_path / "other", seed=1)
    labels, saved = tmp_path / "labels.csv", tmp_path / "ranks.csv"
    labels.write_text("file,text,text\nred_crown.png,crown,皇冠\nblue_sword.png,blade,\n", encoding="utf-8")
    shown = propmaster(*("evaluate", art, "--labels", labels, "--encoder", tiny, "--encoder", other, "--save", saved))
    assert shown.status == 0
    assert "2 pictures" in shown.out
    assert all(title in shown.out for title in ("R@1", "R@5", "R@10", "median", "images/s", "ms/query"))
    with saved.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["text"] for row in rows] == ["crown", "皇冠", "blade"] * 2
    assert len({row["encoder"] for row in rows}) == 2
    assert all(row["rank"] in ("1", "2") for row in rows)
    assert rows[2]["right"] == str(art / "blue_sword.png")
    assert all((row["first"] == row["right"]) == (row["rank"] == "1") for row in rows)


@pytest.mark.usefixtures("tiny")
def test_unreadable_picture_is_told_with_its_reason(propmaster: Propmaster, art: Path) -> None:
    (art / "torn_map.png").write_bytes(b"nothing of a picture")
    shown = propmaster("evaluate", art)
    assert shown.status == 0
    assert "1 pictures cannot be read" in shown.err
    assert "torn_map.png" in shown.err


@pytest.mark.usefixtures("tiny")
def test_place_that_cannot_be_written_is_named(propmaster: Propmaster, art: Path, tmp_path: Path) -> None:
    failed = propmaster("evaluate", art, "--save", tmp_path / "nowhere" / "ranks.csv")
    assert failed.status == 1
    assert "ranks.csv" in failed.err


@pytest.mark.usefixtures("tiny")
def test_unknown_encoder_is_refused(propmaster: Propmaster, art: Path) -> None:
    failed = propmaster("evaluate", art, "--encoder", "no-such", "--json")
    assert (failed.status, failed.document["error"]) == (1, "encoder_unavailable")
