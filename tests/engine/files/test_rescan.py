from __future__ import annotations

import time
from pathlib import Path

from engine.files.rescan import DirtyFolders, RescanReason, RescanRequest

ROOT = Path("props")


class Owner:
    def __init__(self, settle_seconds: float = 5, patience_seconds: float = 60) -> None:
        self.wakes = 0
        self.dirty = DirtyFolders(settle_seconds, patience_seconds, self.wake)

    def wake(self) -> None:
        self.wakes += 1


def test_nothing_marked_is_never_due() -> None:
    assert Owner().dirty.due_at() is None


def test_every_mark_puts_the_request_off_until_patience_ends() -> None:
    dirty = Owner(settle_seconds=5, patience_seconds=5.0).dirty
    began = time.monotonic()
    dirty.mark_directory("a")
    first = dirty.due_at()
    dirty.mark_directory("b")
    assert first is not None
    assert began + 5 <= first <= time.monotonic() + 5
    assert dirty.due_at() == first


def test_later_mark_moves_the_settling_time() -> None:
    dirty = Owner(settle_seconds=5, patience_seconds=60).dirty
    dirty.mark_directory("a")
    first = dirty.due_at()
    dirty.mark_directory("a")
    second = dirty.due_at()
    assert first is not None
    assert second is not None
    assert second > first


def test_marks_become_one_request_without_repetition() -> None:
    dirty = Owner().dirty
    for directory in ("a", "a", "new", "new/inner", "newer", ""):
        dirty.mark_directory(directory)
    dirty.mark_tree("new")
    dirty.mark_tree("new/inner/deep")
    assert dirty.take(ROOT) == RescanRequest(
        ROOT, RescanReason.EVENTS, frozenset({"a", "newer", ""}), frozenset({"new"})
    )
    assert dirty.due_at() is None


def test_everything_covers_single_marks() -> None:
    dirty = Owner().dirty
    dirty.mark_directory("a")
    dirty.mark_everything(RescanReason.EVENTS_LOST)
    dirty.mark_directory("b")
    assert dirty.take(ROOT) == RescanRequest(ROOT, RescanReason.EVENTS_LOST, None)
    dirty.mark_directory("c")
    assert dirty.take(ROOT).directories == frozenset({"c"})


def test_owner_is_woken_by_the_first_mark_only() -> None:
    owner = Owner()
    for _ in range(3):
        owner.dirty.mark_directory("a")
    assert owner.wakes == 1
    owner.dirty.take(ROOT)
    owner.dirty.mark_tree("a")
    assert owner.wakes == 2
