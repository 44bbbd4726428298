"""An error that travelled as a code is the same kind again, as far as words alone can make it."""

from __future__ import annotations

import pytest

from engine.errors import DecodeError, DiskFull, PropmasterError, error_of
from engine.services.service import ServiceFailed


def test_a_plain_error_is_its_kind_again() -> None:
    error = error_of(DiskFull.code, "The disk is full.", "Free some space.")
    assert (type(error), error.message, error.hint) == (DiskFull, "The disk is full.", "Free some space.")


@pytest.mark.parametrize("code", [DecodeError.code, ServiceFailed.code, "of a newer engine"])
def test_what_words_cannot_make_keeps_its_words(code: str) -> None:
    error = error_of(code, "It failed.", "Try again.")
    assert (type(error), error.message, error.hint) == (PropmasterError, "It failed.", "Try again.")
