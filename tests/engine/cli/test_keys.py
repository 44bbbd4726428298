"""`propmaster keys`: keeps, shows, forgets and tries keys without ever printing one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.engine.cli.conftest import Propmaster
from tests.helpers.encoder_servers import dashscope_server, error, vectors
from tests.helpers.gemini_server import KEY, gemini_server


def test_key_from_standard_input_is_kept_shown_and_forgotten_unprinted(
    propmaster: Propmaster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    kept = propmaster("keys", "set", "gemini")
    shown = propmaster("keys")
    forgotten = propmaster("keys", "forget", "gemini", "--json")
    file = tmp_path / "home" / "keys.toml"
    assert kept.out == f"The key for gemini is kept in {file}.\n"
    assert kept.err.startswith("This system has no keyring")
    none = [f"{service:10}none; `propmaster keys set {service}` keeps one" for service in ("openai", "dashscope")]
    assert shown.out.splitlines() == [f"gemini    file: {file}", *none]
    assert forgotten.document[0] == {"service": "gemini", "place": None, "where": None}
    assert KEY not in "".join(run.out + run.err for run in (kept, shown, forgotten))


def test_key_of_the_environment_is_named_by_its_variable(
    propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert propmaster("keys", "--json").document[0] == {
        "service": "gemini",
        "place": "environment",
        "where": "GEMINI_API_KEY",
    }


def test_service_is_asked_whether_it_accepts_the_key(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    with gemini_server() as gemini:
        monkeypatch.setenv("PROPMASTER_GEMINI_BASE_URL", gemini.address)
        missing = propmaster("keys", "test", "gemini")
        monkeypatch.setenv("GEMINI_API_KEY", "AIzaMistyped")
        wrong = propmaster("keys", "test", "gemini")
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        right = propmaster("keys", "test", "gemini")
    assert (missing.status, wrong.status, right.status) == (1, 1, 0)
    assert "There is no key for Gemini." in missing.err
    assert "Gemini does not accept the key. It says: “API key not valid." in wrong.err
    assert right.out == "Gemini answers and accepts the key.\n"


def test_dashscope_is_asked_for_nothing_that_costs(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    with dashscope_server() as dashscope:
        monkeypatch.setenv("PROPMASTER_DASHSCOPE_URL", dashscope.address)
        missing = propmaster("keys", "test", "dashscope")
        assert not dashscope.requests
        monkeypatch.setenv("DASHSCOPE_API_KEY", KEY)
        dashscope.replies += (
            error(401, "InvalidApiKey", "Invalid API-key provided."),
            error(400, "Arrearage", "Access denied, please make sure your account is in good standing."),
            error(400, "InvalidParameter", "The text is empty."),
            vectors(1, 1152, "dashscope"),
        )
        wrong, unpaid, right, lenient = (propmaster("keys", "test", "dashscope") for _ in range(4))
        sent = [one for body in dashscope.bodies for one in body["input"]["contents"]]
    assert (missing.status, wrong.status, unpaid.status, right.status, lenient.status) == (1, 1, 1, 0, 0)
    assert "There is no key for DashScope." in missing.err
    assert "DashScope does not accept the key. It says: “Invalid API-key" in wrong.err
    assert "allowance at DashScope is used up" in unpaid.err
    assert right.out == lenient.out == "DashScope answers and accepts the key.\n"
    assert sent == [{"text": ""}] * 4
    assert KEY not in "".join(run.out + run.err for run in (wrong, unpaid, right))


def test_what_cannot_be_a_key_is_refused(propmaster: Propmaster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("not a key\n"))
    run = propmaster("keys", "set", "gemini")
    assert (run.status, "This is no key" in run.err) == (1, True)
