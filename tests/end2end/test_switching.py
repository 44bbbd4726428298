"""Another encoder is built beside the one that answers searches, then takes its place; real models and databases."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine import protocol
from engine.embedding.catalog import find_encoder
from engine.errors import EncoderInUse, EncoderUnknown, ListUnknown
from engine.indexing.control import Control, Progress
from engine.library import Access, Library
from engine.search.query import Query, TextTerm
from engine.search.ranking import Band
from engine.serving.lists import Lists
from engine.settings import Settings
from tests.helpers.drawing import draw
from tests.helpers.indexing import index, index_drawings
from tests.helpers.tiny_encoder import write_tiny_encoder

FILES = 60
STARTER = "starter-4"
CIRCLE = Query((TextTerm("circle"),))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(encoder=str(write_tiny_encoder(tmp_path_factory.mktemp("tiny") / "clip")))


@pytest.fixture(scope="session")
def tiny_name(tiny: Settings) -> str:
    return find_encoder(tiny.encoder).profile.name


@pytest.fixture
def indexed(home: Path, art: Path) -> Path:
    """Index some pictures with the starter and return the data directory."""
    return index_drawings(home, art, FILES)


def found(library: Library) -> list[str]:
    return [hit.asset.path.name for hit in library.search(CIRCLE, FILES).hits]


def build_a_little(library: Library) -> Progress:
    """Index until the first vectors are stored; return the last report."""
    control, reports = Control(), []

    def stop(progress: Progress) -> None:
        reports.append(progress)
        if progress.done:
            control.cancel()

    library.index_pending(control, stop)
    return reports[-1]


def test_former_encoder_answers_until_the_new_one_is_built(indexed: Path, tiny: Settings, tiny_name: str) -> None:
    with Library(indexed) as library:
        before = found(library)
    with Library(indexed, settings=tiny) as library:
        assert (library.searched_encoder, found(library)) == (STARTER, before)
        progress = build_a_little(library)
        assert progress.build is not None
        assert progress.build.encoder == tiny_name
        assert 0 < progress.build.share < 1
        assert library.status().build == progress.build
        assert (library.searched_encoder, found(library)) == (STARTER, before)
        index(library)
        assert library.searched_encoder == tiny_name
        assert library.status().build is None
        after = found(library)
    assert sorted(after) == sorted(before)
    assert after != before


def test_old_model_is_loaded_only_for_a_text_that_was_never_asked(indexed: Path, tiny: Settings) -> None:
    with Library(indexed) as library:
        found(library)
    with Library(indexed, settings=tiny) as library:
        former = library.space
        build_a_little(library)
        found(library)
        assert not former.model.loaded
        library.search(Query((TextTerm("never asked before"),)), 5)
        assert former.model.loaded


def test_interrupted_build_goes_on_at_the_next_start(indexed: Path, tiny: Settings, tiny_name: str) -> None:
    with Library(indexed, settings=tiny) as library:
        build = build_a_little(library).build
        assert build is not None
    with Library(indexed, settings=tiny) as library:
        assert library.searched_encoder == STARTER
        assert index(library).indexed == FILES - build.done
        assert library.searched_encoder == tiny_name


KILLED = """
import os, sys
from pathlib import Path
from engine.indexing.control import Control
from engine.library import Library
from engine.settings import Settings
with Library(Path(sys.argv[1]), settings=Settings(encoder=sys.argv[2])) as library:
    library.index_pending(Control(), lambda progress: os._exit(9) if progress.done else None)
