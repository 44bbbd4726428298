"""Picked results are copied with true alpha where their ground is plain, and never over another file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from engine.compose.picks import Ground, export_picks
from engine.images.provenance import SourceType, find_provenance, with_provenance
from tests.engine.compose.workshop import Workshop

ORIGIN = {"job": 7}


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    opened = Workshop(tmp_path / "home")
    yield opened
    opened.close()


def test_plain_ground_becomes_transparent_and_the_origin_stays(workshop: Workshop, tmp_path: Path) -> None:
    target = tmp_path / "picks"
    batch_id = workshop.batch(1)
    batch = replace(workshop.compositions.batch(batch_id), results_folder=tmp_path)
    job = replace(workshop.job("p0"), result_name="hat.png")
    picture = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(picture).ellipse((16, 16, 48, 48), fill="red")
    picture.save(tmp_path / "hat.png")
    data = with_provenance((tmp_path / "hat.png").read_bytes(), ORIGIN, SourceType.GENERATED)
    (tmp_path / "hat.png").write_bytes(data)

    cut = export_picks(batch, [job], target, Ground.CUT)
    kept = export_picks(batch, [job], target, Ground.KEPT)

    assert cut.uncut == ()
    assert [path.name for path in (*cut.files, *kept.files)] == ["hat.png", "hat-2.png"]
    with Image.open(cut.files[0]) as made:
        assert (made.getpixel((0, 0))[3], made.getpixel((32, 32))[3]) == (0, 255)  # type: ignore[index]
    assert find_provenance(cut.files[0].read_bytes()) == ORIGIN
    assert kept.files[0].read_bytes() == data


def test_picture_without_a_plain_ground_is_copied_as_it_is(workshop: Workshop, tmp_path: Path) -> None:
    batch_id = workshop.batch(1)
    batch = replace(workshop.compositions.batch(batch_id), results_folder=tmp_path)
    job = replace(workshop.job("p0"), result_name="sky.png")
    Image.linear_gradient("L").convert("RGB").save(tmp_path / "sky.png")
    made = export_picks(batch, [job], tmp_path / "picks", Ground.CUT)
    assert made.uncut == (job.id,)
    assert made.files[0].read_bytes() == (tmp_path / "sky.png").read_bytes()
