"""Downloads through the real client from a hub of ours, with everything that can go wrong on the way."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import huggingface_hub
import pytest
import torch
from safetensors.torch import load

from engine.embedding.catalog import find_encoder, load_encoder
from engine.embedding.models import ModelRow, available_models
from engine.embedding.shelf import Place, Shelf
from engine.errors import (
    DiskFull,
    EncoderUnavailable,
    HubFailed,
    HubLacksFile,
    HubRefused,
    HubUnreachable,
    ModelBusy,
    PropmasterError,
    WeightsDamaged,
    WeightsNotOffered,
)
from engine.hub import Hub
from engine.weights import downloading, staging
from engine.weights.downloading import download
from engine.weights.importing import remove_weights
from engine.weights.staging import gathered_bytes
from engine.weights.watching import Progress, Step, Stopped, Watch
from tests.helpers.hub_server import COMMIT, HubServer
from tests.helpers.loopback import Reply, Request, running
from tests.helpers.models import REPOSITORY, WEIGHTS, small_row, table_with, write_tokenizer

NAME = f"{REPOSITORY}/{WEIGHTS}"
TOKENIZER = "studio/words/tokenizer.json"


def get(row: ModelRow, server: HubServer, shelf: Shelf, watch: Watch | None = None) -> None:
    download(row, Hub(server.address), shelf, watch or Watch())


def test_downloaded_model_encodes(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    assert shelf.place(row) is Place.ABSENT
    get(row, server, shelf)
    assert shelf.place(row) is Place.HERE
    encoder = load_encoder(row.name, "cpu", shelf)
    assert encoder.encode_texts(["a sword"]).shape == (1, row.dimension)
    encoder.close()


def test_name_of_the_row_is_kept_for_its_own_weights_only(
    tmp_path: Path, content: bytes, server: HubServer, shelf: Shelf
) -> None:
    known = hashlib.sha256(content).hexdigest()
    weights = f'{{ repo = "{REPOSITORY}", file = "{WEIGHTS}", sha256 = "{known}" }}'
    with table_with(tmp_path, small_row(weights=weights)) as row:
        get(row, server, shelf)
        assert find_encoder(row.name, shelf=shelf).profile.name == row.name
    with table_with(tmp_path, small_row()) as row:
        assert find_encoder(row.name, shelf=shelf).profile.name.startswith("vit-s-32-alt-")


def test_absent_model_says_how_to_get_it(row: ModelRow, shelf: Shelf) -> None:
    with pytest.raises(EncoderUnavailable) as caught:
        find_encoder(row.name, shelf=shelf)
    assert f"models get {row.name}" in caught.value.hint


def test_files_are_asked_for_at_one_commit_and_follow_redirects(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    get(row, server, shelf)
    first, *others = [request for request in server.requests if "/resolve/" in request.path]
    assert first.method == "HEAD"
    assert "/resolve/main/" in first.path
    assert all(f"/resolve/{COMMIT}/" in request.path for request in others)
    assert server.downloads


def test_progress_counts_every_file_and_ends_at_the_total(
    tmp_path: Path, server: HubServer, shelf: Shelf, content: bytes
) -> None:
    words = write_tokenizer(tmp_path / "tokenizer.json").read_bytes()
    server.files[TOKENIZER] = words
    told: list[Progress] = []
    with table_with(tmp_path, small_row(tokenizer='{ repo = "studio/words", file = "tokenizer.json" }')) as row:
        get(row, server, shelf, Watch(told.append))
    assert (shelf.find(row) / "tokenizer.json").read_bytes() == words  # type: ignore[operator]
    received = [one for one in told if one.step is Step.DOWNLOADING]
    assert received[-1].done_bytes == received[-1].total_bytes == len(content) + len(words)
    assert [one.done_bytes for one in received] == sorted(one.done_bytes for one in received)


def test_small_file_is_checked_by_the_hash_that_git_gives_it(tmp_path: Path, server: HubServer, shelf: Shelf) -> None:
    server.files[TOKENIZER] = b"{}"
    server.etags[TOKENIZER] = "0" * 40
    with (
        table_with(tmp_path, small_row(tokenizer='{ repo = "studio/words", file = "tokenizer.json" }')) as row,
        pytest.raises(WeightsDamaged, match=r"tokenizer\.json"),
    ):
        get(row, server, shelf)


def test_stopped_download_goes_on_where_it_stopped(
    row: ModelRow, server: HubServer, shelf: Shelf, content: bytes
) -> None:
    stopped = threading.Event()

    def stop_in_the_middle(progress: Progress) -> None:
        if progress.done_bytes > progress.total_bytes / 3:
            stopped.set()

    with pytest.raises(Stopped):
        get(row, server, shelf, Watch(stop_in_the_middle, stopped))
    kept = gathered_bytes(row, shelf)
    assert 0 < kept < len(content)
    assert shelf.place(row) is Place.ABSENT
    get(row, server, shelf)
    assert server.downloads[-1].headers["range"] == f"bytes={kept}-"
    assert shelf.place(row) is Place.HERE


def test_model_that_is_on_its_way_is_not_removed(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    refused: list[str] = []

    def remove(progress: Progress) -> None:
        if progress.step is Step.DOWNLOADING and not refused:
            with pytest.raises(ModelBusy) as caught:
                remove_weights(row, shelf)
            refused.append(caught.value.message)

    get(row, server, shelf, Watch(remove))
    assert refused == ["Small is on its way already"]
    assert shelf.place(row) is Place.HERE


def test_broken_line_is_taken_up_again_without_asking(
    row: ModelRow, server: HubServer, shelf: Shelf, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "PAUSE_S", 0)
    server.cut_at = [len(content) // 4, len(content) // 4]
    get(row, server, shelf)
    ranges = [request.headers.get("range", "") for request in server.downloads if request.method == "GET"]
    assert ranges[0] == ""
    assert all(ranges[1:3])
    assert shelf.place(row) is Place.HERE


def test_line_that_only_breaks_is_reported_and_what_came_is_kept(
    row: ModelRow, server: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "PAUSE_S", 0)
    server.cut_at = [1 << 21] + [0] * 10
    with pytest.raises(HubUnreachable):
        get(row, server, shelf)
    assert gathered_bytes(row, shelf) > 0


def test_hub_that_ignores_ranges_begins_anew(
    row: ModelRow, server: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "PAUSE_S", 0)
    server.ignores_ranges, server.cut_at = True, [1 << 22]
    get(row, server, shelf)
    assert shelf.place(row) is Place.HERE


def test_hub_that_keeps_to_ranges_now_and_then_delivers_the_file_all_the_same(
    row: ModelRow, server: HubServer, shelf: Shelf, content: bytes
) -> None:
    breaks: list[float] = []

    class Patient(Watch):
        def pause(self, seconds: float) -> None:
            if seconds:
                breaks.append(seconds)
                server.ignores_ranges = len(breaks) < 2

    server.ignores_ranges, server.cut_at = True, [1 << 23, 1 << 22]
    get(row, server, shelf, Patient())
    assert len(breaks) == 2
    assert (shelf.find(row) / WEIGHTS).read_bytes() == content  # type: ignore[operator]


def test_new_version_on_the_hub_is_not_joined_to_the_old_one(
    row: ModelRow, server: HubServer, shelf: Shelf, content: bytes
) -> None:
    stopped = threading.Event()
    with pytest.raises(Stopped):
        get(row, server, shelf, Watch(lambda _: stopped.set(), stopped))
    server.files[NAME] = changed = content[:-1] + bytes([content[-1] ^ 1])
    get(row, server, shelf)
    assert (shelf.find(row) / WEIGHTS).read_bytes() == changed  # type: ignore[operator]


WHOLE = """
import sys
from pathlib import Path
from engine.embedding.shelf import Shelf
from engine.hub import Hub
from engine.weights.downloading import download
from engine.weights.importing import remove_weights
from engine.weights.watching import Watch
from tests.helpers.models import small_row, table_with
def tell(progress):
    pass
