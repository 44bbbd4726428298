from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.compose.generators.generator import GenerationFailed
from engine.compose.generators.opening import make_ready
from engine.compose.models import load_models


async def name_of(generator: str, home: Path) -> str:
    made = make_ready(generator, home, 10.0)()
    await made.close()
    return made.name


def test_every_generator_of_the_table_opens_under_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GEMINI_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(variable, "AIzaSyTestKeyOfTheLoopbackServer0123456")
    wanted = {model.generator for model in load_models(tmp_path).rows}
    assert {"gemini", "draft"} <= wanted
    assert {asyncio.run(name_of(generator, tmp_path)) for generator in wanted} == wanted


def test_unknown_generator_is_told(tmp_path: Path) -> None:
    with pytest.raises(GenerationFailed, match="no generator “magic”"):
        make_ready("magic", tmp_path, 10.0)
