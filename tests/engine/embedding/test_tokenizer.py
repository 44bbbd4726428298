from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from engine.embedding.tokenizer import StarterTokenizer
from engine.errors import EncoderUnavailable
from engine.resources import resource

CONTEXT = 32
RECORDED = Path(__file__).with_name("starter_token_ids.json")


@pytest.fixture(scope="module")
def tokenizer() -> StarterTokenizer:
    return StarterTokenizer.load(resource("starter_encoder") / "vocab.json", CONTEXT)


def test_ids_are_those_the_weights_were_trained_on(tokenizer: StarterTokenizer) -> None:
    recorded = json.loads(RECORDED.read_text())
    rows = tokenizer([text for text, _ in recorded])
    assert len(recorded) > 500
    for row, (text, ids) in zip(rows, recorded, strict=True):
        assert row.tolist() == ids + [0] * (CONTEXT - len(ids)), text


def test_last_entry_ends_even_blank_and_overlong_texts(tokenizer: StarterTokenizer) -> None:
    blank, overlong = tokenizer(["", "王" * 100])
    end = tokenizer.vocabulary_size - 1
    assert blank.tolist() == [end] + [0] * (CONTEXT - 1)
    assert overlong[-1] == end
    assert (overlong[:-1] != 0).all()


@pytest.mark.parametrize("text", ["a" * 1_000_000, "王" * 1_000_000, "\u0301\u0323" * 500_000, "sword " * 200_000])
def test_huge_text_takes_no_longer_than_its_beginning(tokenizer: StarterTokenizer, text: str) -> None:
    started = time.process_time()
    tokenizer([text])
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("content", ["", "{}", "[1, 2, 3, 4]", '["a", "a", "b", "c"]', '["a"]', "\ud800"])
def test_file_that_is_no_vocabulary_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vocab.json"
    path.write_text(content, errors="surrogatepass")
    with pytest.raises(EncoderUnavailable, match=r"vocab\.json"):
        StarterTokenizer.load(path, CONTEXT)


def test_missing_vocabulary_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"vocab\.json"):
        StarterTokenizer.load(tmp_path / "vocab.json", CONTEXT)
