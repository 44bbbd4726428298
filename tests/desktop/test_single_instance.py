"""A second start hands over to the window that is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from desktop.app import Propmaster
from desktop.models.search import LikePicture
from desktop.single_instance import SingleInstance, hand_over
from engine.protocol import FileTerm

pytestmark = pytest.mark.usefixtures("qapp")

ROOT = Path(__file__).parents[2]
HANDS_OVER = (
    "import sys; from pathlib import Path; from desktop.single_instance import hand_over;"
    "picture = Path(sys.argv[2]) if len(sys.argv) > 2 else None; sys.exit(not hand_over(Path(sys.argv[1]), picture))"
)
OCCUPIES = (
    "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication as A;"
    "from desktop.single_instance import SingleInstance; a = A([]); s = SingleInstance(Path(sys.argv[1]));"
    "print('there', flush=True); a.exec()"
)


@pytest.fixture(autouse=True)
def runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def start_again(qtbot: QtBot, *arguments: str) -> int:
    """Run the later start as a process while this one's events go on; return its exit status."""
    later = QProcess()
    with qtbot.waitSignal(later.finished, timeout=20_000):
        later.start(sys.executable, ["-c", HANDS_OVER, *arguments])
    return later.exitCode()


def test_the_first_start_finds_nobody(tmp_path: Path) -> None:
    assert not hand_over(tmp_path, None)


@pytest.mark.parametrize("picture", [None, "/art/crown.png", "/美术/金 色.png"])
def test_a_later_start_hands_over_what_it_was_asked(qtbot: QtBot, tmp_path: Path, picture: str | None) -> None:
    instance = SingleInstance(tmp_path)
    with qtbot.waitSignal(instance.asked) as asked:
        assert start_again(qtbot, str(tmp_path), *([picture] if picture else [])) == 0
    assert asked.args == [Path(picture) if picture else None]
    instance.close()


def test_another_data_directory_has_a_window_of_its_own(tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path)
    assert not hand_over(tmp_path / "other", None)
    instance.close()


def test_after_it_closed_the_next_start_is_the_first(tmp_path: Path) -> None:
    SingleInstance(tmp_path).close()
    assert not hand_over(tmp_path, None)


@pytest.mark.skipif(os.name == "nt", reason="pipes go with their process")
def test_a_killed_window_is_not_in_the_way(qtbot: QtBot, tmp_path: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-c", OCCUPIES, str(tmp_path)], stdout=subprocess.PIPE)
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"there\n"
    killed.kill()
    killed.wait()
    killed.stdout.close()
    assert not hand_over(tmp_path, None)
    instance = SingleInstance(tmp_path)
    with qtbot.waitSignal(instance.asked):
        assert start_again(qtbot, str(tmp_path)) == 0
    instance.close()


def test_a_picture_from_outside_is_searched_at_once(running: Propmaster, qtbot: QtBot) -> None:
    picture = Path("/downloads/reference.jpg")
    with qtbot.waitSignal(running.desk.session.outcome_shown):
        running.show_likes_of(picture)
    assert running.desk.session.search.pictures == (LikePicture(FileTerm(picture), "reference.jpg"),)


def test_coming_to_the_front_keeps_the_search(running: Propmaster) -> None:
    before = running.desk.session.search
    running.window.showMinimized()
    running.show_likes_of(None)
    assert not running.window.isMinimized()
    assert running.desk.session.search == before
