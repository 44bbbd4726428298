from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import evaluation
from engine.embedding.catalog import EncoderSource
from engine.embedding.encoder import Calibration, Encoder, EncoderProfile, EncodingPlan, Pixels, Terms, Vectors
from engine.errors import FolderNotFound, InvalidQuery, InvalidSetting
from engine.evaluation import (
    Evaluation,
    LabelledPicture,
    RankedQuery,
    evaluate,
    first_right,
    label_by_names,
    median_rank,
    read_labels,
    recall_at,
)
from engine.images.fit import InputSpec
from engine.indexing.control import Progress
from engine.settings import Settings
from tests.helpers.tiny_encoder import write_tiny_encoder

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


PROFILE = EncoderProfile("colours", 3, ("en", "zh"), InputSpec(8), Calibration(0, 1, 0, 1))
PLAN = EncodingPlan(batch_size=2, workers=1)


@dataclass(frozen=True)
class ColourEncoder:
    """A picture's vector is the direction of its mean colour, a text's the colour that stands here."""

    texts: Mapping[str, tuple[float, float, float]]
    profile: EncoderProfile = PROFILE
    plan: EncodingPlan = PLAN

    def encode_images(self, pixels: Pixels) -> Vectors:
        return unit(pixels.astype(np.float32).mean(axis=(1, 2)) + 1e-3)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return unit(np.array([self.texts.get(text, (1, 1, 1)) for text in texts], np.float32))

    def close(self) -> None:
        """Nothing to free."""


def unit(rows: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths


def paint(path: Path, colour: tuple[int, int, int], edge: int = 16) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (edge, edge), colour).save(path)
    return path


def measure(
    monkeypatch: pytest.MonkeyPatch, texts: Mapping[str, tuple[float, float, float]], *pictures: LabelledPicture
) -> Evaluation:
    encoder = ColourEncoder(texts)
    monkeypatch.setattr(evaluation, "find_encoder", lambda *_: EncoderSource(encoder.profile, lambda: encoder))
    return evaluate("colours", pictures, Settings(), lambda _: None)


def ranks(result: Evaluation) -> dict[str, int]:
    return {query.text: query.rank for query in result.queries}


def test_known_case_has_the_ranks_and_recalls_worked_out_by_hand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pictures = (
        LabelledPicture(paint(tmp_path / "r.png", RED), ("crown", "红宝石")),
        LabelledPicture(paint(tmp_path / "g.png", GREEN), ("leaf",)),
        LabelledPicture(paint(tmp_path / "b.png", BLUE), ("water",)),
        LabelledPicture(paint(tmp_path / "y.png", YELLOW), ()),
    )
    # Cosines with red, green, blue and yellow, up to the length of the text:
    texts = {
        "crown": (1.0, 0.1, 0.0),  # 1.0   0.1   0.0   0.78: red first
        "红宝石": (0.1, 1.0, 0.0),  # 0.1   1.0   0.0   0.78: green, yellow, then red
        "leaf": (1.0, 0.9, 0.0),  # 1.0   0.9   0.0   1.34: yellow, red, then green
        "water": (0.0, 1.0, 0.9),  # 0.0   1.0   0.9   0.71: green, then blue
    }
    result = measure(monkeypatch, texts, *pictures)
    assert ranks(result) == {"crown": 1, "红宝石": 3, "leaf": 3, "water": 2}
    assert [recall_at(depth, result.queries) for depth in (1, 2, 3, 10)] == [0.25, 0.5, 1.0, 1.0]
    assert median_rank(result.queries) == 2.5
    assert (result.encoder, result.pictures) == ("colours", 4)
    assert result.queries[2].right == tmp_path / "g.png"
    assert result.queries[2].first == tmp_path / "y.png"
    assert result.images_per_second > 0
    assert result.query_ms > 0


