from __future__ import annotations

import numpy as np
import pytest

from engine.catalogue.names import WordMatches
from engine.search.calibration import Background, measure
from engine.search.ranking import Band, band_of, name_shares, rank

USUAL = Background(0.2, 0.05)


def ids(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def z(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_large_library_is_its_own_background() -> None:
    scores = np.random.default_rng(0).normal(0.4, 0.1, 2000).astype(np.float32)
    found = measure(scores, USUAL)
    assert found.mean == pytest.approx(0.4, abs=0.02)
    assert found.deviation == pytest.approx(0.1, abs=0.01)


def test_small_library_leans_on_the_encoders_usual_values() -> None:
    assert measure(np.empty(0, np.float32), USUAL) == USUAL
    found = measure(np.full(4, 0.8, np.float32), USUAL)
    assert found.mean < 0.3
    assert found.deviation > 0.04


def test_wanted_pictures_among_the_sample_do_not_move_the_background() -> None:
    scores = np.random.default_rng(0).normal(0.2, 0.05, 2000).astype(np.float32)
    with_hits = scores.copy()
    with_hits[:60] = 0.9
    assert measure(with_hits, USUAL).mean == pytest.approx(measure(scores, USUAL).mean, abs=0.005)


def test_library_of_equal_pictures_does_not_divide_by_nothing() -> None:
    found = measure(np.full(100_000, 0.5, np.float32), Background(0.5, 0.0))
    assert np.isfinite(found.z(z(0.5, 0.6))).all()


def test_higher_meaning_ranks_first_and_ties_go_by_id() -> None:
    ranked = rank(ids(3, 1, 2), z(1.0, 5.0, 1.0), {})
    assert ranked.ids.tolist() == [1, 2, 3]


def test_named_picture_rises_above_a_similar_unnamed_one() -> None:
    ranked = rank(ids(1, 2), z(2.0, 1.5), {2: 1.0})
    assert ranked.ids.tolist() == [2, 1]
    assert ranked.named.tolist() == [1.0, 0.0]


def test_picture_that_waits_for_its_vector_is_ranked_by_its_name() -> None:
    ranked = rank(ids(1, 2), z(0.5, np.nan), {2: 1.0})
    assert ranked.ids.tolist() == [2, 1]
    assert np.isfinite(ranked.scores).all()


def test_rare_words_count_more() -> None:
    common = WordMatches("old", tuple((asset, asset) for asset in range(100)))
    rare = WordMatches("crown", ((200, 200),))
    shares = name_shares([common, rare], 1000)
    assert shares[200] > 0.5 > shares[1]


def test_word_that_no_name_holds_lowers_the_share() -> None:
    shares = name_shares([WordMatches("red", ((1, 1),)), WordMatches("fruit", ())], 100)
    assert 0 < shares[1] < 0.6


def test_copies_count_once_by_their_best_name() -> None:
    matches = [WordMatches("red", ((1, 7),)), WordMatches("crown", ((2, 7),))]
    assert name_shares(matches, 100)[7] == pytest.approx(0.5)


def test_bands_follow_the_score() -> None:
    assert [band_of(score) for score in (0.9, 0.5, 0.2, 0.0)] == [Band.STRONG, Band.STRONG, Band.LIKELY, Band.WEAK]
