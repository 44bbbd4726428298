from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.files.watcher import FolderWatcher, RescanReason, RescanRequest, WatchMode, WatchTiming
from tests.capabilities import permissions_bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")

DEADLINE_SECONDS = 15
QUICK = WatchTiming(settle_ms=60, patience_ms=2_000, rescan_seconds=600, poll_seconds=600, probe_seconds=0.05)


class Inbox:
    """Keeps what a watcher asks for and waits for it."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self.requests: list[RescanRequest] = []

    def put(self, request: RescanRequest) -> None:
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()

    def wait_for(self, satisfied: Callable[[list[RescanRequest]], bool]) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: satisfied(self.requests), DEADLINE_SECONDS), self.requests

    def wait_for_reason(self, reason: RescanReason, times: int = 1) -> None:
        self.wait_for(lambda requests: sum(request.reason is reason for request in requests) >= times)

    def wait_for_directory(self, relative: str) -> None:
        self.wait_for(lambda requests: any(relative in (request.directories or ()) for request in requests))

    def wait_for_tree(self, relative: str) -> None:
        self.wait_for(lambda requests: any(relative in request.trees for request in requests))

    def clear(self) -> None:
        with self._arrived:
            self.requests.clear()

    def marked(self) -> set[str]:
        with self._arrived:
            return {mark for request in self.requests for mark in (request.directories or frozenset()) | request.trees}


def wait_until(satisfied: Callable[[], bool]) -> None:
    """For what sends no signal: the state of threads and of the watcher."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while not satisfied():
        assert time.monotonic() < deadline
        pause.wait(0.01)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root"
    path.mkdir()
    return path


@pytest.fixture
def watcher(inbox: Inbox) -> Iterator[FolderWatcher]:
    before = set(threading.enumerate())
    watcher = FolderWatcher(inbox.put, QUICK)
    yield watcher
    watcher.close()
    wait_until(lambda: set(threading.enumerate()) <= before)


def begin(watcher: FolderWatcher, root: Path, inbox: Inbox, mode: WatchMode = WatchMode.EVENTS) -> None:
    watcher.watch(root, mode)
    inbox.wait_for_reason(RescanReason.WATCH_BEGUN)
    inbox.clear()


def is_healthy(watcher: FolderWatcher, root: Path) -> bool:
    state = watcher.state(root)
    return state is not None and state.healthy


