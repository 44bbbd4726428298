"""An error that travelled as a code is the same kind again, as far as words alone can make it."""

from __future__ import annotations

import pytest

from engine.errors import DecodeError, DiskFull, PropmasterError, error_of, in_one_text
from engine.services.service import ServiceFailed


def test_a_plain_error_is_its_kind_again() -> None:
    error = error_of(DiskFull.code, "The disk is full.", "Free some space.")
    assert (type(error), error.message, error.hint) == (DiskFull, "The disk is full.", "Free some space.")


@pytest.mark.parametrize("code", [DecodeError.code, ServiceFailed.code, "of a newer engine"])
def test_what_words_cannot_make_keeps_its_words(code: str) -> None:
    error = error_of(code, "It failed.", "Try again.")
    assert (type(error), error.message, error.hint) == (PropmasterError, "It failed.", "Try again.")


@pytest.mark.parametrize(
    ("message", "hint", "said"),
    [
        ("the folder is not there", "plug its drive in", "The folder is not there. Plug its drive in."),
        ("a.png is gone", "", "a.png is gone."),
        ("today's budget is used up", "raise it", "Today's budget is used up. Raise it."),
        ("It says: “no”", "Ask again.", "It says: “no” Ask again."),
    ],
)
def test_what_happened_and_what_to_do_are_sentences(message: str, hint: str, said: str) -> None:
    assert in_one_text(message, hint) == said
