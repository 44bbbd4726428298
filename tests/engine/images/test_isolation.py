"""A file that hangs or crashes its decoder costs that file only; children never outlive their parent."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from PIL import Image

from engine.errors import DecodeError, DecodeFault
from engine.images.decode import DecodeLimits
from engine.images.decoder import Decoder
from engine.images.isolation import IsolatedDecoder
from tests.engine.images.samples import svg, write_sample

LIMITS = DecodeLimits(seconds=20)
DEADLINE_S = 10.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and descriptors as tested here are Linux's")


@pytest.fixture
def isolated() -> Iterator[IsolatedDecoder]:
    decoder = IsolatedDecoder(workers=2)
    yield decoder
    decoder.close()
    assert children() == []


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "engine.images.isolated_child" in child.cmdline()]


def endless_drawing(folder: Path) -> Path:
    """A sound drawing that takes minutes to render."""
    turbulence = '<filter id="f"><feTurbulence baseFrequency="0.9" numOctaves="9"/></filter>'
    path = folder / "endless.svg"
    path.write_bytes(svg(turbulence + '<rect width="96" height="64" filter="url(#f)" opacity=".5"/>' * 2000))
    return path


def wait_until(condition: object, process: psutil.Process) -> None:
    """Wait for a condition on another process, which offers no event to wait for."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition(process):  # type: ignore[operator]
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def gone(pid: int) -> bool:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], DEADLINE_S)[0])
    finally:
        os.close(descriptor)


def test_nothing_starts_before_the_first_file(isolated: IsolatedDecoder) -> None:
    assert isolated is not None
    assert children() == []


def test_a_hanging_file_times_out_and_the_next_one_decodes(isolated: IsolatedDecoder, tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(DecodeError) as caught:
        isolated.decode(endless_drawing(tmp_path), DecodeLimits(seconds=1))
    assert caught.value.fault is DecodeFault.TIMED_OUT
    assert "longer than 1 s" in caught.value.message
    assert time.monotonic() - started < 6
    assert children() == []
    assert isolated.decode(write_sample("SVG", tmp_path), LIMITS).facts.format == "SVG"


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_native_crash_costs_that_file_only(number: signal.Signals, isolated: IsolatedDecoder, tmp_path: Path) -> None:
    isolated.decode(write_sample("SVG", tmp_path), LIMITS)
    child = children()[0]
    before = sum(child.cpu_times()[:2])
    with ThreadPoolExecutor(1) as pool:
        attempt = pool.submit(isolated.decode, endless_drawing(tmp_path), LIMITS)
        wait_until(lambda process: sum(process.cpu_times()[:2]) > before + 0.1, child)
        child.send_signal(number)
        error = attempt.exception(DEADLINE_S)
    assert isinstance(error, DecodeError)
    assert error.fault is DecodeFault.CRASHED
    assert isolated.decode(write_sample("SVG", tmp_path), LIMITS).facts.format == "SVG"


def test_a_child_that_died_while_idle_is_replaced_unseen(isolated: IsolatedDecoder, tmp_path: Path) -> None:
    path = write_sample("SVG", tmp_path)
    isolated.decode(path, LIMITS)
    child = children()[0]
    child.kill()
    assert gone(child.pid)
    assert isolated.decode(path, LIMITS).facts.format == "SVG"


def test_interrupt_from_the_terminal_does_not_reach_the_child(isolated: IsolatedDecoder, tmp_path: Path) -> None:
    path = write_sample("SVG", tmp_path)
    isolated.decode(path, LIMITS)
    child = children()[0]
    child.send_signal(signal.SIGINT)
    assert isolated.decode(path, LIMITS).facts.format == "SVG"
    assert [process.pid for process in children()] == [child.pid]


def test_memory_of_a_child_is_bounded(isolated: IsolatedDecoder, tmp_path: Path) -> None:
    import resource

    path = write_sample("SVG", tmp_path)
    isolated.decode(path, LIMITS)
    child = children()[0]
    assert child.rlimit(resource.RLIMIT_AS)[0] < 16 << 30
    child.rlimit(resource.RLIMIT_AS, (child.memory_info().vms + (48 << 20), child.rlimit(resource.RLIMIT_AS)[1]))
    large = tmp_path / "large.png"
    Image.new("RGB", (9000, 9000)).save(large, compress_level=1)
    with pytest.raises(DecodeError) as caught:
        isolated.decode(large, LIMITS)
    assert caught.value.fault in (DecodeFault.TOO_MANY_PIXELS, DecodeFault.CRASHED)
    assert isolated.decode(path, LIMITS).facts.format == "SVG"


def test_many_threads_share_few_children(isolated: IsolatedDecoder, tmp_path: Path) -> None:
    path = write_sample("SVG", tmp_path)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: isolated.decode(path, LIMITS), range(60)))
    assert {result.facts.format for result in results} == {"SVG"}
    assert 1 <= len(children()) <= 2


