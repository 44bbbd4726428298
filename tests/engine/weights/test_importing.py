"""Weights from a disk, in every shape that people have them in, and from a share."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.embedding.catalog import find_encoder, load_encoder
from engine.embedding.models import ModelRow
from engine.embedding.shelf import Place, Shelf
from engine.errors import EncoderUnavailable, ModelBusy, WeightsMissing
from engine.weights.importing import import_weights, remove_weights
from engine.weights.watching import Progress, Step, Stopped, Watch
from tests.helpers.models import WEIGHTS, sha256_of, small_row, table_with, write_tokenizer


def test_file_becomes_a_model_that_encodes(row: ModelRow, checkpoint: Path, shelf: Shelf) -> None:
    import_weights(row, checkpoint, shelf, Watch())
    assert shelf.place(row) is Place.HERE
    encoder = load_encoder(row.name, "cpu", shelf)
    assert encoder.encode_texts(["a sword"]).shape == (1, row.dimension)
    encoder.close()


@pytest.mark.parametrize("inside", [".", "small"])
def test_folder_is_taken_with_or_without_the_model_s_name(
    row: ModelRow, checkpoint: Path, shelf: Shelf, tmp_path: Path, inside: str
) -> None:
    stick = tmp_path / "stick"
    (stick / inside).mkdir(parents=True)
    shutil.copy(checkpoint, stick / inside)
    import_weights(row, stick, shelf, Watch())
    assert shelf.place(row) is Place.HERE


@pytest.mark.parametrize("name", ["weights.bin", "epoch_32.pt", "model.PT"])
def test_pickle_of_plain_tensors_is_taken(
    row: ModelRow, checkpoint: Path, shelf: Shelf, tmp_path: Path, name: str
) -> None:
    torch.save({"state_dict": load_file(checkpoint)}, tmp_path / name)
    import_weights(row, tmp_path / name, shelf, Watch())
    load_encoder(row.name, "cpu", shelf).close()


class Evil:
    """Runs code while it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.mkdir, (str(self.mark),))


def test_pickle_that_would_run_code_is_refused_and_not_run(row: ModelRow, shelf: Shelf, tmp_path: Path) -> None:
    torch.save({"weights": Evil(tmp_path / "ran")}, tmp_path / "evil.pt")
    with pytest.raises(EncoderUnavailable, match="could run code") as caught:
        import_weights(row, tmp_path / "evil.pt", shelf, Watch())
    assert str(caught.value).startswith(str(tmp_path / "evil.pt"))
    assert "you trust" not in str(caught.value), "torch's advice how to run it"
    assert not (tmp_path / "ran").exists()
    assert not list((shelf.own or tmp_path).glob("small*/"))


@pytest.mark.parametrize("keep", [0, 7, 5000, -1])
def test_truncated_file_is_refused_and_nothing_is_left(
    row: ModelRow, content: bytes, shelf: Shelf, tmp_path: Path, keep: int
) -> None:
    (tmp_path / WEIGHTS).write_bytes(content[:keep])
    with pytest.raises(EncoderUnavailable):
        import_weights(row, tmp_path / WEIGHTS, shelf, Watch())
    assert shelf.place(row) is Place.ABSENT
    assert not list((shelf.own or tmp_path).glob("small*/"))


def test_weights_of_another_architecture_are_refused(checkpoint: Path, shelf: Shelf, tmp_path: Path) -> None:
    with (
        table_with(tmp_path, small_row(architecture='"RN50"')) as row,
        pytest.raises(EncoderUnavailable, match="do not fit") as caught,
    ):
        import_weights(row, checkpoint, shelf, Watch())
    assert str(checkpoint) in str(caught.value)
    assert not list((shelf.own or tmp_path).glob("small*/"))
    assert shelf.place(row) is Place.ABSENT


def test_weights_with_a_part_missing_say_which(row: ModelRow, checkpoint: Path, shelf: Shelf, tmp_path: Path) -> None:
    parts = load_file(checkpoint)
    del parts["visual.proj"]
    save_file(parts, tmp_path / WEIGHTS)
    with pytest.raises(EncoderUnavailable, match=r"do not fit the model: .*visual\.proj"):
        import_weights(row, tmp_path / WEIGHTS, shelf, Watch())


