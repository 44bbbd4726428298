from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.library import Library
from tests.engine.cli.conftest import Propmaster
from tests.helpers.tiny_encoder import write_tiny_encoder

COMMANDS = (
    *("index", "watch", "search", "similar", "folders", "status", "errors", "models", "evaluate", "doctor", "demo"),
    *("compose", "jobs", "keys", "ledger", "budget"),
)


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['propmaster', '--help']\n"
        "from engine.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('torch', 'open_clip', 'pymilvus', 'faiss', 'PIL', 'numpy', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert all(f" {command} " in done.stdout for command in COMMANDS)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_takes_json_and_home(propmaster: Propmaster, command: str) -> None:
    shown = propmaster(command, "--help")
    assert shown.status == 0
    assert "--json" in shown.out
    assert "--home" in shown.out


def test_version_comes_from_the_package(propmaster: Propmaster) -> None:
    assert propmaster("--version").out.startswith("propmaster 0.")


def test_index_reports_and_search_finds(propmaster: Propmaster, art: Path) -> None:
    report = propmaster("index", art, "--json")
    assert report.status == 0
    assert (report.document["indexed"], report.document["failed"], report.document["healed"]) == (3, 0, None)
    assert report.document["folders"][0]["seen"] == 3
    found = propmaster("search", "crown", "--json").document
    assert set(found) == {"query", "took_ms", "total", "silence", "hits"}
    assert found["hits"][0]["path"] == str(art / "red_crown.png")
    assert set(found["hits"][0]) >= {"path", "score", "band"}
    assert propmaster("search", "宝箱", "-n", "1", "--json").document["hits"][0]["path"] == str(
        art / "deep" / "宝箱.png"
    )


def test_global_options_work_before_and_after_the_command(propmaster: Propmaster, art: Path, tmp_path: Path) -> None:
    assert propmaster("--home", tmp_path / "other", "--json", "index", art).document["indexed"] == 3
    assert propmaster("status", "--home", tmp_path / "other", "--json").document["assets"] == 3
    assert propmaster("status", "--json").document["assets"] == 0


