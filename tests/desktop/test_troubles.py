"""Errors of the engine are told in the language of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication

from desktop import troubles
from desktop.settings import Language
from desktop.translation import Translation
from desktop.troubles import told
from engine import errors
from engine.compose.brief import InvalidBrief, NeverSent
from engine.compose.models import ModelRetired, ModelTableDamaged, ModelUnknown
from engine.compose.prompt import PromptsDamaged
from engine.errors import DecodeFault, PropmasterError
from engine.services.keys import KeyUnusable
from engine.updates.feed import UpdateUnreachable
from engine.updates.manifest import UpdateDamaged, UpdateForged
from engine.updating import NoUpdateSource, UpdateStale

UPDATING = (NoUpdateSource, UpdateDamaged, UpdateForged, UpdateStale, UpdateUnreachable)
COMPOSING = (InvalidBrief, KeyUnusable, ModelRetired, ModelTableDamaged, ModelUnknown, NeverSent, PromptsDamaged)
UNTOLD = {"error", "decode_error", "list_unknown", "message_invalid"}
"""Codes that never reach the user as they are."""


@pytest.fixture
def chinese(qapp: QCoreApplication) -> Iterator[None]:
    translation = Translation(qapp)
    translation.speak(Language.CHINESE)
    yield
    translation.close()


def test_every_code_has_words() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, PropmasterError)]
    wanted = {kind.code for kind in (*kinds, *COMPOSING, *UPDATING)} | {fault.value for fault in DecodeFault} | {"bug"}
    assert set(troubles.KNOWN) == wanted - UNTOLD


@pytest.mark.usefixtures("qapp")
def test_english_window_says_exactly_what_the_engine_said() -> None:
    assert told("disk_full", "The disk of /art is full.", "Free space.") == ("The disk of /art is full.", "Free space.")


@pytest.mark.usefixtures("chinese")
def test_chinese_window_speaks_chinese() -> None:
    words, remedy = told("disk_full", "The disk of /art is full.", "Free space.")
    assert words == "存放 Propmaster 数据的磁盘已满。"
    assert remedy == "请释放一些空间；索引会自动继续。"


@pytest.mark.usefixtures("chinese")
def test_unknown_code_is_told_as_it_came() -> None:
    assert told("of_next_year", "Something new.", "") == ("Something new.", "")
