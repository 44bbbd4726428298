"""A quality space beside the searched one: what it adds, what it never takes, and what happens when it is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.catalogue.filters import AssetFilter
from engine.catalogue.worth import Reason
from engine.embedding.catalog import find_encoder
from engine.errors import EncoderInUse, EncoderUnavailable
from engine.indexing.control import Control, Progress
from engine.library import Access, Library
from engine.quality import Wish
from engine.search.query import NEGATIVE_WEIGHT, ImageTerm, Query, TextTerm
from engine.search.searcher import SearchResult
from engine.settings import Settings
from tests.helpers.drawing import draw
from tests.helpers.indexing import index, index_drawings
from tests.helpers.tiny_encoder import write_tiny_encoder

FILES = 40
STARTER = "starter-4"
CIRCLE = Query((TextTerm("circle"),))


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(quality_encoder=str(write_tiny_encoder(tmp_path_factory.mktemp("quality") / "clip")))


@pytest.fixture(scope="session")
def quality(both: Settings) -> str:
    return find_encoder(both.quality_encoder).profile.name


@pytest.fixture
def indexed(home: Path, art: Path) -> Path:
    """Index some pictures with the starter and return the data directory."""
    return index_drawings(home, art, FILES)


def fill(library: Library, wish: Wish | None = None) -> int:
    return library.quality.fill(Control(), lambda _: None, wish=wish).indexed


def seen(library: Library) -> set[str]:
    """Return the names of the files that the quality encoder has seen."""
    assert library.spaces.quality is not None
    ids = [content_id for page, _ in library.spaces.quality.embeddings.versions() for content_id in page.tolist()]
    return {asset.path.name for assets in library._catalogue.shown.of_contents(ids).values() for asset in assets}


def scores(result: SearchResult) -> dict[str, float]:
    return {hit.asset.path.name: hit.score for hit in result.hits}


def in_milvus(library: Library) -> int:
    assert library.spaces.quality is not None
    space = library.spaces.quality
    return len(space.store.search(space.text_vector("circle"), 10_000))


def test_plan_counts_every_picture_once_while_a_run_shows_some(
    indexed: Path, both: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(indexed, settings=both) as library:

        def measure_while_some_are_seen(*_: object) -> float:
            assert fill(library, Wish(images=5)) == 5
            return 1.0

        monkeypatch.setattr("engine.quality.measure_speed", measure_while_some_are_seen)
        plan = library.quality.plan(Wish())
        assert plan.seen + plan.waiting == FILES


def test_without_a_vector_of_it_the_quality_space_changes_nothing(indexed: Path, both: Settings) -> None:
    with Library(indexed) as library:
        before = [(hit.asset.id, hit.score, hit.found_by) for hit in library.search(CIRCLE, FILES).hits]
    with Library(indexed, settings=both) as library:
        result = library.search(CIRCLE, FILES)
        assert [(hit.asset.id, hit.score, hit.found_by) for hit in result.hits] == before
        assert result.silence is None
        assert {name for _, _, found_by in before for name in found_by} == {STARTER}


@pytest.mark.parametrize(
    "query",
    [
        CIRCLE,
        Query((TextTerm("circle"), TextTerm("blue", NEGATIVE_WEIGHT))),
        Query((TextTerm("circle", 0.3), TextTerm("square", 2.0))),
    ],
    ids=["words", "not", "weights"],
)
def test_what_only_the_fast_space_knows_keeps_its_score(indexed: Path, both: Settings, query: Query) -> None:
    with Library(indexed) as library:
        before = scores(library.search(query, FILES))
    with Library(indexed, settings=both) as library:
        assert fill(library, Wish(images=FILES // 3)) == FILES // 3
        known = seen(library)
        after = scores(library.search(query, FILES))
    assert after.keys() == before.keys()
    assert {name: after[name] for name in after.keys() - known} == {name: before[name] for name in after.keys() - known}
    assert any(after[name] != before[name] for name in known)


def test_a_likeness_is_looked_for_in_both_spaces(indexed: Path, art: Path, both: Settings, quality: str) -> None:
    query = Query((ImageTerm(art / "0.png"),))
    with Library(indexed, settings=both) as library:
        fill(library)
        result = library.search(query, FILES)
        assert "0.png" not in scores(result)
        assert len(result.hits) == FILES - 1
        assert {STARTER, quality} == {name for hit in result.hits for name in hit.found_by}


def test_a_result_says_which_space_found_it(indexed: Path, both: Settings, quality: str) -> None:
    with Library(indexed, settings=both) as library:
        fill(library, Wish(images=FILES // 3))
        known = seen(library)
        for hit in library.search(CIRCLE, FILES).hits:
            assert hit.found_by
            assert quality not in hit.found_by or hit.asset.path.name in known


def test_a_filter_holds_in_both_spaces(indexed: Path, both: Settings) -> None:
    with Library(indexed, settings=both) as library:
        fill(library)
        library.browser.rate([library.search(CIRCLE, 1).hits[0].asset.id], 5)
        result = library.search(Query(CIRCLE.terms, AssetFilter(min_rating=5)), FILES)
        assert (len(result.hits), result.total) == (1, 1)


def test_pages_of_a_fused_search_hold_every_picture_once(indexed: Path, both: Settings) -> None:
    with Library(indexed, settings=both) as library:
        fill(library, Wish(images=FILES // 2))
        pages = [library.search(CIRCLE, 20, offset).hits for offset in range(0, FILES, 20)]
        found = [hit.asset.id for page in pages for hit in page]
        assert len(found) == len(set(found)) == FILES
        assert found == [hit.asset.id for hit in library.search(CIRCLE, FILES).hits]


def test_chosen_folders_come_first_then_what_is_used_then_the_newest(
    indexed: Path, art: Path, tmp_path: Path, both: Settings
) -> None:
    for seed in range(100, 104):
        draw(tmp_path / "hero" / f"{seed}.png", seed)
    with Library(indexed, settings=both) as library:
        os.utime(art / "33.png", (2_000_000_000, 2_000_000_000))
        index(library, tmp_path / "hero", art)
        by_name = {hit.asset.path.name: hit.asset.id for hit in library.search(CIRCLE, FILES + 4).hits}
        library.browser.rate([by_name["7.png"]], 5)
        library.browser.tag([by_name["9.png"]], ["wood"], [])
        wish = Wish(images=7, folders=(tmp_path / "hero",))
        plan = library.quality.plan(wish)
        counts = [(share.folder, share.reason, share.images) for share in plan.shares]
        assert counts == [
            (tmp_path / "hero", Reason.CHOSEN_FOLDER, 4),
            (art, Reason.USED, 2),
            (art, Reason.NEWEST, 1),
        ]
        assert (plan.images, plan.waiting, plan.price) == (7, FILES + 4, 0)
        assert plan.seconds is not None
        fill(library, wish)
        assert seen(library) == {"100.png", "101.png", "102.png", "103.png", "7.png", "9.png", "33.png"}


def test_run_is_broken_off_for_what_is_urgent_and_goes_on(indexed: Path, both: Settings) -> None:
    with Library(indexed, settings=both) as library:
        asked: list[bool] = []

        def urgent() -> bool:
            asked.append(True)
            return len(asked) > 1

        first = library.quality.fill(Control(), lambda _: None, urgent).indexed
        assert 0 < first < FILES
        assert library.quality.waits()
        assert fill(library) == FILES - first
        assert not library.quality.waits()


KILLED = """
import os, sys
from pathlib import Path
from engine.indexing.control import Control
from engine.library import Library
from engine.settings import Settings
with Library(Path(sys.argv[1]), settings=Settings(quality_encoder=sys.argv[2])) as library:
    library.quality.fill(Control(), lambda progress: os._exit(9) if progress.done else None)