def test_similar_leaves_the_picture_itself_out(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    hits = propmaster("similar", art / "red_crown.png", "--json").document["hits"]
    assert sorted(Path(hit["path"]).name for hit in hits) == ["blue_sword.png", "宝箱.png"]


def test_filters_and_terms_combine(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    run = propmaster(
        "search", "crown", "--not", "sword@0.3", "--like", f"{art / 'red_crown.png'}@0.5", "--folder", art / "deep",
        "--format", "png", "--min-size", "10", "--aspect", "landscape", "--no-alpha", "--since", "2000-01-01", "--json",
    )  # fmt: skip
    assert [Path(hit["path"]).name for hit in run.document["hits"]] == ["宝箱.png"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--min-size", "big"),
        ("--aspect", "wide-ish"),
        ("--color", "reddish"),
        ("--since", "yesterday"),
        ("--format", "docx"),
        ("--not", "sword@-1"),
        ("--like", "/nowhere/x.png"),
    ],
)
def test_nonsense_in_a_filter_says_what_to_write(propmaster: Propmaster, art: Path, option: str, value: str) -> None:
    propmaster("index", art)
    run = propmaster("search", "crown", option, value, "--json")
    assert run.status == 1
    assert run.document["error"] == "invalid_query"
    assert run.document["message"]


def test_batch_prints_one_line_for_each_query(
    propmaster: Propmaster, art: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propmaster("index", art)
    monkeypatch.setattr("sys.stdin", io.StringIO("crown\n\n宝箱\n"))
    lines = [json.loads(line) for line in propmaster("search", "--batch", "-n", "2").out.splitlines()]
    assert [line["query"] for line in lines] == ["crown", "宝箱"]
    assert all(len(line["hits"]) == 2 and line["took_ms"] > 0 for line in lines)
    assert all(set(hit) >= {"path", "score", "band"} for line in lines for hit in line["hits"])


def test_folders_are_listed_added_and_removed(propmaster: Propmaster, art: Path) -> None:
    assert propmaster("folders", "add", art, "--json").document["path"] == str(art)
    propmaster("index")
    (folder,) = propmaster("folders", "--json").document
    assert (folder["path"], folder["state"], folder["ready"]) == (str(art), "online", 3)
    assert propmaster("folders", "remove", art).status == 0
    assert propmaster("folders", "list", "--json").document == []
    run = propmaster("folders", "remove", art, "--json")
    assert (run.status, run.document["error"]) == (1, "folder_unknown")


def test_missing_folder_is_an_error_with_advice(propmaster: Propmaster, tmp_path: Path) -> None:
    run = propmaster("index", tmp_path / "nowhere")
    assert run.status == 1
    assert "there is no folder" in run.err
    assert "check the spelling" in run.err


def test_failed_files_are_listed_with_reason_and_retried(propmaster: Propmaster, art: Path) -> None:
    (art / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    os.utime(art / "broken.png", (1_600_000_000, 1_600_000_000))
    assert propmaster("index", art, "--json").document["failed"] == 1
    (failed,) = propmaster("errors", "--json").document
    assert Path(failed["path"]).name == "broken.png"
    assert failed["fault"]
    assert failed["reason"]
    assert "broken.png" in propmaster("errors").out
    (art / "broken.png").write_bytes((art / "red_crown.png").read_bytes())
    assert propmaster("errors", "--retry", "--json").document == []


def test_status_counts(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    status = propmaster("status", "--json").document
    assert (status["assets"], status["vectors"], status["pending"], status["failed"]) == (3, 3, 0, 0)
    assert "Searchable" in propmaster("status").out


def test_models_tell_which_one_is_in_use(propmaster: Propmaster) -> None:
    models = propmaster("models", "--json").document
    assert [model["name"] for model in models if model["in_use"]] == ["starter-4"]
    assert all(model["licence"] and model["dimension"] for model in models)
    (starter,) = (model for model in models if model["in_use"])
    assert starter["figures"] in propmaster("models").out.replace("\n", " ").replace("  ", " ")


def test_encoder_is_built_beside_the_searched_one_and_the_old_one_dropped(
    propmaster: Propmaster, art: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def models() -> dict[str, dict[str, object]]:
        return {model["name"]: model for model in propmaster("models", "--json").document}

    propmaster("index", art)
    monkeypatch.setenv("PROPMASTER_ENCODER", str(write_tiny_encoder(tmp_path / "clip")))
    (own,) = (name for name, model in models().items() if model["in_use"])
    assert (models()[own]["built"], models()["starter-4"]["searched"]) == (0.0, True)
    assert "being built 0 %" in propmaster("models").out
    assert f"{own}, 0 %" in propmaster("status").out
    refused = propmaster("models", "drop", "starter-4", "--yes", "--json")
    assert (refused.status, refused.document["error"]) == (1, "encoder_in_use")
    report = propmaster("index", "--json").document
    assert (report["searched"], report["built"]) == (own, None)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert propmaster("models", "drop", "starter-4").status == 1
    assert models()["starter-4"]["vectors"] == 3
    assert propmaster("models", "drop", "starter-4", "--yes", "--json").document == {
        "dropped": "starter-4",
        "vectors": 3,
    }
    assert models()["starter-4"]["vectors"] == 0
    assert propmaster("models", "drop", "starter-0", "--json").document["error"] == "encoder_unknown"


def test_doctor_finds_a_healthy_library_sound(propmaster: Propmaster, art: Path) -> None:
    propmaster("index", art)
    run = propmaster("doctor", "--json")
    assert run.status == 0
    assert run.document["sound"]
    subjects = {finding["subject"] for finding in run.document["findings"]}
    assert subjects >= {"python", "packages", "data directory", "free disk", "device", "catalogue", "vector database"}


def test_doctor_finds_and_repairs_damaged_vectors(propmaster: Propmaster, art: Path, tmp_path: Path) -> None:
    propmaster("index", art)
    segment = next((tmp_path / "home" / "vectors").rglob("*.parquet"))
    segment.write_bytes(b"")
    run = propmaster("doctor", "--json")
    assert run.status == 1
    (bad,) = [finding for finding in run.document["findings"] if finding["verdict"] == "bad"]
    assert "--repair" in bad["advice"]
    assert propmaster("doctor", "--repair").status == 0
    assert propmaster("doctor", "--json").document["sound"]


def test_doctor_restores_the_catalogues_backup(propmaster: Propmaster, art: Path, tmp_path: Path) -> None:
    propmaster("index", art)
    (tmp_path / "home" / "catalogue.sqlite").write_bytes(b"x" * 10_000)
    run = propmaster("search", "crown")
    assert run.status == 1
    assert "doctor --restore" in run.err
    assert propmaster("doctor", "--restore").status == 0
    assert propmaster("index", "--json").document["failed"] == 0
    assert propmaster("search", "crown", "--json").document["hits"][0]["path"].endswith("red_crown.png")


def test_second_writer_is_told(propmaster: Propmaster, art: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "home"):
        run = propmaster("index", art, "--json")
        assert (run.status, run.document["error"]) == (1, "library_busy")
        assert propmaster("status").status == 0


def test_empty_library_says_how_to_begin(propmaster: Propmaster) -> None:
    run = propmaster("search", "crown")
    assert run.status == 1
    assert "index a folder first" in run.err


def test_wrong_setting_is_named(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROPMASTER_DECODE_THREADS", "many")
    run = propmaster("status", "--json")
    assert (run.status, run.document["error"]) == (1, "invalid_setting")
    assert "decode_threads" in run.document["message"]


def test_name_that_is_not_text_is_printed_and_round_trips(propmaster: Propmaster, art: Path) -> None:
    name = os.fsdecode(b"caf\xe9_crown.png")
    (art / "red_crown.png").rename(art / name)
    propmaster("index", art)
    assert propmaster("search", "crown").status == 0
    paths = [hit["path"] for hit in propmaster("search", "crown", "--json").document["hits"]]
    assert str(art / name) in paths
