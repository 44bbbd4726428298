"""What a user sees of the errors of Milvus and the operating system."""

from __future__ import annotations

import errno

import pytest
from pymilvus.exceptions import MilvusException

from engine.errors import DataDirectoryUnusable, DiskFull, PropmasterError, VectorStoreFailed
from engine.vectors.faults import translated


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (MilvusException(message="[Errno 28] No space left on device: 'wal'"), DiskFull),
        (PermissionError(errno.EACCES, "Permission denied"), DataDirectoryUnusable),
        (MilvusException(message="[Errno 30] Read-only file system"), DataDirectoryUnusable),
        (MilvusException(message="something else"), VectorStoreFailed),
        (ValueError("Cannot invoke RPC on closed channel!"), VectorStoreFailed),
    ],
)
def test_library_errors_become_errors_a_user_can_act_on(error: Exception, expected: type[PropmasterError]) -> None:
    with pytest.raises(expected) as raised, translated("storing vectors"):
        raise error
    assert raised.value.__cause__ is error
    assert raised.value.hint


def test_our_own_errors_pass_unchanged() -> None:
    with pytest.raises(DiskFull, match="mine"), translated("storing vectors"):
        raise DiskFull("mine")
