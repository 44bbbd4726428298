"""The window loads nothing heavy, and every text it shows is translated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "resources" / "translations"
LUPDATE = Path(sys.executable).with_name("pyside6-lupdate")


def test_the_window_loads_no_model_and_no_database() -> None:
    code = (
        "import sys, desktop.app\n"
        "heavy = {'torch', 'open_clip', 'pymilvus', 'milvus_lite', 'faiss', 'PIL', 'sqlite3', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == "[]"


def texts(path: Path) -> set[tuple[str, str]]:
    contexts = ElementTree.parse(path).getroot().iter("context")
    return {(one.findtext("name", ""), text.text or "") for one in contexts for text in one.iter("source")}


@pytest.mark.skipif(not LUPDATE.exists(), reason="lupdate is not installed beside Python")
def test_every_text_is_translated(tmp_path: Path) -> None:
    sources = [str(path) for path in sorted((ROOT / "desktop").rglob("*.py"))]
    fresh = tmp_path / "fresh.ts"
    subprocess.run([str(LUPDATE), *sources, "-ts", str(fresh)], capture_output=True, check=True)
    assert texts(fresh) == texts(TRANSLATIONS / "propmaster_zh_CN.ts")
    assert "unfinished" not in (TRANSLATIONS / "propmaster_zh_CN.ts").read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_compiled_translation_is_of_the_written_one(language: str) -> None:
    compiled = QTranslator()
    assert compiled.load(str(TRANSLATIONS / f"propmaster_{language}.qm"))
    for context in ElementTree.parse(TRANSLATIONS / f"propmaster_{language}.ts").getroot().iter("context"):
        for message in context.iter("message"):
            plural = message.find("translation/numerusform")
            written = message.findtext("translation") if plural is None else None
            if written is not None:
                source = message.findtext("source", "")
                assert compiled.translate(context.findtext("name", ""), source) == written