with table_with(Path(sys.argv[3]), small_row()) as row:
    download(row, Hub(sys.argv[1]), Shelf(Path(sys.argv[2])), Watch(tell))
"""
HALF = WHOLE.replace(
    "    pass", "    if progress.done_bytes > progress.total_bytes / 2: print('half', flush=True); sys.stdin.read()"
)
CHILD = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of POSIX")
def test_killed_download_leaves_no_half_model_and_is_continued(
    row: ModelRow, server: HubServer, shelf: Shelf, tmp_path: Path, content: bytes
) -> None:
    place = tmp_path / "table"
    place.mkdir()
    program = [sys.executable, "-c", HALF, server.address, str(shelf.own), str(place)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=CHILD) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"half\n"
        child.send_signal(signal.SIGKILL)
    assert shelf.place(row) is Place.ABSENT
    kept = gathered_bytes(row, shelf)
    assert kept > len(content) / 2
    get(row, server, shelf)
    assert server.downloads[-1].headers["range"] == f"bytes={kept}-"
    assert shelf.place(row) is Place.HERE


def test_wrong_checksum_is_refused_and_not_kept(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    server.etags[NAME] = "0" * 64
    with pytest.raises(WeightsDamaged, match="checksum"):
        get(row, server, shelf)
    assert gathered_bytes(row, shelf) == 0
    assert shelf.place(row) is Place.ABSENT


def test_table_s_checksum_overrules_the_hub_s(tmp_path: Path, server: HubServer, shelf: Shelf) -> None:
    weights = f'{{ repo = "{REPOSITORY}", file = "{WEIGHTS}", sha256 = "{"1" * 64}" }}'
    with table_with(tmp_path, small_row(weights=weights)) as row, pytest.raises(WeightsDamaged):
        get(row, server, shelf)


def test_weights_of_another_architecture_are_refused(tmp_path: Path, server: HubServer, shelf: Shelf) -> None:
    with (
        table_with(tmp_path, small_row(architecture='"ViT-M-32-alt"')) as row,
        pytest.raises(EncoderUnavailable, match="do not fit"),
    ):
        get(row, server, shelf)
    assert shelf.place(row) is Place.ABSENT


@pytest.mark.parametrize(
    ("status", "code", "error", "words"),
    [
        (404, "EntryNotFound", HubLacksFile, "does not have"),
        (404, "RepoNotFound", HubLacksFile, "does not have"),
        (404, "RevisionNotFound", HubLacksFile, "does not have"),
        (401, "", HubRefused, "does not hand out"),
        (403, "GatedRepo", HubRefused, "does not hand out"),
        (429, "", HubFailed, "429"),
        (500, "", HubFailed, "500"),
        (503, "", HubFailed, "503"),
    ],
)
def test_every_refusal_has_its_words(
    row: ModelRow,
    server: HubServer,
    shelf: Shelf,
    status: int,
    code: str,
    error: type[PropmasterError],
    words: str,
) -> None:
    server.status[""], server.error_code = status, code
    with pytest.raises(error, match=words) as caught:
        get(row, server, shelf)
    assert caught.value.hint


def test_older_repository_gives_the_older_format(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    pickled = Path(shelf.own or "").parent
    pickled.mkdir(parents=True)
    torch.save(load(server.files.pop(NAME)), pickled / "weights.bin")
    server.files[f"{REPOSITORY}/open_clip_pytorch_model.bin"] = (pickled / "weights.bin").read_bytes()
    get(row, server, shelf)
    load_encoder(row.name, "cpu", shelf).close()


def test_login_page_is_not_taken_for_a_hub(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    server.speaks_hub = False
    with pytest.raises(HubFailed, match="does not answer as a Hugging Face hub") as caught:
        get(row, server, shelf)
    assert "hub_endpoint" in caught.value.hint


def test_mirror_that_is_down_is_named(row: ModelRow, shelf: Shelf) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(HubUnreachable, match=address) as caught:
        download(row, Hub(f"http://{address}"), shelf, Watch())
    assert "import" in caught.value.hint


def test_no_network_is_named(row: ModelRow, shelf: Shelf) -> None:
    with pytest.raises(HubUnreachable, match=r"hub\.invalid"):
        download(row, Hub("http://hub.invalid"), shelf, Watch())


@pytest.mark.parametrize("endpoint", ["ftp://hub.invalid", "hub", "http://:0:0"])
def test_address_that_makes_no_sense_is_named(row: ModelRow, shelf: Shelf, endpoint: str) -> None:
    with pytest.raises((HubUnreachable, HubFailed)) as caught:
        download(row, Hub(endpoint), shelf, Watch())
    assert "hub_endpoint" in caught.value.hint


def test_proxy_that_makes_no_sense_is_named(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    with pytest.raises(HubUnreachable, match="proxy"):
        download(row, Hub(server.address, "nonsense://x"), shelf, Watch())


@pytest.mark.usefixtures("server")
def test_proxy_of_the_settings_is_used(row: ModelRow, shelf: Shelf) -> None:
    seen: list[str] = []

    async def proxy(request: Request) -> Reply:
        seen.append(request.path)
        return Reply(503)

    with running(proxy) as address, pytest.raises(HubFailed, match="503"):
        download(row, Hub("http://hub.invalid", address), shelf, Watch())
    assert seen[0].startswith("http://hub.invalid/")


def test_hub_of_the_environment_is_used_with_its_token(
    server: HubServer, shelf: Shelf, row: ModelRow, tmp_path: Path
) -> None:
    place = tmp_path / "table"
    place.mkdir()
    environment = {**CHILD, "HF_ENDPOINT": server.address, "HF_TOKEN": "hf_secret"}
    program = [sys.executable, "-c", WHOLE, "", str(shelf.own), str(place)]
    subprocess.run(program, env=environment, check=True)
    assert shelf.place(row) is Place.HERE
    asked = [request for request in server.requests if "/resolve/" in request.path]
    assert all(request.headers["authorization"] == "Bearer hf_secret" for request in asked)
    # The other host, to which the hub sends on, is not told.
    assert not any("authorization" in request.headers for request in server.downloads)


def test_mirror_is_not_told_the_user_s_token(
    row: ModelRow, server: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    get(row, server, shelf)
    assert not any("authorization" in request.headers for request in server.requests)


def test_environment_that_forbids_the_hub_is_obeyed(
    row: ModelRow, server: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(HubUnreachable, match="HF_HUB_OFFLINE"):
        get(row, server, shelf)
    assert not server.requests


def test_other_threads_stay_offline_while_a_hub_is_open(server: HubServer, tmp_path: Path) -> None:
    caught: list[BaseException] = []

    def ask() -> None:
        try:
            huggingface_hub.hf_hub_download(REPOSITORY, WEIGHTS, endpoint=server.address, cache_dir=str(tmp_path))
        except huggingface_hub.errors.LocalEntryNotFoundError as error:
            caught.append(error)

    with Hub(server.address):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    ask()
    assert len(caught) == 2
    assert not server.requests


Usage = namedtuple("Usage", "total used free")


def test_full_disk_is_known_before_a_byte_is_asked_for(
    row: ModelRow, server: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 10**8, 10**8))
    with pytest.raises(DiskFull, match="GB"):
        get(row, server, shelf)
    assert not [request for request in server.requests if request.method == "GET"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_disk_that_fills_up_on_the_way_is_named(
    row: ModelRow, server: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading._Wanted, "partial_name", property(lambda _: "partial"))
    # Reading from the device would never end.
    monkeypatch.setattr(downloading, "_hashes_of", lambda *_: staging.Hashes())
    with staging.staging(row, shelf) as gathered:
        (gathered.folder / "partial").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        get(row, server, shelf)


def test_second_download_of_a_model_waits_for_the_first(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    with staging.staging(row, shelf), pytest.raises(ModelBusy, match="on its way"):
        get(row, server, shelf)


def test_model_that_is_here_is_not_downloaded_again(row: ModelRow, server: HubServer, shelf: Shelf) -> None:
    get(row, server, shelf)
    before = len(server.requests)
    with pytest.raises(ModelBusy, match="here already"):
        get(row, server, shelf)
    assert len(server.requests) == before


def test_model_that_ships_is_not_to_be_downloaded(server: HubServer, shelf: Shelf) -> None:
    with pytest.raises(WeightsNotOffered):
        get(available_models()[0], server, shelf)