"""


def test_killed_run_loses_nothing_and_goes_on(indexed: Path, both: Settings) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(indexed), both.quality_encoder], check=False)
    assert killed.returncode == 9
    with Library(indexed, settings=both) as library:
        already = len(seen(library))
        assert 0 < already < FILES
        assert len(library.search(CIRCLE, FILES).hits) == FILES
        assert fill(library) == FILES - already
        assert (len(seen(library)), in_milvus(library)) == (FILES, FILES)


def test_progress_says_how_far_the_quality_encoder_is(indexed: Path, both: Settings, quality: str) -> None:
    reports: list[Progress] = []
    with Library(indexed, settings=both) as library:
        fill(library, Wish(images=20))
        library.quality.fill(Control(), reports.append)
    assert reports[-1].build is not None
    assert (reports[-1].build.encoder, reports[-1].build.done, reports[-1].build.total) == (quality, FILES, FILES)
    assert reports[-1].total == FILES - 20


def test_files_that_change_are_followed_in_both_spaces(indexed: Path, art: Path, both: Settings) -> None:
    with Library(indexed, settings=both) as library:
        fill(library)
        (art / "0.png").rename(art / "renamed.png")
        (art / "1.png").unlink()
        draw(art / "2.png", 2_000)
        index(library)
        library.keep_house()
        names = seen(library)
        assert "renamed.png" in names
        assert "0.png" not in names
        assert "2.png" not in names
        assert library.quality.waits()
        assert fill(library) == 1
        assert "2.png" in seen(library)
        found = scores(library.search(CIRCLE, 2 * FILES))
        assert "1.png" not in found
        assert len(found) == FILES - 1
        library.remove_folder(art)
        assert [space.embeddings.count() for space in library.spaces.all] == [0, 0]
        assert in_milvus(library) == 0


def test_picture_that_is_unreadable_by_now_is_left_aside_and_stays_in_the_library(
    indexed: Path, art: Path, both: Settings
) -> None:
    content = (art / "0.png").read_bytes()
    (art / "0.png").write_bytes(content[: len(content) // 2])
    with Library(indexed, settings=both) as library:
        report = library.quality.fill(Control(), lambda _: None)
        assert (report.indexed, report.failed) == (FILES - 1, 1)
        assert library.failed() == []
        assert "0.png" in scores(library.search(CIRCLE, FILES))
        assert fill(library) == 0


def test_quality_vectors_are_dropped_once_it_is_no_more_chosen(indexed: Path, both: Settings, quality: str) -> None:
    with Library(indexed) as library:
        before = scores(library.search(CIRCLE, FILES))
    with Library(indexed, settings=both) as library:
        fill(library)
        for name in (STARTER, quality):
            with pytest.raises(EncoderInUse):
                library.spaces.drop(name)
    with Library(indexed) as library:
        assert library.spaces.drop(quality) == FILES
        assert scores(library.search(CIRCLE, FILES)) == before
        assert not (indexed / "vectors" / f"{quality}.db").exists()


def test_quality_encoder_whose_files_are_gone_is_told_and_the_fast_one_answers(indexed: Path, tmp_path: Path) -> None:
    folder = write_tiny_encoder(tmp_path / "own", seed=7)
    settings = Settings(quality_encoder=str(folder))
    with Library(indexed, settings=settings) as library:
        fill(library)
    weights = folder / "open_clip_model.safetensors"
    weights.rename(tmp_path / "elsewhere")
    with Library(indexed, settings=settings) as library:
        result = library.search(CIRCLE, FILES)
        assert len(result.hits) == FILES
        assert isinstance(result.silence, EncoderUnavailable)
        assert not library.quality.waits()


def test_main_encoder_is_switched_while_there_is_a_quality_space(
    indexed: Path, both: Settings, quality: str, tmp_path: Path
) -> None:
    other = str(write_tiny_encoder(tmp_path / "other", seed=3))
    with Library(indexed, settings=both) as library:
        fill(library, Wish(images=10))
    with Library(indexed, settings=Settings(encoder=other, quality_encoder=both.quality_encoder)) as library:
        assert library.searched_encoder == STARTER
        assert {quality, STARTER} >= {name for hit in library.search(CIRCLE, FILES).hits for name in hit.found_by}
        index(library)
        switched = library.searched_encoder
        assert switched == find_encoder(other).profile.name
        assert {quality, switched} >= {name for hit in library.search(CIRCLE, FILES).hits for name in hit.found_by}
        assert len(seen(library)) == 10


def test_quality_encoder_becomes_the_main_one_and_what_it_saw_counts(
    indexed: Path, both: Settings, quality: str
) -> None:
    with Library(indexed, settings=both) as library:
        fill(library, Wish(images=10))
    settings = Settings(encoder=both.quality_encoder, quality_encoder=both.quality_encoder)
    with Library(indexed, settings=settings) as library:
        assert library.searched_encoder == STARTER
        assert not library.quality.waits()
        assert index(library).indexed == FILES - 10
        assert library.searched_encoder == quality
        assert {name for hit in library.search(CIRCLE, FILES).hits for name in hit.found_by} == {quality}


def test_former_main_encoder_goes_on_as_the_quality_one(indexed: Path, both: Settings, quality: str) -> None:
    settings = Settings(encoder=both.quality_encoder, quality_encoder=STARTER)
    with Library(indexed, settings=settings) as library:
        assert library.searched_encoder == STARTER
        index(library)
        assert library.searched_encoder == quality
        result = library.search(Query((TextTerm("never asked before"),)), FILES)
        assert result.silence is None
        assert STARTER in {name for hit in result.hits for name in hit.found_by}


def test_beside_the_writer_a_reader_fuses_too(indexed: Path, both: Settings) -> None:
    with Library(indexed, settings=both) as library:
        fill(library, Wish(images=30))
        with Library(indexed, Access.READ, settings=both) as reader:
            assert scores(reader.search(CIRCLE, FILES)) == scores(library.search(CIRCLE, FILES))
