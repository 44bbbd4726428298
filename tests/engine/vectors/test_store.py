"""The store on a real embedded Milvus: every fault of its files ends with the truth."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pytest

from engine.errors import DataDirectoryUnusable, LibraryBusy, VectorStoreFailed
from engine.vectors import seal
from engine.vectors.exact import ExactIndex
from engine.vectors.healing import Cause
from engine.vectors.location import Embedded
from engine.vectors.milvus import MilvusCollection
from engine.vectors.roster import Roster
from engine.vectors.seal import SealState
from engine.vectors.store import VectorStore, delete_collection
from tests.engine.vectors.truth import DIMENSION, MemoryTruth, unit_vectors

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 300


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "bilder 图 #1.db"


@pytest.fixture
def truth() -> MemoryTruth:
    return MemoryTruth(ROWS)


@pytest.fixture
def sealed(directory: Path, truth: MemoryTruth) -> Path:
    """A cleanly closed directory with an index, two segments and a deletion."""
    store = open_store(directory, truth)
    store.prepare_search()
    first = truth.ids[:100]
    store.upsert(first, np.full(100, 2), truth.vectors(first))
    for id_ in first.tolist():
        truth.rows[id_] = (2, truth.rows[id_][1])
    store.delete(np.array([ROWS]))
    del truth.rows[ROWS]
    store.close()
    truth.handed_out = 0
    return directory


def open_store(directory: Path, truth: MemoryTruth) -> VectorStore:
    return VectorStore.open(Embedded(directory), "an encoder", DIMENSION, truth)


def assert_holds_the_truth(directory: Path, truth: MemoryTruth) -> None:
    """Compare ids, versions and vectors of the closed directory with the truth, by Milvus alone."""
    collection = MilvusCollection(Embedded(directory), "an encoder", DIMENSION)
    try:
        held = Roster.gather(collection.versions())
        wanted = Roster.gather(truth.versions())
        assert held.repeated.size == 0
        assert (held.ids.tolist(), held.versions.tolist()) == (wanted.ids.tolist(), wanted.versions.tolist())
        assert collection.count() == truth.count()
        for id_ in wanted.ids[::37].tolist():
            vector = truth.rows[id_][1].astype(np.float32)
            assert collection.search(vector, 1, np.array([id_])).scores[0] == pytest.approx(vector @ vector, abs=1e-6)
    finally:
        collection.close()


def reopen(directory: Path, truth: MemoryTruth) -> VectorStore:
    """Open, close and prove that what is there is the truth; return the closed store for its reconciliation."""
    store = open_store(directory, truth)
    store.close()
    assert seal.verify(directory).state is SealState.INTACT
    assert_holds_the_truth(directory, truth)
    return store


def one(directory: Path, pattern: str) -> Path:
    return sorted(directory.glob(f"collections/*/{pattern}"))[0]


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)


def unseal(directory: Path) -> None:
    seal.remove(directory)


def test_new_directory_is_filled_and_then_opens_without_milvus(directory: Path, truth: MemoryTruth) -> None:
    seen: list[tuple[int, int]] = []
    store = VectorStore.open(Embedded(directory), "an encoder", DIMENSION, truth, lambda *at: seen.append(at))
    assert (store.reconciliation.reason, store.reconciliation.upserted) == (Cause.NEW, ROWS)
    assert seen[-1] == (ROWS, ROWS)
    store.close()
    again = open_store(directory, truth)
    assert (again.reconciliation.reason, again.reconciliation.upserted) == (Cause.IN_STEP, 0)
    assert seal.verify(directory).state is SealState.INTACT, "nothing has opened Milvus yet"
    again.close()
    assert_holds_the_truth(directory, truth)


def test_store_at_rest_wakes_for_a_write_and_for_a_search(sealed: Path, truth: MemoryTruth) -> None:
    store = open_store(sealed, truth)
    vector = unit_vectors(1, seed=8)
    truth.rows[7_000] = (3, vector[0])
    store.upsert(np.array([7_000]), np.array([3]), vector)
    assert seal.verify(sealed).state is SealState.ABSENT
    assert store.search(vector[0].astype(np.float32), 1).ids.tolist() == [7_000]
    assert truth.handed_out == 0
    store.close()
    assert reopen(sealed, truth).reconciliation.reason is Cause.IN_STEP


FAULTS: dict[str, Callable[[Path], object]] = {
    "a flipped byte": lambda home: flip_a_byte(one(home, "partitions/*/data/*.parquet")),
    "an empty parquet": lambda home: one(home, "partitions/*/data/*.parquet").write_bytes(b""),
    "a missing parquet": lambda home: one(home, "partitions/*/data/*.parquet").unlink(),
    "a missing manifest": lambda home: [path.unlink() for path in home.glob("collections/*/manifest.json*")],
    "a torn manifest": lambda home: [path.write_text("{") for path in home.glob("collections/*/manifest.json*")],
    "a missing collection": lambda home: shutil.rmtree(home / "collections"),
    "a missing directory": shutil.rmtree,
    "a missing schema": lambda home: one(home, "schema.json").unlink(),
    "a torn schema": lambda home: one(home, "schema.json").write_text("{"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_damage_after_a_clean_close_is_noticed_and_rebuilt(sealed: Path, truth: MemoryTruth, fault: str) -> None:
    FAULTS[fault](sealed)
    healed = reopen(sealed, truth).reconciliation
    assert (healed.reason, healed.rebuilt, healed.upserted) == (Cause.FILES_DAMAGED, True, ROWS - 1)
    assert list(sealed.parent.glob("*damaged*")) == []


@pytest.mark.parametrize("fault", set(FAULTS) - {"a flipped byte"})
def test_damage_after_an_unclean_end_is_healed(sealed: Path, truth: MemoryTruth, fault: str) -> None:
    unseal(sealed)
    FAULTS[fault](sealed)
    assert reopen(sealed, truth).reconciliation.upserted > 0


@pytest.mark.parametrize("prepare", [lambda _: None, unseal], ids=["sealed", "unsealed"])
def test_corrupt_index_file_is_built_again_from_the_rows(
    sealed: Path, truth: MemoryTruth, prepare: Callable[[Path], None]
) -> None:
    prepare(sealed)
    index = one(sealed, "partitions/*/indexes/*")
    index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])
    healed = reopen(sealed, truth).reconciliation
    assert (healed.rebuilt, healed.upserted, truth.handed_out) == (False, 0, 0)


def test_file_of_milvus_2_is_set_aside(directory: Path, truth: MemoryTruth) -> None:
    directory.write_bytes(b"SQLite format 3\x00" * 100)
    healed = reopen(directory, truth).reconciliation
    assert (healed.reason, healed.rebuilt) == (Cause.FOREIGN_FILE, True)
    assert list(directory.parent.glob("*damaged*")) == []


def test_extra_stale_and_missing_rows_are_put_right_without_touching_the_others(
    sealed: Path, truth: MemoryTruth
) -> None:
    del truth.rows[5]
    truth.rows[6] = (9, unit_vectors(1, seed=4)[0])
    truth.rows[9_999] = (1, unit_vectors(1, seed=5)[0])
    healed = reopen(sealed, truth).reconciliation
    assert (healed.reason, healed.upserted, healed.deleted) == (Cause.TRUTH_MOVED_ON, 2, 1)
    assert truth.handed_out == 2


def test_vectors_no_database_can_hold_are_refused_and_the_rest_stored(directory: Path, truth: MemoryTruth) -> None:
    truth.rows[1] = (1, np.zeros(DIMENSION, np.float16))
    truth.rows[2] = (1, np.full(DIMENSION, np.nan, np.float16))
    store = open_store(directory, truth)
    assert (store.reconciliation.upserted, store.reconciliation.refused) == (ROWS - 2, 2)
    with pytest.raises(ValueError, match="zero or not finite"):
        store.upsert(np.array([1]), np.array([1]), np.zeros((1, DIMENSION), np.float32))
    store.close()


def test_rebuild_drops_everything_and_fills_from_the_truth(sealed: Path, truth: MemoryTruth) -> None:
    store = open_store(sealed, truth)
    rebuilt = store.rebuild()
    assert (rebuilt.reason, rebuilt.upserted) == (Cause.ASKED_FOR, ROWS - 1)
    store.close()
    assert list(sealed.parent.glob("*damaged*")) == []
    assert_holds_the_truth(sealed, truth)


def test_milvus_and_the_exact_index_give_the_same_top_hits(directory: Path) -> None:
    truth = MemoryTruth(4_000)
    exact = ExactIndex(DIMENSION)
    exact.add(truth.ids, truth.vectors(truth.ids))
    store = open_store(directory, truth)
    allowances = [None, truth.ids[:7], truth.ids[::3], truth.ids[:2_500], np.array([10**12])]
    for seed in range(8):
        query = 3 * unit_vectors(1, seed=100 + seed)[0].astype(np.float32)
        for allowed in allowances:
            ours, theirs = exact.search(query, 20, allowed), store.search(query, 20, allowed)
            assert len(set(ours.ids[:10]) & set(theirs.ids)) >= 9 or len(ours) < 10
            assert len(ours) == len(theirs)
            shared = np.isin(theirs.ids, ours.ids)
            np.testing.assert_allclose(theirs.scores[shared], exact.scores(query, theirs.ids[shared]), atol=1e-4)
    store.close()


def test_second_process_is_told_that_the_library_is_busy(sealed: Path, truth: MemoryTruth) -> None:
    store = open_store(sealed, truth)
    script = (
        "import sys; from pathlib import Path; from engine.errors import LibraryBusy;"
        "from tests.engine.vectors.test_store import open_store, MemoryTruth\n"
        "try: open_store(Path(sys.argv[1]), MemoryTruth(1))\n"
        "except LibraryBusy as error: print('busy:', error.hint)"
    )
    child = subprocess.run(
        [sys.executable, "-c", script, str(sealed)], capture_output=True, text=True, timeout=60, check=True
    )
    assert child.stdout.startswith("busy:")
    store.close()


def test_directory_open_in_milvus_elsewhere_is_busy(sealed: Path) -> None:
    collection = MilvusCollection(Embedded(sealed), "an encoder", DIMENSION)
    with pytest.raises(LibraryBusy):
        MilvusCollection(Embedded(sealed), "an encoder", DIMENSION)
    collection.close()


def listening_addresses() -> list[str]:
    sockets = psutil.Process().net_connections()
    return [each.laddr.ip.removeprefix("::ffff:") for each in sockets if each.status == psutil.CONN_LISTEN]


def test_embedded_milvus_listens_on_loopback_only(directory: Path, truth: MemoryTruth) -> None:
    store = open_store(directory, truth)
    while_open = listening_addresses()
    store.close()
    assert while_open == ["127.0.0.1"]
    assert listening_addresses() == []


def test_proxy_of_the_environment_is_not_asked_for_loopback(
    directory: Path, truth: MemoryTruth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    open_store(directory, truth).close()


def test_close_leaves_no_thread_and_no_lock(directory: Path, truth: MemoryTruth) -> None:
    before = set(threading.enumerate())
    store = open_store(directory, truth)
    store.prepare_search()
    store.close()
    store.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=5)
        assert not thread.is_alive(), thread.name
    open_store(directory, truth).close()
    with pytest.raises(VectorStoreFailed):
        store.upsert(truth.ids, truth.ids, truth.vectors(truth.ids))


KILLED = """
import sys
from pathlib import Path
import numpy as np
from tests.engine.vectors.test_store import open_store, MemoryTruth
truth = MemoryTruth(300)
store = open_store(Path(sys.argv[1]), truth)
print("open", flush=True)
while True:
    for start in range(0, 300, 50):
        ids = truth.ids[start:start + 50]
        store.upsert(ids, np.full(50, 5), truth.vectors(ids))
        store.delete(ids[:10])
    print("round", flush=True)
