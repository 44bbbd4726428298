"""The quality run of an engine: by itself where it costs nothing, held and gone on with, bought where it is paid."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine import protocol
from engine.library import Library
from engine.protocol import IndexingProgressed, News, QualityActivity, QualityChanged
from engine.serving.indexer import Indexer
from engine.settings import Settings
from tests.helpers.drawing import draw
from tests.helpers.encoder_servers import KEY, error, openai_server
from tests.helpers.indexing import index
from tests.helpers.tiny_encoder import write_tiny_encoder

FILES = 120
PATIENCE_S = 90
PAID = "openai-text-embedding-3-large"


class Running:
    """An engine's library and indexer, and what it tells."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.told: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.indexer = Indexer(library, self.told.put)

    def wait_for(self, wanted: Callable[[News], bool]) -> News:
        while not wanted(news := self.told.get(timeout=PATIENCE_S)):
            pass
        return news

    def wait_until(self, activity: QualityActivity) -> QualityChanged:
        news = self.wait_for(lambda one: isinstance(one, QualityChanged) and one.activity is activity)
        assert isinstance(news, QualityChanged)
        return news

    @property
    def seen(self) -> int:
        assert self.library.spaces.quality is not None
        return self.library.spaces.quality.embeddings.count()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[Settings], Running]]:
    """Index pictures with the starter, then run an engine's indexer with a quality encoder."""
    for seed in range(FILES):
        draw(tmp_path / "art" / f"{seed}.png", seed)
    with Library(tmp_path / "home") as library:
        index(library, tmp_path / "art")
    with ExitStack() as opened:

        def begin(settings: Settings) -> Running:
            running = Running(opened.enter_context(Library(tmp_path / "home", settings=settings)))
            opened.callback(running.indexer.close)
            running.indexer.start()
            return running

        yield begin


def test_encoder_on_this_machine_is_shown_pictures_by_itself_and_can_be_held(
    run: Callable[[Settings], Running], tmp_path: Path
) -> None:
    running = run(Settings(quality_encoder=str(write_tiny_encoder(tmp_path / "clip"))))
    running.wait_until(QualityActivity.RUNS)
    progress = running.wait_for(lambda one: isinstance(one, IndexingProgressed) and one.state.done > 0)
    assert isinstance(progress, IndexingProgressed)
    assert running.library.spaces.quality is not None
    assert progress.state.building == running.library.spaces.quality.profile.name
    running.indexer.hold_quality(held=True)
    running.wait_until(QualityActivity.HELD)
    running.wait_for(lambda one: isinstance(one, IndexingProgressed) and one.state.activity is protocol.Activity.IDLE)
    assert 0 < running.seen < FILES
    running.indexer.hold_quality(held=False)
    running.wait_until(QualityActivity.RUNS)
    running.wait_until(QualityActivity.IDLE)
    assert running.seen == FILES


def test_new_picture_is_indexed_before_the_quality_encoder_goes_on(
    run: Callable[[Settings], Running], tmp_path: Path
) -> None:
    running = run(Settings(quality_encoder=str(write_tiny_encoder(tmp_path / "clip"))))
    running.wait_until(QualityActivity.RUNS)
    draw(tmp_path / "art" / "new.png", 999)
    running.wait_for(lambda _: running.library.spaces.searched.embeddings.count() == FILES + 1)
    running.wait_for(lambda _: running.seen == FILES + 1)


def test_service_is_shown_nothing_until_it_is_bought_and_says_why_it_stopped(
    run: Callable[[Settings], Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with openai_server() as server:
        running = run(Settings(quality_encoder=PAID, openai_base_url=server.address, requests_at_once=2))
        running.wait_for(
            lambda one: isinstance(one, IndexingProgressed) and one.state.activity is protocol.Activity.IDLE
        )
        assert server.requests == []
        server.replies.extend([error(401, "invalid_api_key", "bad key")] * FILES)
        running.library.quality.allow(1_000_000)
        running.indexer.buy_quality()
        stopped = running.wait_until(QualityActivity.STOPPED)
        assert "key" in stopped.message
        assert KEY not in stopped.message
        server.replies.clear()
        running.indexer.buy_quality()
        running.wait_until(QualityActivity.RUNS)
        running.wait_until(QualityActivity.IDLE)
        assert running.seen == FILES