"""


def test_killed_build_loses_nothing_and_goes_on(indexed: Path, tiny: Settings, tiny_name: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(indexed), tiny.encoder], check=False)
    assert killed.returncode == 9
    with Library(indexed, settings=tiny) as library:
        already = library.spaces.wanted.embeddings.count()
        assert (library.searched_encoder, len(found(library))) == (STARTER, FILES)
        assert index(library).indexed == FILES - already < FILES
        assert (library.searched_encoder, len(found(library))) == (tiny_name, FILES)
        milvus = library.space.store.search(library.space.text_vector("circle"), 10_000)
        assert len(milvus.ids) == FILES


def test_new_file_is_found_by_the_former_encoder_before_the_new_one_is_built(
    indexed: Path, art: Path, tiny: Settings
) -> None:
    draw(art / "new.png", 1_000)
    with Library(indexed, settings=tiny) as library:
        library.list_folders([status.folder for status in library.folders()], Control())
        stop = Control()
        library.index_pending(stop, lambda progress: stop.cancel() if progress.build is not None else None)
        assert library.searched_encoder == STARTER
        assert "new.png" in found(library)


def test_index_that_was_hardly_begun_is_not_finished_for_an_encoder_that_was_left(
    home: Path, art: Path, tiny: Settings, tiny_name: str
) -> None:
    for seed in range(3 * FILES):
        draw(art / f"{seed}.png", seed)
    with Library(home) as library:
        library.list_folders([library.add_folder(art)], Control())
        build_a_little(library)
        begun = library.space.embeddings.count()
        assert begun < 1.5 * FILES
    with Library(home, settings=tiny) as library:
        former = library.space.embeddings
        index(library)
        assert former.count() == begun
        assert library.searched_encoder == tiny_name


def test_search_that_runs_ends_on_the_encoder_it_began_with(indexed: Path, tiny: Settings, tiny_name: str) -> None:
    with Library(indexed, settings=tiny) as library:
        builder = threading.Thread(target=index, args=(library,))
        with library.spaces.searching() as former:
            builder.start()
            deadline = threading.Event()
            while library.searched_encoder == STARTER and builder.is_alive():
                deadline.wait(0.01)
            assert library.searched_encoder == tiny_name
            assert len(former.searcher.search(CIRCLE, FILES).hits) == FILES
            assert builder.is_alive()
        builder.join()
        with pytest.raises(RuntimeError, match="closed"):
            former.model.encode_texts(["x"])


def test_list_that_the_former_encoder_ranked_is_not_read_on(
    indexed: Path, tiny: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.serving.lists.FIRST_HITS", 5)
    monkeypatch.setattr("engine.search.searcher.band_of", lambda _: Band.WEAK)
    with Library(indexed, settings=tiny) as library:
        lists = Lists(library)
        lists.open(protocol.Search(1, protocol.AssetQuery((protocol.TextTerm("circle"),)), 5))
        assert len(lists.find(1).entries(0, 10)) == 10
        index(library)
        with pytest.raises(ListUnknown):
            lists.find(1).entries(0, FILES)
        lists.open(protocol.Search(2, protocol.AssetQuery((protocol.TextTerm("circle"),)), 5))
        assert len(lists.find(2).entries(0, FILES)) == FILES


def test_switching_back_costs_nothing(indexed: Path, tiny: Settings, tiny_name: str) -> None:
    with Library(indexed, settings=tiny) as library:
        index(library)
    with Library(indexed) as library:
        assert library.searched_encoder == STARTER
        assert not library.has_pending()
    with Library(indexed, settings=tiny) as library:
        assert library.searched_encoder == tiny_name


def test_encoder_whose_weights_are_gone_is_named_and_the_new_one_answers(home: Path, art: Path, tmp_path: Path) -> None:
    folder = write_tiny_encoder(tmp_path / "of my own", seed=7)
    for seed in range(FILES):
        draw(art / f"{seed}.png", seed)
    with Library(home, settings=Settings(encoder=str(folder))) as library:
        index(library, art)
        own = library.searched_encoder
    weights = folder / "open_clip_model.safetensors"
    weights.rename(tmp_path / "elsewhere")
    with Library(home) as library:
        assert (library.searched_encoder, library.status().lost) == (STARTER, own)
        build = build_a_little(library).build
        assert build is not None
        assert len(found(library)) == build.done < FILES
    (tmp_path / "elsewhere").rename(weights)
    with Library(home) as library:
        assert (library.searched_encoder, library.status().lost) == (own, "")
        assert len(found(library)) == FILES
    weights.unlink()
    with Library(home) as library:
        index(library)
        assert (library.searched_encoder, library.status().lost) == (STARTER, "")


def test_absent_drive_does_not_hold_up_the_new_encoder_but_is_not_all(
    indexed: Path, art: Path, tmp_path: Path, tiny: Settings, tiny_name: str
) -> None:
    art.rename(art.with_name("unplugged"))
    with Library(indexed, settings=tiny) as library:
        index(library)
        assert (library.searched_encoder, len(found(library))) == (STARTER, FILES)
        draw(tmp_path / "more" / "a.png", 500)
        index(library, tmp_path / "more")
        assert library.searched_encoder == tiny_name


def test_beside_the_writer_the_former_encoder_is_searched_too(indexed: Path, tiny: Settings, tiny_name: str) -> None:
    with Library(indexed, settings=tiny) as library:
        build_a_little(library)
        with Library(indexed, Access.READ, settings=tiny) as reader:
            assert (reader.searched_encoder, len(found(reader))) == (STARTER, FILES)
        index(library)
        with Library(indexed, Access.READ, settings=tiny) as reader:
            assert (reader.searched_encoder, len(found(reader))) == (tiny_name, FILES)


def test_old_vectors_stay_until_they_are_dropped(indexed: Path, tiny: Settings, tiny_name: str) -> None:
    directory = indexed / "vectors" / f"{STARTER}.db"
    with Library(indexed, settings=tiny) as library:
        for name in (STARTER, tiny_name):
            with pytest.raises(EncoderInUse):
                library.spaces.drop(name)
        index(library)
        with pytest.raises(EncoderInUse):
            library.spaces.drop(tiny_name)
        with pytest.raises(EncoderUnknown):
            library.spaces.drop("starter-0")
        assert directory.is_dir()
        assert library.spaces.drop(STARTER) == FILES
        assert [path.name for path in directory.parent.iterdir() if path.name.startswith(STARTER)] == []
        assert {state.name: state.vectors for state in library.spaces.states()}[STARTER] == 0
        assert len(found(library)) == FILES
    with Library(indexed) as library:
        assert library.searched_encoder == tiny_name
        assert index(library).indexed == FILES
        assert library.searched_encoder == STARTER


def test_forgotten_pictures_leave_both_collections(indexed: Path, art: Path, tiny: Settings) -> None:
    with Library(indexed, settings=tiny) as library:
        build_a_little(library)
        library.remove_folder(art)
        assert [space.embeddings.count() for space in library.spaces.all] == [0, 0]
        assert found(library) == []
