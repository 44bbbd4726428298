"""The gate of encoders in the cloud: consent, booking and another attempt, with a real encoder behind it."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.ledger import EntryState, Purpose, today
from engine.cloud import Cloud
from engine.embedding.catalog import find_encoder
from engine.embedding.cloud import Outlay, Reply, Sent
from engine.embedding.encoder import Encoder
from engine.errors import BudgetExceeded, ConsentMissing
from engine.paying import PaidGate, Purse
from engine.services.service import ServiceFailed, Usage
from engine.settings import Settings
from tests.helpers import loopback
from tests.helpers.encoder_servers import KEY, EncoderServer, dashscope_server, error, openai_server

NAME = "openai-text-embedding-3-large"
DAY_CAP = 1_000_000


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[EncoderServer]:
    with openai_server() as running:
        yield running


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("DASHSCOPE_API_KEY", KEY)


@pytest.fixture
def encoder(tmp_path: Path, catalogue: Catalogue, server: EncoderServer) -> Iterator[Encoder]:
    cloud = Cloud(tmp_path, lambda: Settings(openai_base_url=server.address), catalogue, lambda: DAY_CAP)
    opened = cloud.reached_by(find_encoder(NAME)).load()
    yield opened
    cloud.close()
    opened.close()


def states(catalogue: Catalogue) -> list[tuple[Purpose, EntryState, int]]:
    return [(entry.purpose, entry.state, entry.amount) for entry in catalogue.ledger.entries()]


def test_nothing_leaves_before_the_user_agreed(encoder: Encoder, server: EncoderServer, catalogue: Catalogue) -> None:
    with pytest.raises(ConsentMissing):
        encoder.encode_texts(["a crown"])
    with pytest.raises(ConsentMissing):
        encoder.encode_images(np.zeros((1, 512, 512, 3), np.uint8))
    catalogue.consents.give(NAME, "openai", 1_000_000)
    encoder.encode_texts(["a crown"])
    catalogue.consents.withdraw(NAME)
    with pytest.raises(ConsentMissing):
        encoder.encode_texts(["a crown"])
    assert len(server.requests) == 1


def test_every_request_is_booked_and_settled_by_what_it_counted(
    encoder: Encoder, server: EncoderServer, catalogue: Catalogue
) -> None:
    catalogue.consents.give(NAME, "openai", 1_000_000)
    encoder.encode_images(np.zeros((1, 512, 512, 3), np.uint8))
    assert len(server.requests) == 2
    assert states(catalogue) == [
        (Purpose.PICTURES, EntryState.SETTLED, 368),
        (Purpose.TEXTS, EntryState.SETTLED, 6),
    ]
    described, _ = catalogue.ledger.entries()
    assert (described.model, described.items, described.input_tokens, described.output_tokens) == (NAME, 1, 560, 90)
    assert described.reserved == 840


def test_no_request_passes_the_sum_that_was_allowed(
    encoder: Encoder, server: EncoderServer, catalogue: Catalogue
) -> None:
    catalogue.consents.give(NAME, "openai", 839)
    with pytest.raises(BudgetExceeded):
        encoder.encode_images(np.zeros((1, 512, 512, 3), np.uint8))
    assert (server.requests, states(catalogue)) == ([], [])


def test_what_is_lost_counts_in_full_and_is_not_sent_again(
    encoder: Encoder, server: EncoderServer, catalogue: Catalogue
) -> None:
    catalogue.consents.give(NAME, "openai", 1_000_000)
    server.replies.append(None)
    with pytest.raises(ServiceFailed) as caught:
        encoder.encode_images(np.zeros((1, 512, 512, 3), np.uint8))
    assert (caught.value.reason, len(server.requests)) == ("cut_off", 1)
    assert states(catalogue) == [(Purpose.PICTURES, EntryState.MAYBE_BILLED, 840)]


def test_what_failed_for_a_while_is_sent_again_and_paid_once(
    encoder: Encoder, server: EncoderServer, catalogue: Catalogue
) -> None:
    catalogue.consents.give(NAME, "openai", 1_000_000)
    server.replies.extend([error(429, "rate_limit", "slow", **{"Retry-After": "0"}), error(500, "oh", "oh")])
    assert len(encoder.encode_texts(["a crown"])) == 1
    assert [state for _, state, _ in states(catalogue)] == [
        EntryState.RELEASED, EntryState.RELEASED, EntryState.SETTLED,
    ]  # fmt: skip


def test_what_the_user_must_decide_is_not_sent_again(
    encoder: Encoder, server: EncoderServer, catalogue: Catalogue
) -> None:
    catalogue.consents.give(NAME, "openai", 1_000_000)
    server.replies.append(error(401, "invalid_api_key", "no"))
    with pytest.raises(ServiceFailed, match="does not accept the key"):
        encoder.encode_texts(["a crown"])
    assert states(catalogue) == [(Purpose.TEXTS, EntryState.RELEASED, 0)]


def test_reservation_is_there_before_the_request_leaves(catalogue: Catalogue) -> None:
    catalogue.consents.give(NAME, "openai", 1_000_000)
    gate = PaidGate(NAME, catalogue, Purse(lambda: DAY_CAP, 0))

    def begin() -> Future[Reply[int]]:
        assert states(catalogue) == [(Purpose.TEXTS, EntryState.RESERVED, 5)]
        return done(Reply(7, 3, Usage(), ""))

    assert gate.send(Outlay(Sent.TEXTS, 1, 5), begin) == 7
    assert catalogue.ledger.spent_on(today()) == 3


def test_limit_of_a_minute_holds_the_third_request_back_until_the_end(catalogue: Catalogue) -> None:
    catalogue.consents.give(NAME, "openai", 1_000_000)
    gate = PaidGate(NAME, catalogue, Purse(lambda: DAY_CAP, 2))
    asked: list[int] = []

    def begin() -> Future[Reply[int]]:
        asked.append(1)
        return done(Reply(7, 3, Usage(), ""))

    for _ in range(2):
        gate.send(Outlay(Sent.TEXTS, 1, 5), begin)
    third = in_thread(lambda: gate.send(Outlay(Sent.TEXTS, 1, 5), begin))
    gate.close()
    assert third() == "stopped"
    assert len(asked) == 2


def test_closing_gives_up_what_is_under_way_as_maybe_billed(catalogue: Catalogue) -> None:
    catalogue.consents.give(NAME, "openai", 1_000_000)
    gate = PaidGate(NAME, catalogue, Purse(lambda: DAY_CAP, 0))
    begun = threading.Event()

    def begin() -> Future[Reply[int]]:
        begun.set()
        return Future()

    waiting = in_thread(lambda: gate.send(Outlay(Sent.TEXTS, 1, 5), begin))
    assert begun.wait(10)
    gate.close()
    assert waiting() == "stopped"
    assert states(catalogue) == [(Purpose.TEXTS, EntryState.MAYBE_BILLED, 5)]
    with pytest.raises(ServiceFailed):
        gate.send(Outlay(Sent.TEXTS, 1, 5), begin)
    assert catalogue.ledger.spent_on(today()) == 5


@pytest.mark.parametrize("service", ["openai", "dashscope"])
def test_encoder_is_closed_while_a_service_takes_its_time(tmp_path: Path, catalogue: Catalogue, service: str) -> None:
    name = {"openai": NAME, "dashscope": "dashscope-tongyi-embedding-vision-plus"}[service]
    catalogue.consents.give(name, service, 1_000_000)
    with {"openai": openai_server, "dashscope": dashscope_server}[service]() as slow:
        slow.replies.append(loopback.Reply(body=b" " * 600, drip_s=0.1))
        settings = Settings(openai_base_url=slow.address, dashscope_url=slow.address)
        cloud = Cloud(tmp_path, lambda: settings, catalogue, lambda: DAY_CAP)
        opened = cloud.reached_by(find_encoder(name)).load()
        waiting = in_thread(lambda: len(opened.encode_texts(["a crown"])))
        assert slow.arrived.wait(10)
        cloud.close()
        assert waiting() == "stopped"
        opened.close()
    assert [state for _, state, _ in states(catalogue)] == [EntryState.MAYBE_BILLED]


def test_key_is_in_nothing_that_a_failing_encoder_writes(
    tmp_path: Path, catalogue: Catalogue, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    faults = [
        error(401, "InvalidApiKey", f"unknown key {KEY}"),
        error(400, "InvalidParameter", f"unknown key {KEY}"),
        error(403, "AccessDenied", f"{KEY}"),
        None,
    ]
    for name, run in ((NAME, openai_server), ("dashscope-tongyi-embedding-vision-plus", dashscope_server)):
        catalogue.consents.give(name, "service", 1_000_000)
        with run() as server:
            settings = Settings(openai_base_url=server.address, dashscope_url=server.address)
            cloud = Cloud(tmp_path, lambda settings=settings: settings, catalogue, lambda: DAY_CAP)  # type: ignore[misc]
            opened = cloud.reached_by(find_encoder(name)).load()
            told.append(repr(vars(cloud)))
            for fault in faults:
                server.replies.append(fault)
                with pytest.raises(ServiceFailed) as caught:
                    opened.encode_texts(["a crown"])
                logging.getLogger("crash").error("failed", exc_info=caught.value)
                told.append("".join(traceback.TracebackException.from_exception(caught.value).format()))
                told.append(repr((caught.value, caught.value.hint, caught.value.__context__, caught.value.__cause__)))
            assert all(KEY in request.headers["authorization"] for request in server.requests)
            cloud.close()
            opened.close()
    told.extend(capfd.readouterr())
    told.append(caplog.text)
    assert "•••" in "".join(told)
    assert not [text for text in told if KEY in text]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def done(reply: Reply[int]) -> Future[Reply[int]]:
    coming: Future[Reply[int]] = Future()
    coming.set_result(reply)
    return coming


def in_thread(work: Callable[[], int]) -> Callable[[], str]:
    """Begin work in a thread; return what waits for the reason of its failure."""
    outcome: Future[str] = Future()

    def run() -> None:
        try:
            work()
        except ServiceFailed as failure:
            outcome.set_result(failure.reason)
        else:
            outcome.set_result("done")

    threading.Thread(target=run).start()
    return lambda: outcome.result(10)
