"""The main flow with a real engine: welcome, index, search, similar, part, tag, rating, drag, restart."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QMimeData, QRectF, Qt, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.actions import ActionId
from desktop.app import Propmaster
from desktop.engine_process import EngineProcess
from desktop.engine_state import EngineState
from desktop.models.search import Search
from desktop.views.preview import Preview
from engine.protocol import AssetTerm

SAMPLE = Path(__file__).parents[2] / "resources" / "sample_library"
PICTURES = (
    "animals/bee.png",
    "animals/horse.png",
    "animals/penguin.png",
    "armour/great_helm.png",
    "props/coin_spin.gif",
)
LOADING_MS = 60_000
BACK_MS = 10_000


@pytest.fixture(autouse=True)
def no_left_over_threads() -> None:
    """The threads belong to the module's application; `app` looks after them when it closes."""


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a few sample pictures."""
    folder = tmp_path_factory.mktemp("art") / "props"
    folder.mkdir()
    for picture in PICTURES:
        shutil.copy(SAMPLE / picture, folder)
    return folder


@pytest.fixture(scope="module")
def app(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Propmaster]:
    """Return the application with an engine of its own and an empty library."""
    home = tmp_path_factory.mktemp("home")
    running = Propmaster(qapp, home, EngineProcess(sys.executable, ["-m", "engine.worker", "--home", str(home)]))
    running.start()
    yield running
    pid = running.desk.process.pid
    before = {thread.name for thread in threading.enumerate()}
    running.close()
    assert not psutil.pid_exists(pid)
    left = {thread.name for thread in threading.enumerate()}
    assert "engine reader" in before - left


@pytest.fixture
def full(qtbot: QtBot, app: Propmaster, art: Path) -> Propmaster:
    """Return the application once it has the pictures and can search."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(art))])
    if not app.desk.session.assets.rowCount():
        app.window.carried.emit(mime)
    qtbot.waitUntil(lambda: app.desk.session.assets.rowCount() == len(PICTURES), timeout=LOADING_MS)
    qtbot.waitUntil(lambda: app.desk.health.state is EngineState.READY, timeout=LOADING_MS)
    return app


def names(app: Propmaster) -> list[str]:
    rows = [app.desk.session.assets.find_row(at) for at in range(app.desk.session.assets.rowCount())]
    return [row.path.name for row in rows if row is not None]


def has_thumbnail(app: Propmaster) -> bool:
    """Tell whether the first row has one; it comes once the file was read."""
    row = app.desk.session.assets.find_row(0)
    return row is not None and bool(row.thumbnail) and app.desk.thumbnails.path_of(row.thumbnail).exists()


def search(qtbot: QtBot, app: Propmaster, text: str) -> list[str]:
    app.window.search_bar.take_focus()
    with qtbot.waitSignal(app.desk.session.outcome_shown, timeout=LOADING_MS):
        app.desk.session.go(Search())
    with qtbot.waitSignal(app.desk.session.outcome_shown, timeout=LOADING_MS):
        # QTest aborts on a key that no keyboard has.
        QApplication.clipboard().setText(text)
        app.window.search_bar.field.paste()
        qtbot.keyClick(app.window.search_bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not app.desk.session.waits, timeout=LOADING_MS)
    return names(app)


def test_an_empty_library_is_welcomed(qtbot: QtBot, app: Propmaster) -> None:
    qtbot.waitUntil(app.window.first_run.isVisible, timeout=LOADING_MS)


def test_a_dropped_folder_fills_the_grid_with_thumbnails(qtbot: QtBot, full: Propmaster) -> None:
    assert sorted(names(full)) == sorted(Path(picture).name for picture in PICTURES)
    qtbot.waitUntil(lambda: has_thumbnail(full), timeout=LOADING_MS)


def test_words_in_either_language_find_the_picture(qtbot: QtBot, full: Propmaster) -> None:
    assert search(qtbot, full, "penguin")[0] == "penguin.png"
    assert search(qtbot, full, "金币")[0] == "coin_spin.gif"


def test_similar_leaves_the_picture_itself_out_and_back_returns(qtbot: QtBot, full: Propmaster) -> None:
    search(qtbot, full, "horse")
    full.window.grid.go_to(0)
    with qtbot.waitSignal(full.desk.session.outcome_shown, timeout=LOADING_MS):
        full.window.actions_table[ActionId.FIND_SIMILAR].trigger()
    assert "horse.png" not in names(full)
    with qtbot.waitSignal(full.desk.session.outcome_shown, timeout=LOADING_MS):
        full.window.actions_table[ActionId.BACK].trigger()
    assert full.window.search_bar.field.text() == "horse"


def test_a_part_of_the_preview_is_searched_by(qtbot: QtBot, full: Propmaster) -> None:
    search(qtbot, full, "penguin")
    full.window.grid.go_to(0)
    full.window.actions_table[ActionId.PREVIEW].trigger()
    preview = full.window.findChild(Preview)
    row = full.window.grid.current_row()
    preview.close()
    with qtbot.waitSignal(full.desk.session.outcome_shown, timeout=LOADING_MS):
        preview.part_wanted.emit(row, QRectF(0.25, 0.0, 0.5, 0.4))
    term = full.desk.session.search.pictures[0].term
    assert isinstance(term, AssetTerm)
    assert term.part is not None
    assert names(full)


def test_a_tag_is_kept_and_offered(qtbot: QtBot, full: Propmaster) -> None:
    search(qtbot, full, "helmet")
    full.window.grid.go_to(0)
    with qtbot.waitSignal(full.desk.places.tags_known, timeout=LOADING_MS):
        full.window.inspector.tag_added.emit("steel")
    assert "steel" in full.desk.places.tags
    qtbot.waitUntil(lambda: full.window.grid.selected_rows()[0].tags == ("steel",))


def test_a_rating_is_shown_in_the_grid(qtbot: QtBot, full: Propmaster) -> None:
    search(qtbot, full, "coin")
    full.window.grid.go_to(0)
    full.window.actions_table[ActionId.RATE_5].trigger()
    qtbot.waitUntil(lambda: full.window.grid.selected_rows()[0].rating == 5)


def test_what_is_dragged_out_is_there(full: Propmaster) -> None:
    assets = full.desk.session.assets
    mime = assets.mimeData([assets.index(at) for at in range(assets.rowCount())])
    assert all(Path(url.toLocalFile()).is_file() for url in mime.urls())


def test_a_killed_engine_is_back_and_answers(qtbot: QtBot, full: Propmaster) -> None:
    search(qtbot, full, "horse")
    with qtbot.waitSignal(full.desk.client.lost, timeout=BACK_MS):
        psutil.Process(full.desk.process.pid).kill()
    assert names(full)
    full.desk.session.type(Search("penguin"))
    with qtbot.waitSignal(full.desk.session.outcome_shown, timeout=2 * BACK_MS):
        pass
    qtbot.waitUntil(lambda: names(full)[0] == "penguin.png", timeout=2 * BACK_MS)
