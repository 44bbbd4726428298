"""The pipeline of the starter encoder: what it is made from, what stays apart, and that its parts fit open_clip."""

from __future__ import annotations

import colorsys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from starter_encoder import compose
from starter_encoder.art import read_freecol
from starter_encoder.augment import View, make_view
from starter_encoder.icons import EmojiTable, IconSet, read_emoji, read_icons
from starter_encoder.lexicon import COLOURS
from starter_encoder.model import DIMENSION, Head
from starter_encoder.naming import first_chinese_sentence, first_sentence, is_kept_apart, words_of
from starter_encoder.pictures import Drawing, Picture, Split, Style, read_pictures, write_pictures
from starter_encoder.raster import SIZE, draw, mend_svg
from starter_encoder.sources import Use, sources
from starter_encoder.text_tower import WIDTH
from timm.layers import Mlp

FREE = {"MIT", "Apache-2.0", "CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-4.0", "public domain", "WordNet licence"}


def circle(colour: tuple[int, int, int]) -> np.ndarray:
    """A disc with a darker lower half on transparent ground."""
    pixels = np.zeros((SIZE, SIZE, 4), np.uint8)
    down, across = np.mgrid[:SIZE, :SIZE] - SIZE // 2
    inside = down**2 + across**2 < (SIZE // 2.5) ** 2
    pixels[inside] = (*colour, 255)
    pixels[inside & (down > 0)] = (*(value // 2 for value in colour), 255)
    return pixels


def mean_hue(pixels: np.ndarray) -> float:
    red, green, blue = pixels[pixels[..., 3] > 128][:, :3].mean(0) / 255
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360


def test_every_source_is_pinned_and_free() -> None:
    for source in sources().values():
        assert source.version
        assert source.author
        licence = source.licence.split(" and ")
        assert all(part in FREE or part.startswith("GPL-2.0") for part in licence), source


def test_sources_of_the_evaluation_are_not_trained_on() -> None:
    assert {name for name, source in sources().items() if source.use is Use.EVALUATION} == {"fluent-3d", "freecol"}


@pytest.mark.parametrize(
    ("name", "words"),
    [("FlamingCrown_02", "flaming crown"), ("potion-red.3", "potion red"), ("expertLumberJack", "expert lumber jack")],
)
def test_file_name_becomes_words(name: str, words: str) -> None:
    assert words_of(name) == words


def test_caption_loses_its_article_and_brackets() -> None:
    assert first_sentence("An iguana (a lizard). It is green.") == "iguana"
    assert first_chinese_sentence("一只孔雀（雄性）。") == "孔雀"
    assert first_chinese_sentence("an iguana") == ""


def test_a_fixed_share_of_concepts_is_kept_apart() -> None:
    kept = [name for name in (f"thing {number}" for number in range(5000)) if is_kept_apart(name, 5)]
    assert 900 < len(kept) < 1100
    assert all(is_kept_apart(name, 5) for name in kept)


def emojibase(folder: Path) -> Path:
    for language, labels in (("en", ("Crown", "dragon")), ("zh", ("皇冠", "龙"))):
        (folder / language).mkdir(parents=True)
        rows = ", ".join(
            f'{{"hexcode": "{code}", "label": "{label}", "tags": ["t"], "group": 5}}'
            for code, label in zip(("1F451", "1F409"), labels, strict=True)
        )
        (folder / language / "data.json").write_text(f"[{rows}]", encoding="utf-8")
    return folder


def icon_folder(folder: Path, *names: str) -> Path:
    folder.mkdir()
    icons = ", ".join(f"\"{name}\": {{\"body\": \"<circle cx='8' cy='8' r='8'/>\"}}" for name in names)
    (folder / "icons.json").write_text(f'{{"icons": {{{icons}}}}}', encoding="utf-8")
    return folder


def test_emoji_kept_apart_is_kept_apart_under_every_name(tmp_path: Path) -> None:
    table = EmojiTable(emojibase(tmp_path / "base"))
    assert [emoji.en for emoji in table.all() if table.split_of(emoji.code) is Split.HELD] == ["crown"]
    emoji = list(read_emoji("noto", icon_folder(tmp_path / "emoji", "crown", "dragon"), table))
    assert {picture.label: picture.split for picture, _ in emoji} == {"crown": Split.HELD, "dragon": Split.TRAIN}
    icons = icon_folder(tmp_path / "icons", "crown", "golden-crown", "dragon-head", "arrow-left")
    assert [one.label for one, _ in read_icons(IconSet("game-icons", Style.MONO), icons, table)] == ["dragon head"]


def test_freecol_is_named_by_its_own_messages_and_stays_apart(tmp_path: Path) -> None:
    root = tmp_path / "usr/share/games/freecol"
    for folder in ("strings", "default/resources/images/buildings", "default/resources/images/monarch"):
        (root / folder).mkdir(parents=True)
    (root / "strings/FreeColMessages.properties").write_text(
        "model.building.blacksmithHouse.name={{plural:%n%|one=Smithy|default=Blacksmith's House}}\n", encoding="utf-8"
    )
    (root / "strings/FreeColMessages_zh_CN.properties").write_text(
        "model.building.blacksmithHouse.name=铁匠房\n", encoding="utf-8"
    )
    for name in ("buildings/blacksmiths_house.png", "buildings/blacksmiths_house.size2.png", "monarch/louis.png"):
        Image.new("RGBA", (8, 8), "red").save(root / "default/resources/images" / name)
    found = [picture for picture, _ in read_freecol(tmp_path)]
    assert [(one.label, one.zh, one.tags) for one in found] == [
        ("blacksmith's house", ("铁匠房",), ("named",)),
        ("louis", (), ()),
    ]
    assert {one.split for one in found} == {Split.APART}


def test_pictures_survive_the_disk(tmp_path: Path) -> None:
    pictures = [Picture("a", "b", Style.PIXEL, ("crown",), ("皇冠",), ("gold",), Split.HELD, "1F451")]
    write_pictures(pictures, tmp_path / "pictures.jsonl")
    assert read_pictures(tmp_path / "pictures.jsonl") == pictures


def test_svg_in_points_without_view_box_is_drawn() -> None:
    document = '<svg width="40pt" height="20pt"><sodipodi:thing/><rect width="50" height="25"/></svg>'
    drawn = draw(Drawing(svg=mend_svg(document)))
    assert drawn is not None
    assert (drawn[..., 3] > 128).mean() == pytest.approx(0.5, abs=0.05)


def test_damaged_and_empty_drawings_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"\x89PNG nothing")
    assert draw(Drawing(path=str(tmp_path / "bad.png"))) is None
    assert draw(Drawing(svg='<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')) is None


@pytest.mark.parametrize("colour", [one for one in COLOURS if one.hue is not None and one.en != "brown"])
def test_recoloured_picture_has_the_hue_of_the_caption(colour: object) -> None:
    painted = compose.recolour(circle((40, 160, 60)), colour, np.random.default_rng(0))  # type: ignore[arg-type]
    away = abs((mean_hue(painted) - colour.hue + 180) % 360 - 180)  # type: ignore[attr-defined]
    assert away < 15
    assert (painted[..., 3] == circle((0, 0, 0))[..., 3]).all()


def test_black_is_darker_than_gray_and_gray_than_white() -> None:
    chosen = {colour.en: colour for colour in COLOURS}
    light = [
        compose.recolour(circle((200, 40, 40)), chosen[name], np.random.default_rng(0))[SIZE // 3, SIZE // 2, :3].mean()
        for name in ("black", "gray", "white")
    ]
    assert light == sorted(light)
    assert light[0] < 80 < 190 < light[2]


def test_joined_picture_shows_both_objects() -> None:
    joined = compose.join(circle((250, 10, 10)), circle((10, 10, 250)), np.random.default_rng(0))
    opaque = joined[joined[..., 3] > 128]
    assert (opaque[:, 0] > 200).sum() > 500
    assert (opaque[:, 2] > 200).sum() > 500


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("view", list(View))
def test_view_has_the_trunks_form_and_depends_on_its_seed_alone(style: Style, view: View) -> None:
    pixels = circle((40, 160, 60))
    first, again = (make_view(pixels, style, view, 224, np.random.default_rng(7)) for _ in range(2))
    assert first.shape == (224, 224, 3)
    assert first.dtype == np.uint8
    assert (first == again).all()


def test_exported_head_is_the_trained_one_in_open_clips_form() -> None:
    head = Head()
    pooled = torch.rand(5, 1280)
    stock = Mlp(1280, 2 * DIMENSION, DIMENSION, bias=(True, False))
    stock.load_state_dict({name.removeprefix("mlp."): one for name, one in head.export().items()})
    torch.testing.assert_close(stock.eval()(pooled), torch.cat(head.parts(pooled), 1), atol=1e-5, rtol=1e-4)


def test_texts_have_nothing_in_the_part_for_looks() -> None:
    assert WIDTH < DIMENSION
    assert Head().texts(torch.rand(3, WIDTH)).shape == (3, WIDTH)
