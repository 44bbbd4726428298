"""Proves that a built application works as its users have it: `python packaging/smoke_test.py FOLDER [--pictures DIR]`.

It gets no Python, no PATH, a home of its own, and on Linux no network either. It must tell its version and be sound,
index the sample library and find things in it, open its window, take a picture over from a second start, let go of
every process, and refuse newer data politely. With `--pictures`, where there is a display, the window goes the way of a
first start and each step is kept as a picture; this needs `xdotool` and ImageMagick's `import`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

PATIENCE_S = 120.0
GLANCE_S = 0.1
SAMPLE_PICTURES = 262
NEWER_SCHEMA = 99_999
_SET_FLAGS = 0x8914
_UP = 1


class Application:
    """A built application with a home of its own."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        self.data = home / "data"
        self.program = folder / ("propmaster.exe" if os.name == "nt" else "propmaster")
        self.resources = self._inside() / "engine" / "_resources"
        self.sample = self.resources / "sample_library"

    def run(self, *arguments: str | Path, status: int = 0) -> str:
        """Run a command to its end; return what it printed."""
        done = subprocess.run(
            self.command(*arguments), env=self.environment(), capture_output=True, text=True, encoding="utf-8",
            cwd=self.home, timeout=PATIENCE_S * 3, check=False,
        )  # fmt: skip
        if done.returncode != status:
            raise AssertionError(f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout + (done.stderr if status else "")

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """Start the window."""
        window = self.program.with_name("propmasterw.exe") if os.name == "nt" else self.program
        return subprocess.Popen(
            without_network([window, *map(str, arguments)]), env=self.environment(), cwd=self.home,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def command(self, *arguments: str | Path) -> list[str | Path]:
        """Return the command line of a command."""
        return without_network([self.program, *map(str, arguments)])

    def environment(self) -> dict[str, str]:
        """Return what the application sees: nothing of the builder's, least of all a Python."""
        kept = ("DISPLAY", "SYSTEMROOT", "WINDIR", "TEMP", "TMP")
        inherited = {name: os.environ[name] for name in kept if name in os.environ}
        needs_none = "DISPLAY" in os.environ or sys.platform != "linux"
        # Without a display the command line shows its help in place of the window; the name alone keeps it from that.
        screen = {} if needs_none else {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": "none"}
        return {
            **inherited, **screen, "HOME": str(self.home), "USERPROFILE": str(self.home), "PATH": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home), "PROPMASTER_HOME": str(self.data), "LANG": "C.UTF-8",
        }  # fmt: skip

    def _inside(self) -> Path:
        frameworks = self.folder.parent / "Resources"  # in a bundle of macOS the data lie apart from the program
        return frameworks if frameworks.is_dir() and sys.platform == "darwin" else self.folder / "_internal"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every step; the first that fails ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the program lies")
    parser.add_argument("--version", help="what it must say it is")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the window")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="propmaster-smoke-", ignore_cleanup_errors=True) as home:
        application = Application(options.folder.resolve(), Path(home))
        step("version", lambda: check_version(application, options.version))
        step("soundness", lambda: check_soundness(application))
        step("demo", lambda: check_demo(application))
        step("licences", lambda: check_licences(application))
        step("no network", lambda: check_offline_words(application))
        step("window", lambda: check_window(application))
        step("newer data", lambda: check_newer_data(application))
        if options.pictures is not None:
            options.pictures.mkdir(parents=True, exist_ok=True)
            step("first start", lambda: film_first_start(application, options.pictures.resolve()))
    print("everything works")


def step(name: str, check: Callable[[], str]) -> None:
    """Run a check and say how long it took and what it found."""
    begun = time.monotonic()
    found = check()
    print(f"{time.monotonic() - begun:7.1f} s  {name}: {found}", flush=True)


def check_version(application: Application, wanted: str | None) -> str:
    """It starts without a Python."""
    said = application.run("--version").strip()
    assert wanted is None or said == f"propmaster {wanted}", said
    return said


def check_soundness(application: Application) -> str:
    """Its doctor finds every package, decoder and encoder."""
    findings = json.loads(application.run("doctor", "--json"))
    assert findings["sound"], findings
    not_good = [finding for finding in findings["findings"] if finding["verdict"] != "good"]
    assert not not_good, not_good
    return f"{len(findings['findings'])} findings, all good"


def check_demo(application: Application) -> str:
    """The encoder, Milvus Lite, the decoders and their processes work; English and Chinese find the right things."""
    done = json.loads(application.run("demo", "--json", "--home", application.home / "demo"))
    assert (done["indexed"], done["failed"]) == (SAMPLE_PICTURES, 0), done
    assert all(search["hits"] for search in done["searches"])
    return f"{done['indexed']} pictures indexed, {len(done['searches'])} searches answered"


def check_licences(application: Application) -> str:
    """The list of licences is there, and every text that it names."""
    folder = application.resources / "licences"
    listed = (folder / "LICENCES.md").read_text("utf-8")
    for name in ("numpy", "torch", "PySide6_Essentials", "Python"):
        assert (folder / f"{name}.txt").is_file(), name
    return f"{listed.count('.txt](')} components with their text, {listed.count('bring none')} without"


def check_offline_words(application: Application) -> str:
    """A check for updates without network, or without a publisher, ends with words and nothing else."""
    (application.data).mkdir(exist_ok=True)
    said = application.run("update", "--check", status=1)
    assert "Traceback" not in said, said
    return said.strip().splitlines()[0]


def check_window(application: Application) -> str:
    """The window starts its engine, indexes, answers others, takes a second start over, and leaves nothing running."""
    window = application.start()
    try:
        address = application.data / "engine.json"
        until(address.exists, "the window's engine listens", window)
        application.run("index", application.sample, "--json")
        found = json.loads(application.run("search", "red potion", "--json", "--limit", "5"))
        assert len(found["hits"]) == 5, found
        application.run("--similar", application.sample / "animals" / "bee.png")
        engine = json.loads(address.read_text("utf-8"))["pid"]
    finally:
        window.terminate()
        window.wait(PATIENCE_S)
    until(lambda: not lives(engine), "the engine leaves with the window")
    return "indexed and searched through the window's engine; its processes are gone"


def check_newer_data(application: Application) -> str:
    """Data of a newer version are refused in words and stay as they are."""
    catalogue = application.data / "catalogue.sqlite"
    with contextlib.closing(sqlite3.connect(catalogue)) as database:
        before = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute(f"PRAGMA user_version = {NEWER_SCHEMA}")
    said = application.run("search", "crown", status=1)
    assert "newer" in said, said
    with contextlib.closing(sqlite3.connect(catalogue)) as database:
        assert database.execute("PRAGMA user_version").fetchone()[0] == NEWER_SCHEMA
        database.execute(f"PRAGMA user_version = {before}")
    return said.strip().splitlines()[0]


def film_first_start(application: Application, pictures: Path) -> str:
    """Go the way of a new user, from an empty data directory to a search by picture; keep each step as a picture."""
    application.data = application.home / "fresh"
    begun = time.monotonic()
    window = application.start()
    try:
        until(is_painted, "the window is painted", window)
        painted = time.monotonic() - begun
        # Without a window manager nobody gives the window the keyboard.
        subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "^Propmaster$", "windowfocus", "%@"], check=True
        )
        until((application.data / "engine.json").exists, "the engine listens", window)
        time.sleep(2.0)
        take(pictures / "1-welcome.png")
        press("Tab", "space")
        until(lambda: pictures_indexed(application) > SAMPLE_PICTURES // 2, "half of the sample is indexed")
        take(pictures / "2-indexing.png")
        until(lambda: pictures_indexed(application) == SAMPLE_PICTURES, "the sample is indexed")
        indexed = time.monotonic() - begun
        press("ctrl+f")
        subprocess.run(["xdotool", "type", "--delay", "40", "red potion"], check=True)
        time.sleep(1.5)
        searched = time.monotonic() - begun
        take(pictures / "3-search.png")
        application.run("--similar", application.sample / "animals" / "dragon_green.png")
        time.sleep(2.0)
        take(pictures / "4-similar.png")
    finally:
        window.terminate()
        window.wait(PATIENCE_S)
    return f"painted after {painted:.1f} s, all indexed after {indexed:.0f} s, first search after {searched:.0f} s"


def pictures_indexed(application: Application) -> int:
    """Return how many pictures can be searched, as another start of the program sees it."""
    status: Mapping[str, Any] = json.loads(application.run("status", "--json"))
    return int(status["vectors"])


def is_painted() -> bool:
    """Return whether the screen shows more than a plain ground."""
    shot = subprocess.run(
        ["import", "-window", "root", "-resize", "64x40!", "-depth", "8", "rgb:-"], capture_output=True, check=True
    ).stdout
    return len({shot[at : at + 3] for at in range(0, len(shot), 3)}) > 16


def take(picture: Path) -> None:
    """Keep what the screen shows."""
    subprocess.run(["import", "-window", "root", picture], check=True)


def press(*keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        subprocess.run(["xdotool", "key", key], check=True)
        time.sleep(0.2)


def until(holds: Callable[[], bool], what: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until something holds, but not for a process that has ended."""
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"ended with {process.returncode} before: {what}")
        if time.monotonic() > ends:
            raise AssertionError(f"not so after {PATIENCE_S:.0f} s: {what}")
        time.sleep(GLANCE_S)


def lives(pid: int) -> bool:
    """Return whether a process is there."""
    if os.name == "nt":
        told = subprocess.run(["tasklist", "/FI", f"PID eq {pid}"], capture_output=True, text=True, check=True).stdout
        return str(pid) in told
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def without_network(command: Sequence[str | Path]) -> list[str | Path]:
    """Return a command that runs with a loopback of its own and nothing else, where the system can do that."""
    unshare = shutil.which("unshare")
    if sys.platform != "linux" or unshare is None:
        return list(command)
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return [unshare, "--net", *root, sys.executable, __file__, "--loopback-then", *command]


def _loopback_then(command: Sequence[str]) -> None:
    """Bring the loopback up in this empty network, then become the command."""
    with socket.socket() as any_socket:
        from fcntl import ioctl

        ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))
    os.execv(command[0], command)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--loopback-then"]:
        _loopback_then(sys.argv[2:])
    main()
