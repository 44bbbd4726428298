"""A second space never keeps a search waiting: it is late, silent or withdrawn, and the search goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.embedding.encoder import Calibration
from engine.errors import EncoderUnavailable, SecondSpaceSilent
from engine.library import Library
from engine.search.meaning import BackgroundSample, Meaning, TermVectors
from engine.search.query import Query, TextTerm
from engine.search.second import Opinion, SearchStopped, SecondSpace
from engine.vectors.exact import ExactIndex

CROWN = Query((TextTerm("crown"),))


@pytest.fixture
def text() -> Future[Any]:
    """The vector of the query, which comes when the test says so."""
    return Future()


@pytest.fixture
def second(text: Future[Any]) -> Iterator[SecondSpace]:
    index = ExactIndex(4)
    index.add(np.array([1], np.int64), np.eye(1, 4, dtype=np.float16))
    vectors = TermVectors(lambda _: text, lambda _: np.eye(1, 4, dtype=np.float32)[0])
    meaning = Meaning("big", index, vectors, Calibration(0, 1, 0, 1), BackgroundSample())
    space = SecondSpace("big", lambda: meaning, patience_s=0.1)
    yield space
    if not text.done():
        text.set_result(np.eye(1, 4, dtype=np.float32)[0])
    space.close()


def never() -> bool:
    return False


def test_late_answer_is_not_waited_for_and_not_asked_for_again_before_it_came(
    second: SecondSpace, text: Future[Any]
) -> None:
    late = second.begin(CROWN)
    assert isinstance(second.wait_for(late, never), SecondSpaceSilent)
    again = second.begin(CROWN)
    assert again.answer.done()
    assert isinstance(second.wait_for(again, never), SecondSpaceSilent)
    text.set_result(np.eye(1, 4, dtype=np.float32)[0])
    late.answer.result(10)
    assert isinstance(second.wait_for(second.begin(CROWN), never), Opinion)


def test_search_that_nobody_waits_for_takes_its_words_out_of_the_line(second: SecondSpace, text: Future[Any]) -> None:
    with pytest.raises(SearchStopped):
        second.wait_for(second.begin(CROWN), lambda: True)
    assert text.cancelled()


def test_what_cannot_be_opened_says_why() -> None:
    def fail() -> Meaning:
        raise EncoderUnavailable("its files are gone")

    space = SecondSpace("big", fail)
    assert isinstance(space.wait_for(space.begin(CROWN), never), EncoderUnavailable)
    space.close()


def test_withdrawn_words_are_not_encoded(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        space, busy = library.space, threading.Event()
        space.model.run(lambda _: busy.wait(30), priority=0)  # type: ignore[arg-type]
        withdrawn, wanted = space.begin_text("crow"), space.begin_text("crown")
        assert withdrawn.cancel()
        busy.set()
        assert wanted.result(60).shape == (space.profile.dimension,)
        assert list(space._new_texts) == ["crown"]
