"""Takes a listed model's files from a disk or a share into the data directory, and takes them away again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.embedding.models import ModelRow
from engine.embedding.open_clip_config import CHECKPOINT_SUFFIXES, TOKENIZER_NAME, find_checkpoint
from engine.embedding.shelf import Shelf
from engine.errors import EncoderUnavailable, WeightsMissing, WeightsNotOffered
from engine.home import failed_write
from engine.weights.staging import WEIGHTS_NAME, Hashes, Staging, held, staging
from engine.weights.watching import Step, Watch

CHUNK_BYTES = 1 << 20


def import_weights(row: ModelRow, path: Path, shelf: Shelf, watch: Watch) -> None:
    """Copy weights, and the tokenizer beside them where the model has one. `path` is the file, its folder, or a folder
    that holds one named as the model.

    Raises Stopped, WeightsNotOffered, ModelBusy, WeightsMissing, EncoderUnavailable, DiskFull, DataDirectoryUnusable.
    """
    if row.weights is None:
        raise WeightsNotOffered(f"{row.title} needs no weights", "`propmaster models` lists those that do")
    weights = _find_weights(row, path)
    sources = [(weights, f"{WEIGHTS_NAME}{weights.suffix.lower()}")]
    if row.tokenizer is not None:
        sources.append((_find_tokenizer(row, weights), TOKENIZER_NAME))
    with staging(row, shelf) as gathered:
        # A download that was begun is not needed any more.
        _empty(gathered.folder)
        try:
            hashes = _copy(sources, gathered, watch)
            gathered.finish(hashes, shelf, watch)
        except EncoderUnavailable as error:
            gathered.discard()
            # It tells of the copy, which is gone; the user knows the original.
            told = str(error).replace(str(gathered.folder / sources[0][1]), str(weights))
            raise EncoderUnavailable(told, error.hint) from error
        except BaseException:
            gathered.discard()
            raise


def remove_weights(row: ModelRow, shelf: Shelf) -> None:
    """Delete a model's weights from the data directory, and what was downloaded of them; a share is left alone.

    Raises WeightsMissing if there are none, ModelBusy while they are brought, DataDirectoryUnusable.
    """
    assert shelf.own is not None, "only a data directory gives weights away"
    found = [folder for folder in (shelf.own / row.name, shelf.own / f"{row.name}.part") if folder.is_dir()]
    if not found:
        raise WeightsMissing(f"the weights of {row.title} are not in {shelf.own}", "nothing has to be removed")
    with held(row, shelf.own):
        for folder in found:
            _delete(folder, shelf.own / f"{row.name}.removed")


def _find_weights(row: ModelRow, path: Path) -> Path:
    if path.is_file():
        if path.suffix.lower() in CHECKPOINT_SUFFIXES:
            return path
        raise WeightsMissing(
            f"{path.name} holds no weights that can be read", f"known are files named {', '.join(CHECKPOINT_SUFFIXES)}"
        )
    folder = path / row.name if (path / row.name).is_dir() else path
    if not folder.is_dir():
        raise WeightsMissing(f"there is nothing at {path}", "check the spelling, and that the drive is connected")
    try:
        _require_one(folder)
        return find_checkpoint(folder)
    except EncoderUnavailable as error:
        raise WeightsMissing(f"there are no weights in {folder}", _what_to_copy(row)) from error
    except OSError as error:
        raise _unreadable(folder, error) from error


def _require_one(folder: Path) -> None:
    """Raise WeightsMissing where a folder holds the weights of several models and none is named as open_clip does."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in CHECKPOINT_SUFFIXES)
    if len({Path(name).stem for name in names}) > 1 and not any(name.startswith("open_clip") for name in names):
        raise WeightsMissing(f"{folder} holds several weights: {', '.join(names)}", "name the file that is meant")


def _find_tokenizer(row: ModelRow, weights: Path) -> Path:
    tokenizer = weights.with_name(TOKENIZER_NAME)
    if not tokenizer.is_file():
        raise WeightsMissing(f"{TOKENIZER_NAME} is not beside {weights}", _what_to_copy(row))
    return tokenizer


def _what_to_copy(row: ModelRow) -> str:
    files = [file for file in (row.weights, row.tokenizer) if file is not None]
    return "copy into it " + " and ".join(f"{file.path} of the repository {file.repository}" for file in files)


def _copy(sources: list[tuple[Path, str]], gathered: Staging, watch: Watch) -> Hashes:
    try:
        sizes = [source.stat().st_size for source, _ in sources]
    except OSError as error:
        raise _unreadable(sources[0][0], error) from error
    gathered.require_room(sum(sizes))
    done, found = 0, []
    for source, name in sources:
        hashes = Hashes()
        for chunk in _chunks(source):
            gathered.write(gathered.folder / name, chunk)
            hashes.update(chunk)
            watch.tell(Step.COPYING, done + hashes.nbytes, sum(sizes))
        done += hashes.nbytes
        found.append(hashes)
    return found[0]


def _delete(folder: Path, removed: Path) -> None:
    try:
        # Renamed first, so that a folder that cannot be deleted entirely is not taken for a model.
        shutil.rmtree(removed, ignore_errors=True)
        shutil.rmtree(folder.rename(removed))
    except OSError as error:
        raise failed_write(removed.parent, error) from error


def _chunks(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(path: Path, error: OSError) -> WeightsMissing:
    return WeightsMissing(f"{path} cannot be read: {error.strerror or error}", "check that the drive is connected")


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
