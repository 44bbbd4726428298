from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InvalidSetting
from engine.settings import Settings, default_home, load_settings


def test_defaults_hold_without_a_file(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}) == Settings()


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('device = "cuda:1"\npoll_seconds = 5\n')
    settings = load_settings(tmp_path, {"PROPMASTER_POLL_SECONDS": "7"})
    assert (settings.device, settings.poll_seconds) == ("cuda:1", 7)


@pytest.mark.parametrize(
    "written", ["poll_seconds = 0", 'poll_seconds = "often"', "poll_seconds = true", "device = 3", "colour = 1", "x ="]
)
def test_senseless_setting_is_refused_by_name(tmp_path: Path, written: str) -> None:
    (tmp_path / "settings.toml").write_text(written)
    with pytest.raises(InvalidSetting) as caught:
        load_settings(tmp_path, {})
    assert written.split(" ")[0] in caught.value.message or "settings.toml" in caught.value.message
    assert caught.value.hint


def test_home_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROPMASTER_HOME", str(tmp_path))
    assert default_home() == tmp_path
    monkeypatch.delenv("PROPMASTER_HOME")
    assert default_home().name == "propmaster"