"""


def test_killed_in_the_middle_of_upserts_heals(directory: Path, truth: MemoryTruth) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(directory)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        while "round" not in child.stdout.readline():
            assert child.poll() is None
        os.kill(child.pid, signal.SIGKILL)
    assert seal.verify(directory).state is SealState.ABSENT
    log = one(directory, "wal/wal_data*")
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    assert reopen(directory, truth).reconciliation.reason is Cause.UNCLEAN_END


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from engine.errors import DiskFull, VectorStoreFailed
from tests.engine.vectors.test_store import open_store, MemoryTruth
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
truth = MemoryTruth(300)
store = open_store(Path(sys.argv[1]), truth)
more = MemoryTruth(4_000, seed=1)
resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, resource.RLIM_INFINITY))
seen = []
for _ in range(3):
    try:
        store.upsert(more.ids + 1_000, np.ones(4_000, np.int64), more.vectors(more.ids))
        store.flush()
    except (DiskFull, VectorStoreFailed) as error:
        seen.append(type(error).__name__)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.close()
print(*seen)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_failed_writes_are_named_then_refused_and_healed_at_the_next_open(directory: Path, truth: MemoryTruth) -> None:
    child = subprocess.run(
        [sys.executable, "-c", FULL, str(directory)], capture_output=True, text=True, timeout=60, check=False
    )
    assert child.stdout.split() == ["DiskFull", "VectorStoreFailed", "VectorStoreFailed"], child.stderr
    assert child.stderr == ""
    assert seal.verify(directory).state is SealState.ABSENT
    assert reopen(directory, truth).reconciliation.reason is Cause.UNCLEAN_END


def test_unfit_paths_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "vectors.DB", tmp_path / "vectors", Path("~/vectors.db"), tmp_path / "no" / "vectors.db"):
        with pytest.raises(DataDirectoryUnusable):
            Embedded(path)


def test_store_says_nothing_on_the_terminal(directory: Path) -> None:
    script = (
        "import sys; from pathlib import Path;"
        "from tests.engine.vectors.test_store import open_store, MemoryTruth\n"
        "store = open_store(Path(sys.argv[1]), MemoryTruth(20)); store.prepare_search(); store.close()"
    )
    child = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script, str(directory)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert (child.stdout, child.stderr) == ("", "")


def test_resting_store_loads_no_milvus(sealed: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from engine.vectors.store import VectorStore; from engine.vectors import seal; assert VectorStore\n"
        "assert seal.verify(Path(sys.argv[1])).state is seal.SealState.INTACT\n"
        "assert not {'pymilvus', 'milvus_lite', 'grpc'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, str(sealed)], timeout=60, check=True)


def test_searches_beside_writes_answer_all_along(directory: Path, truth: MemoryTruth) -> None:
    store = open_store(directory, truth)
    store.prepare_search()
    query = truth.rows[17][1].astype(np.float32)
    deadline = time.monotonic() + 30
    answers: list[list[int]] = []

    def read() -> None:
        while len(answers) < 20 and time.monotonic() < deadline:
            answers.append(store.search(query, 1).ids.tolist())

    reader = threading.Thread(target=read)
    reader.start()
    extra = unit_vectors(50, seed=77)
    while reader.is_alive():
        store.upsert(np.arange(50) + 10_000, np.ones(50, np.int64), extra)
    reader.join()
    store.close()
    assert len(answers) == 20
    assert all(answer == [17] for answer in answers)


def test_deleted_database_leaves_nothing_and_an_open_one_is_refused(tmp_path: Path) -> None:
    location = Embedded(tmp_path / "old.db")
    store = VectorStore.open(location, "an encoder", DIMENSION, MemoryTruth(20))
    with pytest.raises(LibraryBusy):
        delete_collection(location, "an encoder", DIMENSION)
    store.rebuild()
    store.close()
    delete_collection(location, "an encoder", DIMENSION)
    assert list(tmp_path.iterdir()) == []
