"""Nothing that a failing run writes holds the key: searched for in logs, tracebacks, standard error and files."""

from __future__ import annotations

import io
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.compose.generators.gemini import GeminiAccess, GeminiGenerator
from engine.services.keys import KeyStore
from engine.services.service import ServiceFailed
from engine.settings import change_settings
from tests.engine.compose.generators.asking import failure, request
from tests.helpers.gemini_server import KEY, gemini_server
from tests.helpers.gemini_wire import Fault
from tests.helpers.loopback import Reply, Request, running

FAULTS = [
    Fault.KEY_INVALID,
    Fault.FORBIDDEN,
    Fault.BAD_GATEWAY,
    Fault.REDIRECT,
    Fault.CUT_AFTER,
    Fault.CUT_MIDWAY,
    Fault.DRIP,
    Fault.TRUNCATED_JSON,
    Fault.INVALID_BASE64,
    Fault.CORRUPT_IMAGE,
    Fault.IMAGE_SAFETY,
]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any library logs, down to DEBUG."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


async def echo(request: Request) -> Reply:
    """Answer as a careless gateway does: with the key that it was sent."""
    message = f"unknown key {request.headers['x-goog-api-key']}"
    return Reply(400, json.dumps({"error": {"code": 400, "message": message, "status": "X"}}).encode())


def test_no_failing_run_writes_the_key(
    tmp_path: Path, log: io.StringIO, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    change_settings(tmp_path, {"device": "cpu"})
    found = KeyStore(tmp_path).find("gemini")
    assert found is not None
    told: list[str] = [repr(found)]

    def run(address: str) -> None:
        access = GeminiAccess(found.key, address, deadline_s=1)
        told.append(repr(access))
        failed = failure(lambda: GeminiGenerator(access), request("gemini-3-pro-image"))
        logging.getLogger("crash").error("failed", exc_info=failed)
        told.extend((failed.message, failed.hint, failed.model_text, repr(failed), *everything(failed)))

    with gemini_server() as server:
        for fault in FAULTS:
            server.faults.append(fault)
            run(server.address)
    with running(echo) as address:
        run(address)
    run("http://127.0.0.1:9")
    logging.getLogger("crash").info("a line of the log")

    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert "a line of the log" in log.getvalue()
    assert "connect_tcp" in log.getvalue()
    assert any("unknown key •••" in text for text in told)
    for text in (log.getvalue(), *capfd.readouterr(), *told, *written):
        assert KEY not in text


def everything(failed: ServiceFailed) -> Iterator[str]:
    """Yield what crash reports show of an exception: its chain with locals, and its fields."""
    yield "".join(traceback.TracebackException.from_exception(failed, capture_locals=True).format())
    error: BaseException | None = failed
    while error is not None:
        yield f"{error!r} {vars(error)}"
        for holder in ("request", "response"):
            assert not hasattr(error, holder)
        error = error.__cause__ or error.__context__
