"""The thumbnail cache on a real disk."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import DataDirectoryUnusable
from engine.images.thumbnails import EDGE_PX, ThumbnailCache

MEGABYTE = 1 << 20


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def grown_old(cache: ThumbnailCache, numbers: list[int]) -> None:
    """Set the times of use apart, the first the oldest, without waiting for the clock."""
    now = time.time() - 1000
    for step, number in enumerate(numbers):
        os.utime(cache.path_of(key(number)), (now + step, now + step))


def test_what_was_put_is_found_and_what_was_removed_is_not(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, MEGABYTE)
    assert cache.find(key(1)) is None
    path = cache.put(key(1), noise(100, 80))
    assert cache.find(key(1)) == path
    with Image.open(path) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (100, 80))
    cache.remove(key(1))
    cache.remove(key(1))
    assert cache.find(key(1)) is None
    assert cache.nbytes == 0


def test_long_edge_is_bounded_and_nothing_is_enlarged(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, MEGABYTE)
    with (
        Image.open(cache.put(key(1), noise(1024, 256))) as large,
        Image.open(cache.put(key(2), noise(20, 10))) as small,
    ):
        assert large.size == (EDGE_PX, 128)
        assert small.size == (20, 10)


def test_alpha_is_kept(tmp_path: Path) -> None:
    image = Image.new("RGBA", (300, 300), (200, 10, 10, 0))
    image.paste((200, 10, 10, 255), (100, 100, 200, 200))
    with Image.open(ThumbnailCache(tmp_path, MEGABYTE).put(key(1), image)) as thumbnail:
        assert thumbnail.mode == "RGBA"
        alpha = thumbnail.getchannel("A")
        assert (alpha.getpixel((5, 5)), alpha.getpixel((150, 150))) == (0, 255)


def test_pixel_art_is_kept_to_the_pixel(tmp_path: Path) -> None:
    image = noise(48, 48)
    with Image.open(ThumbnailCache(tmp_path, MEGABYTE).put(key(1), image)) as thumbnail:
        assert thumbnail.convert("RGB").tobytes() == image.tobytes()


def test_bytes_are_those_on_disk_also_after_a_restart(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, MEGABYTE)
    paths = [cache.put(key(number), noise(100, 100, number)) for number in range(5)]
    cache.put(key(0), noise(64, 64))
    on_disk = sum(path.stat().st_size for path in paths)
    assert cache.nbytes == on_disk
    assert ThumbnailCache(tmp_path, MEGABYTE).nbytes == on_disk


@pytest.mark.parametrize("is_restarted", [False, True])
def test_least_recently_used_goes_first(is_restarted: bool, tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, MEGABYTE)
    size = max(cache.put(key(number), noise(200, 200, number)).stat().st_size for number in range(4))
    quota = 4 * size + size // 4
    cache = ThumbnailCache(tmp_path, quota)
    grown_old(cache, [0, 1, 2, 3])
    if not is_restarted:
        assert cache.nbytes <= quota
    assert cache.find(key(0)) is not None
    if is_restarted:
        cache = ThumbnailCache(tmp_path, quota)
    cache.put(key(4), noise(200, 200, 4))
    assert cache.nbytes <= quota
    assert [number for number in range(5) if cache.find(key(number)) is not None] == [0, 2, 3, 4]


def test_a_quota_smaller_than_one_thumbnail_keeps_the_newest(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, 10)
    cache.put(key(1), noise(100, 100))
    cache.put(key(2), noise(100, 100))
    assert cache.find(key(1)) is None
    assert cache.find(key(2)) is not None


@pytest.mark.parametrize("bad", ["", "../../etc/passwd", "ABCDEF0123", "12", "g" * 64, "a" * 8 + "/"])
def test_keys_that_are_not_hexadecimal_are_refused(bad: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="thumbnail key"):
        ThumbnailCache(tmp_path, MEGABYTE).find(bad)


def test_leftovers_of_a_killed_process_are_cleared_and_empty_files_not_served(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, MEGABYTE)
    path = cache.put(key(1), noise(100, 100))
    leftover = path.with_name("half.part")
    leftover.write_bytes(b"half")
    os.utime(leftover, (0, 0))
    in_work = path.with_name("young.part")
    in_work.touch()
    path.write_bytes(b"")
    fresh = ThumbnailCache(tmp_path, MEGABYTE)
    assert fresh.find(key(1)) is None
    assert fresh.nbytes == 0
    assert in_work.exists()
    assert not leftover.exists()


def test_many_threads_put_and_find(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, 60_000)

    def work(number: int) -> bool:
        cache.put(key(number % 10), noise(80, 80, number))
        cache.find(key((number + 3) % 10))
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(80)))
    files = list(tmp_path.glob("??/*"))
    assert {path.suffix for path in files} == {".webp"}
    assert cache.nbytes == sum(path.stat().st_size for path in files) <= 60_000


def test_a_directory_that_cannot_be_written_is_the_users_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirectoryUnusable) as caught:
        ThumbnailCache(tmp_path / "file", MEGABYTE).put(key(1), noise(10, 10))
    assert caught.value.hint


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_directory_is_the_users_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DataDirectoryUnusable):
        ThumbnailCache(tmp_path, MEGABYTE).put(key(1), noise(10, 10))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from PIL import Image
from engine.errors import DiskFull
from engine.images.thumbnails import ThumbnailCache
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    ThumbnailCache(Path(sys.argv[1]), 1 << 20).put("ab" * 16, Image.effect_noise((256, 256), 90).convert("RGB"))
except DiskFull as error:
    assert error.hint
    sys.exit(42)
"""


@pytest.mark.skipif(os.name != "posix", reason="file size limits are Unix's")
def test_no_room_for_the_file_is_a_full_disk_and_leaves_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    finished = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], env=environment, check=False)
    assert finished.returncode == 42
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
