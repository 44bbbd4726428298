"""`propmaster models plan` and `fill` by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.cli.conftest import Propmaster
from tests.helpers.drawing import draw
from tests.helpers.encoder_servers import KEY, openai_server
from tests.helpers.tiny_encoder import write_tiny_encoder

FILES = 20
PAID = "openai-text-embedding-3-large"


@pytest.fixture
def art(tmp_path: Path, propmaster: Propmaster) -> Path:
    """Index a few pictures in two folders."""
    for seed in range(FILES):
        draw(tmp_path / "art" / ("hero" if seed < 5 else "old") / f"{seed}.png", seed)
    assert propmaster("index", tmp_path / "art").status == 0
    return tmp_path / "art"


def test_plan_and_fill_take_the_named_folder_first(art: Path, propmaster: Propmaster, tmp_path: Path) -> None:
    encoder = write_tiny_encoder(tmp_path / "clip")
    asked = ("models", "plan", encoder, "--images", "6", "--folder", art / "hero")
    planned = propmaster(*asked, "--json").document
    assert (planned["images"], planned["waiting"], planned["usd"], planned["service"]) == (6, FILES, 0, None)
    assert planned["reasons"] == {"chosen_folder": 5, "used": 0, "newest": 1}
    assert planned["folders"][0] == {"folder": str(art / "hero"), "reason": "chosen_folder", "images": 5}
    assert planned["seconds"] is not None
    said = propmaster(*asked).out
    assert "chosen folders" in said
    assert "on this machine" in said
    filled = propmaster("models", "fill", encoder, "--images", "6", "--json").document
    assert filled == {"indexed": 6, "failed": 0, "left": FILES - 6, "cancelled": False}


@pytest.mark.usefixtures("art")
def test_hits_name_the_spaces_that_found_them(
    propmaster: Propmaster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROPMASTER_QUALITY_ENCODER", str(write_tiny_encoder(tmp_path / "clip")))
    assert propmaster("models", "fill", "--json").document["indexed"] == FILES
    hits = propmaster("search", "circle", "--json").document["hits"]
    assert len({name for hit in hits for name in hit["found_by"]}) == 2
    assert "starter-4" in propmaster("search", "circle").out


@pytest.mark.usefixtures("art")
def test_without_a_quality_encoder_the_hint_says_where_they_are(propmaster: Propmaster) -> None:
    for command in ("plan", "fill"):
        refused = propmaster("models", command, "--json")
        assert (refused.status, refused.document["error"]) == (1, "encoder_unknown")


@pytest.mark.usefixtures("art")
def test_service_is_paid_only_what_was_agreed_to(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with openai_server() as server:
        monkeypatch.setenv("PROPMASTER_OPENAI_BASE_URL", server.address)
        planned = propmaster("models", "plan", PAID, "--budget", "0.005", "--json").document
        assert planned["images"] == int(0.005 / planned["usd_each"])
        assert planned["usd"] <= 0.005
        assert propmaster("models", "fill", PAID, "--json").document["error"] == "invalid_setting"
        monkeypatch.setattr("typer.confirm", lambda *_, **__: (_ for _ in ()).throw(SystemExit(1)))
        assert propmaster("models", "fill", PAID, "--budget", "0.005").status == 1
        assert server.requests == []
        filled = propmaster("models", "fill", PAID, "--budget", "0.005", "--yes", "--json").document
        assert planned["images"] <= filled["indexed"] < FILES
        assert KEY not in propmaster("ledger", "--json").out


@pytest.mark.usefixtures("art")
def test_day_that_is_used_up_is_told(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert propmaster("budget", "set", "--day", "0").status == 0
    with openai_server() as server:
        monkeypatch.setenv("PROPMASTER_OPENAI_BASE_URL", server.address)
        filled = propmaster("models", "fill", PAID, "--budget", "1", "--yes")
        assert server.requests == []
    assert filled.status == 0
    assert "0 pictures seen" in filled.out
    assert "Today's budget is used up" in filled.out
