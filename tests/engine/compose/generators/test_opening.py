"""Opening generators by the table's names, reached as the settings say."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from engine.compose.generators.opening import Reach, make_ready
from engine.compose.models import load_models
from engine.services.service import ServiceFailed
from engine.settings import Settings
from tests.engine.compose.generators.asking import made, request
from tests.helpers.gemini_server import KEY, gemini_server
from tests.helpers.gemini_wire import picture

NAMES = ("draft", "gemini", "openai", "stable_diffusion", "comfyui")


@pytest.fixture
def reach(tmp_path: Path) -> Reach:
    workflow = tmp_path / "workflow.json"
    workflow.write_text(json.dumps({"1": {"inputs": {"text": ""}, "_meta": {"title": "Prompt"}}}))
    return Reach(comfyui_workflow=str(workflow))


async def name_of(generator: str, home: Path, reach: Reach) -> str:
    opened = make_ready(generator, home, reach)()
    await opened.close()
    return opened.name


@pytest.mark.parametrize("name", NAMES)
def test_generator_opens_under_its_name(
    tmp_path: Path, reach: Reach, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "openai":
        pytest.importorskip("openai")
    for variable in ("GEMINI_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(variable, KEY)
    assert asyncio.run(name_of(name, tmp_path, reach)) == name


def test_table_names_only_generators_that_there_are(tmp_path: Path) -> None:
    assert {model.generator for model in load_models(tmp_path).rows} <= set(NAMES)


def test_unknown_generator_is_told(tmp_path: Path, reach: Reach) -> None:
    with pytest.raises(ServiceFailed, match="no generator “magic”"):
        make_ready("magic", tmp_path, reach)


def test_comfyui_without_a_workflow_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ServiceFailed, match="ComfyUI needs a workflow to run") as caught:
        make_ready("comfyui", tmp_path, Reach())
    assert "Export (API)" in caught.value.hint


def test_each_field_of_reach_is_a_setting_with_the_same_default() -> None:
    defaults = {each.name: each.default for each in fields(Settings)}
    assert {each.name: each.default for each in fields(Reach)}.items() <= defaults.items()


def test_address_of_the_settings_is_asked_and_the_key_of_the_environment_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    with gemini_server() as gemini:
        reach = Reach(gemini_base_url=gemini.address, gemini_api_version="v1beta")
        answer = made(make_ready("gemini", tmp_path, reach), request("gemini-3-pro-image", prompt="A hat."))
    assert answer.data == picture("A hat.", ratio="3:4")
    assert gemini.records[0].asked.version == "v1beta"


def test_address_of_the_environment_is_asked_where_the_settings_name_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    with gemini_server() as gemini:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini.address)
        made(make_ready("gemini", tmp_path, Reach()), request("gemini-3-pro-image"))
    assert len(gemini.records) == 1


def test_no_sdk_is_loaded_for_a_draft(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from engine.compose.generators.opening import Reach, make_ready\n"
        f"make_ready('draft', pathlib.Path({str(tmp_path)!r}), Reach())()\n"
        "print([name for name in ('google.genai', 'openai', 'httpx2', 'keyring') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"