def test_text_of_several_pictures_is_asked_once_and_any_of_them_is_right(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pictures = (
        LabelledPicture(paint(tmp_path / "r.png", RED), ("Gem",)),
        LabelledPicture(paint(tmp_path / "b.png", BLUE), (" gem ", "ＧＥＭ")),
        LabelledPicture(paint(tmp_path / "g.png", GREEN), ("leaf",)),
    )
    result = measure(monkeypatch, {"Gem": (0, 0, 1), "leaf": (0, 1, 0)}, *pictures)
    assert ranks(result) == {"Gem": 1, "leaf": 1}
    assert result.queries[0].right == tmp_path / "b.png"


def test_equal_files_are_one_picture_with_the_texts_of_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pictures = (
        LabelledPicture(paint(tmp_path / "r.png", RED), ("crown",)),
        LabelledPicture(paint(tmp_path / "copy.png", RED), ("ruby",)),
        LabelledPicture(paint(tmp_path / "g.png", GREEN), ()),
    )
    result = measure(monkeypatch, {"crown": (1, 0, 0), "ruby": (1, 0, 0)}, *pictures)
    assert result.pictures == 2
    assert ranks(result) == {"crown": 1, "ruby": 1}


def test_ties_count_against_the_encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Different files of one colour: three vectors that are the same.
    pictures = [
        LabelledPicture(paint(tmp_path / f"{edge}.png", RED, edge), (str(edge),) if edge == 16 else ())
        for edge in (16, 24, 32)
    ]
    assert ranks(measure(monkeypatch, {"16": (1, 0, 0)}, *pictures)) == {"16": 3}


@pytest.mark.parametrize(
    ("scores", "right", "expected"),
    [
        ([0.9, 0.1, 0.5], [0], (1, 0)),
        ([0.9, 0.1, 0.5], [1], (3, 1)),
        ([0.9, 0.1, 0.5], [1, 2], (2, 2)),
        ([0.5, 0.5, 0.5], [1], (3, 1)),
        ([0.5, 0.5, 0.5], [1, 2], (2, 1)),
        ([0.5, 0.5, 0.5], [0, 1, 2], (1, 0)),
        ([0.7], [0], (1, 0)),
    ],
)
def test_rank_is_that_of_the_best_right_picture(
    scores: list[float], right: list[int], expected: tuple[int, int]
) -> None:
    assert first_right(np.array(scores, np.float32), right) == expected


def test_unreadable_pictures_are_told_and_their_texts_not_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing of a picture")
    seen: list[Progress] = []
    encoder = ColourEncoder({"crown": (1, 0, 0)})
    monkeypatch.setattr(evaluation, "find_encoder", lambda *_: EncoderSource(encoder.profile, lambda: encoder))
    pictures = [
        LabelledPicture(broken, ("leaf",)),
        LabelledPicture(tmp_path / "absent.png", ("leaf",)),
        LabelledPicture(paint(tmp_path / "r.png", RED), ("crown",)),
    ]
    result = evaluate("colours", pictures, Settings(), seen.append)
    assert ranks(result) == {"crown": 1}
    assert [path for path, _ in result.unreadable] == [broken, tmp_path / "absent.png"]
    assert (seen[-1].done, seen[-1].failed, seen[-1].total) == (1, 2, 3)


def test_encoder_of_a_service_is_refused_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def load() -> Encoder:
        raise AssertionError("the service was asked")

    paid = replace(PROFILE, terms=Terms("openai", 300, 20, date(2026, 1, 1), "its price list"))
    monkeypatch.setattr(evaluation, "find_encoder", lambda *_: EncoderSource(paid, load))
    with pytest.raises(InvalidSetting, match="openai"):
        evaluate("paid", [LabelledPicture(tmp_path / "r.png", ("crown",))], Settings(), lambda _: None)


def test_nothing_to_ask_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="no picture that can be read has a text"):
        measure(monkeypatch, {}, LabelledPicture(paint(tmp_path / "r.png", RED), ()))


def test_a_real_encoder_ranks_every_query_within_the_gallery(tmp_path: Path) -> None:
    folder = write_tiny_encoder(tmp_path / "tiny")
    pictures = [
        LabelledPicture(paint(tmp_path / f"{number}.png", (number * 20, 90, 200)), (f"thing {number}",))
        for number in range(11)
    ]
    result = evaluate(str(folder), pictures, Settings(device="cpu"), lambda _: None)
    assert result.pictures == 11
    assert all(1 <= query.rank <= 11 for query in result.queries)
    assert [query.right for query in result.queries] == [picture.path for picture in pictures]


def test_table_gives_texts_of_any_number_and_language(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(
        '\ufeffFile,text,text\ncrown.png,golden crown,金色皇冠\n"props/a, b.png","a chest, open",\n\nsea.png\n'
        "crown.png,a crown\n",
        encoding="utf-8",
    )
    assert read_labels(table, tmp_path) == [
        LabelledPicture(tmp_path / "crown.png", ("golden crown", "金色皇冠", "a crown")),
        LabelledPicture(tmp_path / "props" / "a, b.png", ("a chest, open",)),
        LabelledPicture(tmp_path / "sea.png", ()),
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"crown.png,golden crown\n", "first line"),
        (b"file;text\n", "first line"),
        (b"file\n", "first line"),
        (b"", "first line"),
        ("file,text\ncrown.png,皇冠\n".encode("gbk"), "cannot be read"),
    ],
)
def test_table_that_cannot_be_understood_says_what_to_do(tmp_path: Path, content: bytes, found: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_bytes(content)
    with pytest.raises(InvalidQuery, match=found) as caught:
        read_labels(table, tmp_path)
    assert caught.value.hint


def test_absent_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match=r"labels\.csv") as caught:
        read_labels(tmp_path / "labels.csv", tmp_path)
    assert caught.value.hint == "check the spelling"


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("FlamingCrown_02.png", ("flaming crown",)),
        ("金色宝箱-03.jpg", ("金色宝箱",)),
        ("crown 皇冠.webp", ("crown 皇冠",)),
        ("sword_of_fire.png", ("sword of fire",)),
        ("IMG_0502.png", ()),
        ("0001.png", ()),
    ],
)
def test_names_become_words(tmp_path: Path, name: str, texts: tuple[str, ...]) -> None:
    path = tmp_path / "deep" / name
    path.parent.mkdir()
    path.write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no picture")
    assert label_by_names(tmp_path) == [LabelledPicture(path, texts)]


def test_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderNotFound):
        label_by_names(tmp_path / "nowhere")


def test_median_of_an_even_number_lies_between() -> None:
    queries = [RankedQuery("", rank, Path(), Path()) for rank in (1, 2, 7, 9)]
    assert median_rank(queries) == 4.5
