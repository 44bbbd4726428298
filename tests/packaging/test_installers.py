"""What cannot be built here is at least in step with the rest: names, versions and files that it calls for."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from engine import __version__

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
SETUP = PACKAGING / "windows" / "propmaster.iss"


def test_the_version_is_written_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "engine/__init__.py"
    assert "{#Version}" in SETUP.read_text("utf-8")
    assert __version__ not in SETUP.read_text("utf-8")


def test_the_changelog_knows_the_version() -> None:
    changelog = (PACKAGING / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(__version__)}\b", changelog, re.MULTILINE)


def test_the_workflow_calls_what_is_there() -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    steps = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    called = {name for step in steps for name in re.findall(r"packaging/[\w./]+", step)}
    assert {"packaging/build.py", "packaging/smoke_test.py"} <= called
    for name in called:
        assert (ROOT / name).is_file(), name


def test_explorer_asks_for_the_likes_of_the_picture() -> None:
    written = SETUP.read_text("utf-8")
    assert 'ValueData: """{app}\\propmasterw.exe"" --similar ""%1"""' in written
    assert "PrivilegesRequired=lowest" in written


def test_the_setup_uses_what_the_build_defines() -> None:
    used = set(re.findall(r"\{#(\w+)\}", SETUP.read_text("utf-8")))
    defined = set(re.findall(r"/D(\w+)=", (PACKAGING / "build.py").read_text("utf-8")))
    assert used == defined


@pytest.mark.parametrize("script", [PACKAGING / "macos" / "disk_image.sh", PACKAGING / "linux" / "install.sh"])
@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_scripts_can_be_parsed(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)


def test_the_spec_can_be_parsed() -> None:
    assert ast.parse((PACKAGING / "propmaster.spec").read_text("utf-8"))
