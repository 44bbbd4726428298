"""Every reason that the engine can give for a missing picture has its words in the language of the window."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

import engine
from desktop import troubles
from desktop.reasons import BLOCKED, KNOWN, told_reason
from desktop.settings import Language
from desktop.translation import Translation
from engine.compose.generators import gemini_answer
from engine.compose.retrying import STOPPED

PLACES = {"ServiceFailed": 1, "Halt": 0}
"""Which argument is the reason, by what is called with it."""
ROOM = Path(engine.__file__).parent


@pytest.fixture
def chinese(qapp: QCoreApplication) -> Iterator[None]:
    translation = Translation(qapp)
    translation.speak(Language.CHINESE)
    yield
    translation.close()


def written_reasons() -> set[str]:
    """Return every reason that the engine's source gives as it stands."""
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLACES:
                arguments = node.args[PLACES[node.func.id] :]
                if arguments and isinstance(arguments[0], ast.Constant):
                    found.add(str(arguments[0].value))
    return found


def refusals() -> set[str]:
    return {one.lower() for one in (*gemini_answer._REFUSALS, *gemini_answer._STUMBLES)}


def test_every_reason_has_words() -> None:
    written = written_reasons()
    assert {"bad_key", "workflow_failed", "interrupted"} <= written
    assert written | refusals() | {STOPPED, BLOCKED} == set(KNOWN)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("reason", sorted(KNOWN))
def test_every_reason_is_told_in_chinese_with_what_to_do(reason: str) -> None:
    words, hint = told_reason(reason, "English.", "English.")
    assert not any(text.isascii() for text in (words, hint))


@pytest.mark.usefixtures("chinese")
def test_refused_prompt_says_what_it_is_refused_for() -> None:
    assert told_reason("blocked_spii", "Gemini refuses.", "")[0] == "可能含有个人数据。"
    assert told_reason("blocked_of_next_year", "Gemini refuses.", "")[0] == "该服务拒绝提示词或参考图。"


@pytest.mark.usefixtures("chinese")
def test_what_the_service_says_is_kept() -> None:
    words, _ = told_reason("bad_key", "Gemini does not accept the key. It says: “API key not valid”", "")
    assert words == "该服务不接受此密钥。 它说：“API key not valid”"


@pytest.mark.usefixtures("chinese")
def test_code_of_an_error_is_a_reason_as_well() -> None:
    assert told_reason("never_sent", "a.png must stay", "") == troubles.told("never_sent", "a.png must stay", "")
    assert told_reason("of_next_year", "Something new.", "Wait.") == ("Something new.", "Wait.")


@pytest.mark.usefixtures("qapp")
def test_english_window_says_exactly_what_the_engine_said() -> None:
    assert told_reason("bad_key", "Gemini does not accept the key.", "Copy it.") == (
        "Gemini does not accept the key.",
        "Copy it.",
    )