def test_close_ends_children_at_work_and_later_calls_fail(tmp_path: Path) -> None:
    decoder = IsolatedDecoder(workers=1)
    decoder.decode(write_sample("SVG", tmp_path), LIMITS)
    child = children()[0]
    before = sum(child.cpu_times()[:2])
    with ThreadPoolExecutor(1) as pool:
        attempt = pool.submit(decoder.decode, endless_drawing(tmp_path), LIMITS)
        wait_until(lambda process: sum(process.cpu_times()[:2]) > before + 0.1, child)
        decoder.close()
        assert isinstance(attempt.exception(DEADLINE_S), DecodeError)
    assert children() == []
    with pytest.raises(RuntimeError):
        decoder.decode(tmp_path / "sample.svg", LIMITS)


def test_a_child_that_cannot_start_says_so(tmp_path: Path) -> None:
    decoder = IsolatedDecoder(1, command=lambda: [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(DecodeError) as caught:
        decoder.decode(write_sample("SVG", tmp_path), LIMITS)
    assert caught.value.fault is DecodeFault.CRASHED
    assert "start" in caught.value.message
    decoder.close()


PARENT = """
import sys
from pathlib import Path
import psutil
from engine.images.decode import DecodeLimits
from engine.images.isolation import IsolatedDecoder
decoder = IsolatedDecoder(1)
decoder.decode(Path(sys.argv[1]), DecodeLimits())
print(psutil.Process().children()[0].pid, flush=True)
decoder.decode(Path(sys.argv[2]), DecodeLimits(seconds=float(sys.argv[3])))
sys.stdin.read()
"""


@pytest.mark.parametrize("is_at_work", [False, True])
def test_a_child_is_gone_after_its_parent_was_killed(is_at_work: bool, tmp_path: Path) -> None:
    sample = write_sample("SVG", tmp_path)
    second = endless_drawing(tmp_path) if is_at_work else sample
    arguments = [sys.executable, "-c", PARENT, str(sample), str(second), "1.5"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        before = sum(child.cpu_times()[:2])
        if is_at_work:
            wait_until(lambda process: sum(process.cpu_times()[:2]) > before + 0.1, child)
        parent.kill()
        assert gone(child.pid)


def test_decoder_isolates_by_content_and_not_by_name(tmp_path: Path) -> None:
    disguised = tmp_path / "drawing.png"
    disguised.write_bytes(svg())
    plain = write_sample("PNG", tmp_path)
    with Decoder(LIMITS, workers=1) as decoder:
        assert decoder.decode(plain).facts.format == "PNG"
        assert decoder.decode(plain, plain.read_bytes()).facts.format == "PNG"
        assert children() == []
        assert decoder.decode(disguised).facts.format == "SVG"
        assert len(children()) == 1
        assert decoder.decode_suspect(plain).facts.format == "PNG"
    assert children() == []


def test_decoder_refuses_large_files_before_a_child_reads_them(tmp_path: Path) -> None:
    path = write_sample("SVG", tmp_path)
    with Decoder(DecodeLimits(max_bytes=10), workers=1) as decoder, pytest.raises(DecodeError) as caught:
        decoder.decode(path)
    assert caught.value.fault is DecodeFault.TOO_MANY_BYTES
