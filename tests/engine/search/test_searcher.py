"""A search that nobody waits for any more stops before its next stage."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.catalogue.catalogue import Catalogue
from engine.search.meaning import BackgroundSample, Meaning, TermVectors
from engine.search.query import Query, TextTerm
from engine.search.searcher import Searcher
from engine.search.second import SearchStopped, SecondSpace
from engine.vectors.exact import ExactIndex


def test_search_stops_once_its_words_are_encoded_and_asks_no_second_space_any_more(tmp_path: Path) -> None:
    encoded: Future[Any] = Future()
    encoded.set_result(np.zeros(4, np.float32))
    waiting: Future[Any] = Future()
    nothing: Any = ()
    index = ExactIndex(4)
    index.add(np.array([1], np.int64), np.eye(1, 4, dtype=np.float16))
    other = Meaning("big", index, TermVectors(lambda _: waiting, nothing), nothing, BackgroundSample())
    with closing(Catalogue(tmp_path)) as catalogue, closing(SecondSpace("big", lambda: other)) as second:
        parts = (catalogue.shown, catalogue.names, catalogue.filters)
        meaning = Meaning("tiny", nothing, TermVectors(lambda _: encoded, nothing), nothing, BackgroundSample())
        searcher = Searcher(meaning, parts)
        with pytest.raises(SearchStopped):
            searcher.search(Query((TextTerm("crown"),)), 10, stopped=lambda: True, second=second)
        withdrawn = waiting.cancelled()
        waiting.cancel()
        assert withdrawn
