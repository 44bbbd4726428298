"""The bundled sample library is complete, openable, labelled and attributed."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from pathlib import Path

from PIL import Image

LIBRARY = Path(__file__).resolve().parents[2] / "resources" / "sample_library"
COMPANIONS = {"ATTRIBUTION.md", "labels.csv", "demo.toml"}
MAX_BYTES = 8_000_000


def _pictures() -> list[str]:
    files = (path.relative_to(LIBRARY) for path in LIBRARY.rglob("*") if path.is_file())
    return sorted(f.as_posix() for f in files if f.parts[0] != "LICENSES" and f.as_posix() not in COMPANIONS)


def _labels() -> list[dict[str, str]]:
    with (LIBRARY / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _attributions() -> list[list[str]]:
    lines = (LIBRARY / "ATTRIBUTION.md").read_text(encoding="utf-8").splitlines()
    table = lines[lines.index("| File | Package | Original | Author | Licence | Changes |") + 2 :]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_library_is_large_enough_to_search_and_small_enough_to_ship() -> None:
    assert len(_pictures()) >= 190
    assert sum(path.stat().st_size for path in LIBRARY.rglob("*") if path.is_file()) < MAX_BYTES


def test_every_picture_opens_and_shows_more_than_one_colour() -> None:
    for name in (name for name in _pictures() if not name.endswith(".svg")):
        with Image.open(LIBRARY / name) as image:
            pixels = image.convert("RGBA")
        assert min(pixels.size) >= 12, name
        assert len(pixels.resize((16, 16)).getcolors() or ()) > 1, name


def test_vector_pictures_are_svg_with_a_size_every_renderer_understands() -> None:
    for name in (name for name in _pictures() if name.endswith(".svg")):
        text = (LIBRARY / name).read_text(encoding="utf-8", errors="replace")
        assert "<svg" in text, name
        assert "viewBox" in text or "width" in text, name


def test_formats_of_a_real_library_are_mixed() -> None:
    suffixes = {Path(name).suffix for name in _pictures()}
    assert suffixes >= {".png", ".jpg", ".webp", ".svg", ".tga", ".tif", ".gif", ".psd", ".bmp"}


def test_animation_has_several_frames() -> None:
    with Image.open(LIBRARY / "props/coin_spin.gif") as image:
        assert getattr(image, "n_frames", 1) > 1


def test_no_two_pictures_have_the_same_content() -> None:
    digests = [hashlib.sha256((LIBRARY / name).read_bytes()).digest() for name in _pictures()]
    assert len(set(digests)) == len(digests)


def test_every_picture_is_labelled_once_in_both_languages() -> None:
    labels = _labels()
    assert sorted(row["path"] for row in labels) == _pictures()
    for row in labels:
        assert row["en"].isascii(), row
        assert len(row["en"]) > 2, row
        assert any("\u4e00" <= character <= "\u9fff" for character in row["zh"]), row
        assert row["style"] in {"pixel", "painted", "rendered", "drawn", "vector", "photo"}, row


def test_every_picture_is_attributed_once_with_author_and_licence() -> None:
    rows = _attributions()
    assert sorted(row[0] for row in rows) == _pictures()
    assert all(len(row) == 6 and all(row) for row in rows)


def test_text_of_every_licence_lies_in_the_library() -> None:
    texts = {"GPL-2.0-or-later": "GPL-2.0", "GPL-2.0-only": "GPL-2.0", "CC0-1.0": "CC0-1.0"}
    for licence in {row[4] for row in _attributions()}:
        assert (LIBRARY / "LICENSES" / f"{texts.get(licence, licence)}.txt").stat().st_size > 1000


def test_demo_asks_in_both_languages_for_pictures_that_exist() -> None:
    demo = tomllib.loads((LIBRARY / "demo.toml").read_text(encoding="utf-8"))
    assert sorted(query["language"] for query in demo["queries"]) == ["en"] * 3 + ["zh"] * 3
    wanted = [name for query in demo["queries"] for name in query["finds"]]
    assert {demo["similar"]["file"], *demo["similar"]["finds"], *wanted} <= set(_pictures())
