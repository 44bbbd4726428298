"""Translates what Milvus, gRPC and the operating system raise into errors that the user can act on.

Used at the door of `lite_server` and `milvus`; nothing of theirs leaves this room untranslated.
"""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc
from milvus_lite.exceptions import DataDirLockedError, MilvusLiteError
from pymilvus.exceptions import MilvusException

from engine.errors import DataDirectoryUnusable, DiskFull, LibraryBusy, PropmasterError, VectorStoreFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

# Milvus Lite passes an OSError on as its text alone.
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ACCESS = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raise DiskFull, DataDirectoryUnusable, LibraryBusy or VectorStoreFailed in place of the library's own errors."""
    try:
        yield
    except DataDirLockedError as error:
        raise LibraryBusy(
            "Another Propmaster has this vector database open", "Close it, or choose another data directory."
        ) from error
    # A closed channel raises ValueError, a dead server RpcError, everything else of pymilvus MilvusException.
    except (MilvusException, MilvusLiteError, grpc.RpcError, OSError, ValueError) as error:
        raise _translate(doing, error) from error


def _translate(doing: str, error: Exception) -> PropmasterError:
    text = error.message if isinstance(error, MilvusException) else str(error)
    match _error_number(error, text):
        case number if number in _NO_ROOM:
            return DiskFull(
                f"There is no room left for {doing}", "Free some disk space; nothing has to be indexed again."
            )
        case number if number in _NO_ACCESS:
            return DataDirectoryUnusable(f"The vector database refuses {doing}: {text}", "Check its permissions.")
    return VectorStoreFailed(
        f"Milvus failed at {doing}: {text}",
        "The catalogue still holds every vector; the vector database is repaired when it is next opened.",
    )


def _error_number(error: Exception, text: str) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    found = _ERRNO.search(text)
    return int(found.group(1)) if found else None
