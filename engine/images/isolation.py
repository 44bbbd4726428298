"""Child processes that decode one file at a time, so that a hang or a native crash costs that file and nothing else.

Called by `decoder.Decoder` from any thread. Invariants: a child is killed when its time is up; a dead one is replaced
at the next file; no child outlives `close` or this process. The other end of the pipe is `isolated_child`.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from engine.errors import DecodeError, DecodeFault
from engine.images.isolation_wire import Answer, Request, pack_request, read_answer
from engine.images.picture import DecodedImage, DecodeLimits
from engine.launching import Child

START_SECONDS = 30.0  # a cold disk or a virus scanner may hold up the first start


class IsolatedDecoder:
    """At most `workers` children, started when first needed and shared by all threads that call `decode`."""

    def __init__(self, workers: int, command: Callable[[], Sequence[str]] = Child.DECODER.command) -> None:
        self._command = command
        self._seats: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._children: set[_Child] = set()
        self._closed = False
        for _ in range(workers):
            self._seats.put(None)

    def decode(self, path: Path, limits: DecodeLimits) -> DecodedImage:
        """Decode a file of any format in a child; waits for a free one. Raises DecodeError, also for its end."""
        child = self._seats.get()
        try:
            child = self._living(child)
            return _result(child.ask(Request(path, limits)))
        finally:
            self._seats.put(child)

    def close(self) -> None:
        """End all children, also those at work; calls that wait for them raise."""
        with self._lock:
            self._closed = True
            children, self._children = self._children, set()
        for child in children:
            child.end()

    def _living(self, child: _Child | None) -> _Child:
        if child is not None and child.is_alive():
            return child
        with self._lock:  # one launch at a time: on Windows two at once could inherit each other's pipes
            if self._closed:
                raise RuntimeError("the isolated decoder is closed")
            if child is not None:
                child.end()
                self._children.discard(child)
            fresh = _Child(self._command())
            self._children.add(fresh)
        fresh.wait_until_ready()
        return fresh


class _Child:
    """One child process; used by one thread at a time, except `end`."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._is_killed_for_time = False

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait for the child's greeting. Raises DecodeError CRASHED if it does not start."""
        answer = self._read_within(START_SECONDS)
        if answer is None:
            self.end()
            raise DecodeError(
                DecodeFault.CRASHED,
                "The decoder's process does not start.",
                "Run `propmaster doctor`, or install it again.",
            )

    def ask(self, request: Request) -> Answer:
        """Return the child's answer. Raises DecodeError TIMED_OUT or CRASHED; the child is gone then."""
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError):  # it has just died; the missing answer says so
            stdin.write(pack_request(request))
            stdin.flush()
        answer = self._read_within(request.limits.seconds)
        if answer is None:
            self.end()
            raise self._failure(request.limits.seconds)
        return answer

    def end(self) -> None:
        """Kill the child and collect it. Never blocks for longer than the system needs to end a process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close_quietly(stream)

    def _read_within(self, seconds: float) -> Answer | None:
        """Return None if the child died or was killed because its time was up."""
        self._is_killed_for_time = False
        timer = threading.Timer(seconds, self._kill_for_time)
        timer.daemon = True
        timer.start()
        try:
            assert self._process.stdout is not None
            return read_answer(self._process.stdout)
        except (OSError, ValueError):  # closed by `end` from another thread
            return None
        finally:
            timer.cancel()
            timer.join()

    def _kill_for_time(self) -> None:
        self._is_killed_for_time = True
        self._process.kill()

    def _failure(self, seconds: float) -> DecodeError:
        if self._is_killed_for_time:
            return DecodeError(
                DecodeFault.TIMED_OUT,
                f"Decoding took longer than {seconds:g} s.",
                "Save a simpler copy, or raise the time limit.",
            )
        return DecodeError(
            DecodeFault.CRASHED,
            f"The decoder crashed on this file (exit {self._process.returncode}).",
            "Export it again, or in another format.",
        )


def _result(answer: Answer) -> DecodedImage:
    if isinstance(answer, DecodeError):
        raise answer
    assert not isinstance(answer, str), "the greeting is read at the start"
    return answer


def _close_quietly(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # closing flushes, into a pipe that nobody reads any more
        stream.close()


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([root, inherited] if inherited else [root]),
        "OMP_NUM_THREADS": "1",  # parallel work comes from several children
        "OPENBLAS_NUM_THREADS": "1",
    }