def test_weights_that_are_not_the_published_ones_are_named_after_themselves(
    checkpoint: Path, shelf: Shelf, tmp_path: Path
) -> None:
    ours, theirs = (
        f'{{ repo = "r/r", file = "{WEIGHTS}", sha256 = "{sha256}" }}' for sha256 in (sha256_of(checkpoint), "0" * 64)
    )
    with table_with(tmp_path, small_row(weights=ours)) as row:
        import_weights(row, checkpoint, shelf, Watch())
        assert find_encoder(row.name, shelf=shelf).profile.name == "small"
    with table_with(tmp_path, small_row(weights=theirs)) as row:
        named = find_encoder(row.name, shelf=shelf).profile.name
        assert named == find_encoder(f"open_clip:{row.architecture}:{checkpoint}").profile.name
        assert named != "small"


def test_missing_paths_and_files_say_what_to_copy(row: ModelRow, shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="nowhere"):
        import_weights(row, tmp_path / "nowhere", shelf, Watch())
    with pytest.raises(WeightsMissing) as caught:
        import_weights(row, tmp_path, shelf, Watch())
    assert f"{WEIGHTS} of the repository studio/small" in caught.value.hint
    (tmp_path / "readme.md").write_text("hello")
    with pytest.raises(WeightsMissing, match=r"readme\.md"):
        import_weights(row, tmp_path / "readme.md", shelf, Watch())


def test_folder_with_several_weights_is_asked_about(
    row: ModelRow, checkpoint: Path, shelf: Shelf, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in ("a.safetensors", "b.safetensors"):
        shutil.copy(checkpoint, stick / name)
    with pytest.raises(WeightsMissing, match=r"several weights: a\.safetensors, b\.safetensors"):
        import_weights(row, stick, shelf, Watch())
    shutil.copy(checkpoint, stick / WEIGHTS)
    import_weights(row, stick, shelf, Watch())


def test_tokenizer_comes_along_and_is_asked_for(checkpoint: Path, shelf: Shelf, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copy(checkpoint, stick)
    with table_with(tmp_path, small_row(tokenizer='{ repo = "studio/words", file = "tokenizer.json" }')) as row:
        with pytest.raises(WeightsMissing, match=r"tokenizer\.json") as caught:
            import_weights(row, stick, shelf, Watch())
        assert "studio/words" in caught.value.hint
        write_tokenizer(stick / "tokenizer.json")
        import_weights(row, stick, shelf, Watch())
    assert (shelf.find(row) / "tokenizer.json").is_file()  # type: ignore[operator]


def test_stopped_import_leaves_nothing(row: ModelRow, checkpoint: Path, shelf: Shelf) -> None:
    stopped, told = threading.Event(), list[Progress]()

    def stop(progress: Progress) -> None:
        told.append(progress)
        stopped.set()

    with pytest.raises(Stopped):
        import_weights(row, checkpoint, shelf, Watch(stop, stopped))
    assert told[0].step is Step.COPYING
    assert not list((shelf.own or checkpoint).glob("small*/"))


def test_share_is_read_in_place_and_the_own_copy_comes_first(row: ModelRow, checkpoint: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    (share / row.name).mkdir(parents=True)
    shutil.copy(checkpoint, share / row.name)
    shelf = Shelf(tmp_path / "home" / "models", share)
    assert shelf.place(row) is Place.SHARED
    load_encoder(row.name, "cpu", shelf).close()
    assert not (tmp_path / "home" / "models" / row.name).exists()
    with pytest.raises(WeightsMissing):
        remove_weights(row, shelf)
    import_weights(row, share, shelf, Watch())
    assert shelf.place(row) is Place.HERE
    remove_weights(row, shelf)
    assert shelf.place(row) is Place.SHARED


def test_checksums_are_remembered_until_the_file_changes(row: ModelRow, checkpoint: Path, shelf: Shelf) -> None:
    import_weights(row, checkpoint, shelf, Watch())
    folder = shelf.find(row)
    assert folder is not None
    name = find_encoder(row.name, shelf=shelf).profile.name
    weights = folder / WEIGHTS
    kept = weights.stat()
    with weights.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x7f")
    os.utime(weights, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert find_encoder(row.name, shelf=shelf).profile.name == name, "not read again"
    os.utime(weights, ns=(kept.st_atime_ns, kept.st_mtime_ns + 1))
    assert find_encoder(row.name, shelf=shelf).profile.name != name


def test_model_is_removed_with_what_was_downloaded_of_it(row: ModelRow, checkpoint: Path, shelf: Shelf) -> None:
    import_weights(row, checkpoint, shelf, Watch())
    with pytest.raises(ModelBusy):
        import_weights(row, checkpoint, shelf, Watch())
    remove_weights(row, shelf)
    assert shelf.place(row) is Place.ABSENT
    with pytest.raises(WeightsMissing):
        remove_weights(row, shelf)
    (shelf.own or checkpoint).joinpath(f"{row.name}.part").mkdir()
    remove_weights(row, shelf)