def test_everything_is_asked_for_when_watching_begins(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    watcher.watch(root, WatchMode.EVENTS)
    inbox.wait_for_reason(RescanReason.WATCH_BEGUN)
    assert inbox.requests == [RescanRequest(root, RescanReason.WATCH_BEGUN)]
    state = watcher.state(root)
    assert state is not None
    assert (state.mode, state.healthy) == (WatchMode.EVENTS, True)


def test_created_file_marks_its_folder(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "a/b").mkdir(parents=True)
    begin(watcher, root, inbox)
    (root / "a/b/new.png").touch()
    inbox.wait_for_directory("a/b")
    assert inbox.marked() == {"a/b"}


def test_changed_file_marks_its_folder(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "old.png").touch()
    begin(watcher, root, inbox)
    (root / "old.png").write_bytes(b"new")
    inbox.wait_for_directory("")


def test_file_made_readable_marks_its_folder(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "old.png").touch(mode=0)
    begin(watcher, root, inbox)
    (root / "old.png").chmod(0o600)
    inbox.wait_for_directory("")


def test_deleted_file_marks_its_folder(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "old.png").touch()
    begin(watcher, root, inbox)
    (root / "old.png").unlink()
    inbox.wait_for_directory("")


def test_file_moved_between_folders_marks_both(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "from").mkdir()
    (root / "to").mkdir()
    (root / "from/a.png").touch()
    begin(watcher, root, inbox)
    (root / "from/a.png").rename(root / "to/a.png")
    inbox.wait_for_directory("from")
    inbox.wait_for_directory("to")


def test_file_renamed_from_an_unfinished_name_marks_its_folder(
    watcher: FolderWatcher, root: Path, inbox: Inbox
) -> None:
    (root / "a.png.part").touch()
    begin(watcher, root, inbox)
    (root / "a.png.part").rename(root / "a.png")
    inbox.wait_for_directory("")


def test_folder_copied_in_is_to_be_walked(watcher: FolderWatcher, root: Path, inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "pack/inner").mkdir(parents=True)
    (tmp_path / "pack/inner/a.png").touch()
    begin(watcher, root, inbox)
    shutil.copytree(tmp_path / "pack", root / "pack")
    inbox.wait_for_tree("pack")
    inbox.wait_for_directory("")
    inbox.clear()
    (root / "pack/inner/later.png").touch()
    inbox.wait_for_directory("pack/inner")


def test_folder_moved_in_is_to_be_walked(watcher: FolderWatcher, root: Path, inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "pack/inner").mkdir(parents=True)
    begin(watcher, root, inbox)
    (tmp_path / "pack").rename(root / "pack")
    inbox.wait_for_tree("pack")
    inbox.clear()
    (root / "pack/inner/later.png").touch()
    inbox.wait_for_directory("pack/inner")


def test_renamed_folder_is_to_be_walked_and_its_parent_listed(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "top/old").mkdir(parents=True)
    (root / "top/old/a.png").touch()
    begin(watcher, root, inbox)
    (root / "top/old").rename(root / "top/new")
    inbox.wait_for_tree("top/new")
    inbox.wait_for_directory("top")
    assert "top/old" not in inbox.marked()


def test_deleted_folder_marks_its_parent(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "top/old").mkdir(parents=True)
    begin(watcher, root, inbox)
    (root / "top/old").rmdir()
    inbox.wait_for_directory("top")


def test_hidden_and_unfinished_names_mark_nothing(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / ".git").mkdir()
    (root / "seen").mkdir()
    begin(watcher, root, inbox)
    for name in (".hidden.png", "a.png.part", "~$a.psd", ".git/b.png"):
        (root / name).touch()
    (root / "seen/last.png").touch()
    inbox.wait_for_directory("seen")
    assert inbox.marked() == {"seen"}


def test_reading_and_listing_mark_nothing(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    (root / "quiet").mkdir()
    (root / "quiet/a.png").write_bytes(b"1")
    begin(watcher, root, inbox)
    assert (root / "quiet/a.png").read_bytes() == b"1"
    assert len(list((root / "quiet").iterdir())) == 1
    (root / "last.png").touch()
    inbox.wait_for_directory("")
    assert inbox.marked() == {""}


@linux_only
def test_name_that_is_no_utf8_marks_its_folder(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    odd = os.fsdecode(b"\xff\xfe")
    (root / odd).mkdir()
    begin(watcher, root, inbox)
    (root / odd / os.fsdecode(b"bl\xe4tter.png")).touch()
    inbox.wait_for_directory(odd)


def test_continuous_writing_is_told_before_it_ends(root: Path, inbox: Inbox) -> None:
    watcher = FolderWatcher(inbox.put, replace(QUICK, settle_ms=60_000, patience_ms=200))
    try:
        begin(watcher, root, inbox)
        with (root / "growing.psd").open("wb") as file:
            file.write(b"1")
            file.flush()
            inbox.wait_for_directory("")
    finally:
        watcher.close()


def test_root_that_is_a_link_is_watched(watcher: FolderWatcher, root: Path, inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root, target_is_directory=True)
    begin(watcher, tmp_path / "link", inbox)
    (root / "a.png").touch()
    inbox.wait_for_directory("")
    assert inbox.requests[0].root == tmp_path / "link"


def test_vanished_root_is_told_and_watched_again_when_it_returns(
    watcher: FolderWatcher, root: Path, inbox: Inbox, tmp_path: Path
) -> None:
    begin(watcher, root, inbox)
    root.rename(tmp_path / "away")
    inbox.wait_for_reason(RescanReason.ROOT_VANISHED)
    assert not is_healthy(watcher, root)
    (tmp_path / "away").rename(root)
    inbox.wait_for_reason(RescanReason.ROOT_RETURNED)
    assert is_healthy(watcher, root)
    inbox.clear()
    (root / "a.png").touch()
    inbox.wait_for_directory("")


def test_root_that_is_missing_at_first_is_watched_once_it_appears(
    watcher: FolderWatcher, tmp_path: Path, inbox: Inbox
) -> None:
    watcher.watch(tmp_path / "later", WatchMode.EVENTS)
    inbox.wait_for_reason(RescanReason.ROOT_VANISHED)
    (tmp_path / "later").mkdir()
    inbox.wait_for_reason(RescanReason.ROOT_RETURNED)
    (tmp_path / "later/a.png").touch()
    inbox.wait_for_directory("")


def test_another_folder_at_the_roots_path_is_watched_anew(
    watcher: FolderWatcher, root: Path, inbox: Inbox, tmp_path: Path
) -> None:
    begin(watcher, root, inbox)
    other = tmp_path / "other"
    other.mkdir()
    root.rename(tmp_path / "away")
    other.rename(root)
    inbox.wait_for_reason(RescanReason.ROOT_RETURNED)
    (root / "a.png").touch()
    inbox.wait_for_directory("")


def test_everything_is_asked_for_periodically(root: Path, inbox: Inbox) -> None:
    watcher = FolderWatcher(inbox.put, replace(QUICK, rescan_seconds=0.05))
    try:
        begin(watcher, root, inbox)
        inbox.wait_for_reason(RescanReason.PERIODIC, times=2)
        inbox.clear()
        (root / "a.png").touch()
        inbox.wait_for_reason(RescanReason.PERIODIC)
    finally:
        watcher.close()


def test_polled_root_is_asked_for_at_its_own_pace(root: Path, inbox: Inbox) -> None:
    watcher = FolderWatcher(inbox.put, replace(QUICK, poll_seconds=0.05))
    try:
        begin(watcher, root, inbox, WatchMode.POLLING)
        inbox.wait_for_reason(RescanReason.PERIODIC, times=3)
        assert all(request.directories is None for request in inbox.requests)
        assert [thread.name for thread in threading.enumerate()].count("folder watcher") == 1
    finally:
        watcher.close()


def test_roots_are_told_apart(watcher: FolderWatcher, root: Path, inbox: Inbox, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    watcher.watch(root, WatchMode.EVENTS)
    watcher.watch(second, WatchMode.EVENTS)
    inbox.wait_for_reason(RescanReason.WATCH_BEGUN, times=2)
    inbox.clear()
    (second / "a.png").touch()
    inbox.wait_for_directory("")
    assert {request.root for request in inbox.requests} == {second}


def test_unwatched_root_is_silent(watcher: FolderWatcher, root: Path, inbox: Inbox, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    watcher.watch(second, WatchMode.EVENTS)
    watcher.watch(root, WatchMode.EVENTS)
    inbox.wait_for_reason(RescanReason.WATCH_BEGUN, times=2)
    watcher.unwatch(root)
    inbox.clear()
    assert watcher.state(root) is None
    (root / "a.png").touch()
    (second / "a.png").touch()
    inbox.wait_for_directory("")
    assert {request.root for request in inbox.requests} == {second}


def test_watching_with_another_mode_begins_anew(watcher: FolderWatcher, root: Path, inbox: Inbox) -> None:
    begin(watcher, root, inbox)
    watcher.watch(root, WatchMode.POLLING)
    inbox.wait_for_reason(RescanReason.WATCH_BEGUN)
    state = watcher.state(root)
    assert state is not None
    assert state.mode is WatchMode.POLLING


@linux_only
@pytest.mark.parametrize("thread_kind", ["InotifyEmitter", "_InotifyObserver", "_ReportingInotify"])
def test_dead_observer_is_restarted_and_everything_asked_for(
    watcher: FolderWatcher, root: Path, inbox: Inbox, thread_kind: str
) -> None:
    begin(watcher, root, inbox)
    (victim,) = (thread for thread in threading.enumerate() if type(thread).__name__ == thread_kind)
    victim.stop()  # type: ignore[attr-defined]
    inbox.wait_for_reason(RescanReason.OBSERVER_RESTARTED)
    wait_until(lambda: is_healthy(watcher, root))
    (root / "a.png").touch()
    inbox.wait_for_directory("")


def test_caller_that_fails_is_asked_again(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    inbox = Inbox()

    def fail_at_first(request: RescanRequest) -> None:
        inbox.put(request)
        if len(inbox.requests) == 1:
            raise RuntimeError("no room in the queue")

    watcher = FolderWatcher(fail_at_first, QUICK)
    try:
        watcher.watch(root, WatchMode.EVENTS)
        inbox.wait_for_reason(RescanReason.OBSERVER_RESTARTED)
    finally:
        watcher.close()
    assert "no room in the queue" in caplog.text


@linux_only
def test_root_that_may_not_be_read_is_not_healthy(root: Path, inbox: Inbox) -> None:
    root.chmod(0)
    with permissions_bind():
        watcher = FolderWatcher(inbox.put, QUICK)
        watcher.watch(root, WatchMode.EVENTS)
        inbox.wait_for_reason(RescanReason.ROOT_VANISHED)
        assert not is_healthy(watcher, root)
        root.chmod(0o700)
        inbox.wait_for_reason(RescanReason.ROOT_RETURNED)
        watcher.close()


@linux_only
def test_unreadable_folders_leave_the_rest_watched(root: Path, inbox: Inbox) -> None:
    for name in ("closed 1", "closed 2", "open"):
        (root / name).mkdir()
    (root / "closed 1").chmod(0)
    (root / "closed 2").chmod(0)
    with permissions_bind():
        watcher = FolderWatcher(inbox.put, QUICK)
        begin(watcher, root, inbox)
        assert is_healthy(watcher, root)
        (root / "open/a.png").touch()
        inbox.wait_for_directory("open")
        watcher.close()


def test_close_is_prompt_and_may_be_called_from_the_callback(root: Path) -> None:
    closed = threading.Event()

    def close(_: RescanRequest) -> None:
        closing.close()
        closed.set()

    closing = FolderWatcher(close, QUICK)
    closing.watch(root, WatchMode.EVENTS)
    assert closed.wait(DEADLINE_SECONDS)
    closing.close()
    wait_until(lambda: not any(thread.name == "folder watcher" for thread in threading.enumerate()))


WATCHING_PROGRAM = """
import sys
from pathlib import Path
from engine.files.watcher import FolderWatcher, WatchMode, WatchTiming

def tell(request):
    state = watcher.state(request.root)
    print(request.reason, state.mode, state.healthy, state.detail, flush=True)

timing = WatchTiming(settle_ms=50, patience_ms=500, probe_seconds=0.05)
watcher = FolderWatcher(tell, timing)
watcher.watch(Path(sys.argv[1]), WatchMode.EVENTS)
sys.stdin.read()
watcher.close()
"""


@linux_only
@pytest.mark.timeout(60)
def test_overflow_of_the_systems_queue_asks_for_everything(root: Path) -> None:
    queue_length = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if queue_length > 100_000:
        pytest.skip("the queue is too long to be filled quickly")
    program = [sys.executable, "-c", WATCHING_PROGRAM, str(root)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"watch_begun")
        process.send_signal(signal.SIGSTOP)  # nothing reads the queue while it fills
        first, second = root / "first.png", root / "second.png"
        first.touch()
        for _ in range(queue_length // 2 + 1):
            first.rename(second)
            second.rename(first)
        process.send_signal(signal.SIGCONT)
        assert any(line.startswith(b"events_lost events True") for line in process.stdout)
        process.communicate()
    assert process.returncode == 0


@contextmanager
def watching_under_a_limit(root: Path, limit: str, value: int) -> Iterator[Iterator[str]]:
    """Run the program in a user namespace, whose limits are its own; yield the lines it prints."""
    script = f'echo {value} > /proc/sys/user/{limit} && exec "$@"'
    program = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh", sys.executable, "-c", WATCHING_PROGRAM]
    with subprocess.Popen(
        [*program, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout
        process.communicate()
    assert process.returncode == 0


needs_user_namespaces = pytest.mark.skipif(
    sys.platform != "linux"
    or shutil.which("unshare") is None
    or subprocess.run(["unshare", "--user", "--map-root-user", "true"], capture_output=True, check=False).returncode
    != 0,
    reason="no user namespaces here",
)


@needs_user_namespaces
@pytest.mark.timeout(60)
@pytest.mark.parametrize(("limit", "value"), [("max_inotify_watches", 3), ("max_inotify_instances", 0)])
def test_full_watch_table_leads_to_polling_with_advice(root: Path, limit: str, value: int) -> None:
    for number in range(8):
        (root / f"{number}").mkdir()
    with watching_under_a_limit(root, limit, value) as lines:
        assert next(lines).startswith("watch_begun polling True The system watches no more folders")


@needs_user_namespaces
@pytest.mark.timeout(60)
def test_watch_table_that_fills_up_later_leads_to_polling(root: Path) -> None:
    with watching_under_a_limit(root, "max_inotify_watches", 4) as lines:
        assert next(lines).startswith("watch_begun events True")
        for number in range(8):
            (root / f"{number}").mkdir()
        assert any(line.startswith("observer_restarted polling True The system") for line in lines)
