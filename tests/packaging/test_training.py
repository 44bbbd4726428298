"""The stages that train: what a step is drawn from, and that names move to what their pictures show."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from starter_encoder import align
from starter_encoder.backbone import NAME, Upper
from starter_encoder.batches import Batches, ClassFeatures, Training, text_vectors
from starter_encoder.captions import CaptionTexts, ConceptTexts, TextTable, concept_texts
from starter_encoder.concepts import Concept, Concepts
from starter_encoder.export import blend
from starter_encoder.model import Head
from starter_encoder.text_tower import ALIGNED, DISTILLED, WIDTH, TextEncoder, build_text_tower
from starter_encoder.train import Trained
from starter_encoder.views import Views
from torch.nn import functional

NAMES = ("crown", "sword", "potion", "torch")
VOCABULARY = ["[PAD]", "[UNK]", *NAMES, "red", "and", "皇", "冠", "[EOT]"]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder with an untrained text tower."""
    torch.manual_seed(0)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/vocab.json").write_text(json.dumps(VOCABULARY, ensure_ascii=False), encoding="utf-8")
    torch.save(build_text_tower(len(VOCABULARY)).state_dict(), tmp_path / "texts/tower.pt")
    return tmp_path


def make_training(work: Path) -> Training:
    """Two views of each of four concepts, a caption of a colour and one of a pair."""
    table = TextTable()
    concepts = Concepts(tuple(Concept([name]) for name in NAMES), (), ())
    texts: ConceptTexts = concept_texts(concepts, table)
    captions = CaptionTexts(
        torch.tensor([0]), torch.tensor([[[table.row(f"red {name}") for name in NAMES[:2]]]]).repeat(1, 2, 1)
    )
    return Training(
        views=Views(np.zeros(8, np.void), np.zeros(0, np.float16), np.zeros(0, np.float16)),
        concept_of_view=np.arange(8) % 4,
        weight_of_view=np.full(8, 1 / 8),
        texts=texts,
        colours=captions,
        pairs=captions,
        names=table.texts,
        vectors=table.encode(TextEncoder(work)),
        mean=torch.zeros(1),
        deviation=torch.ones(1),
        classes=ClassFeatures(torch.zeros(0, 1), torch.zeros(0, dtype=torch.long)),
    )


def test_every_second_view_shows_the_concept_of_the_one_before(work: Path) -> None:
    training = make_training(work)
    concepts = training.concept_of_view[Batches(training, seed=0).draw_views(40)]
    assert (concepts[::2] == concepts[1::2]).all()
    assert set(concepts) == {0, 1, 2, 3}


def test_aligned_names_point_at_their_pictures_and_captions_stay(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_STEPS", 100), ("_NAMED", 16), ("_HELD", 16)):
        monkeypatch.setattr(align, name, value)
    training, encoder, head = make_training(work), TextEncoder(work), Head()
    pictures = functional.normalize(torch.randn(4, WIDTH), dim=-1)

    captions = ["red crown", "red sword"]
    captions_before = encoder.encode(captions)
    align._Aligner(training, pictures, head, encoder, ["red and 皇冠"]).run()
    scores = encoder.encode(NAMES) @ pictures.T
    assert scores.argmax(1).tolist() == [0, 1, 2, 3]
    assert (torch.sort(scores).values.diff()[:, -1] > 0.05).all()
    assert ((encoder.encode(captions) * captions_before).sum(1) > 0.85).all()


def test_each_tower_keeps_vectors_of_its_own(work: Path) -> None:
    (work / "training").mkdir()
    torch.manual_seed(1)
    torch.save(build_text_tower(len(VOCABULARY)).state_dict(), work / ALIGNED)
    table = TextTable()
    table.row("crown")
    distilled, aligned = (text_vectors(table, work, tower) for tower in (DISTILLED, ALIGNED))
    assert float((distilled * aligned).sum()) < 0.9
    assert torch.allclose(text_vectors(table, work, DISTILLED), distilled, atol=1e-3)


def test_weights_are_a_mean_of_those_before_and_after_the_trunk_was_trained(tmp_path: Path) -> None:
    (tmp_path / "training").mkdir()
    trunk = timm.create_model(NAME, num_classes=0)
    before, after = Trained(Upper(trunk), Head()), Trained(Upper(timm.create_model(NAME, num_classes=0)), Head())
    torch.save(before.state_dict(), tmp_path / "training/head.pt")
    torch.save(after.state_dict(), tmp_path / "training/refine.pt")
    wanted = (before.upper.head.weight + 3 * after.upper.head.weight).detach() / 4
    blend(tmp_path, 0.75, trunk, "refine")
    assert torch.allclose(trunk.conv_head.weight, wanted, atol=1e-6)
