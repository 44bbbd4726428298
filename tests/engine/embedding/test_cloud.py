"""Encoders in the cloud through the real SDKs, against loopback servers that speak their language, and its faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import pytest

from engine.embedding.catalog import find_encoder
from engine.embedding.cloud import CloudMeans, Outlay, Reply, Sent
from engine.embedding.cloud_opening import open_cloud_encoder
from engine.embedding.dashscope_encoder import ITEMS_AT_ONCE
from engine.embedding.encoder import Encoder, EncoderProfile, Pixels, VectorInvalid
from engine.embedding.openai_encoder import TEXTS_AT_ONCE, OpenAIEncoder
from engine.errors import EncoderUnavailable
from engine.services.keys import ApiKey
from engine.services.service import Family, ServiceFailed
from tests.helpers import loopback
from tests.helpers.encoder_servers import (
    DESCRIPTION,
    DIMENSIONS,
    KEY,
    EncoderServer,
    dashscope_server,
    error,
    ok,
    openai_server,
    vector_of,
    vectors,
    words,
)

NAMES = {"openai": "openai-text-embedding-3-large", "dashscope": "dashscope-tongyi-embedding-vision-plus"}
SERVERS = {"openai": openai_server, "dashscope": dashscope_server}
RETRY, ASK, GIVE_UP = Family.RETRY, Family.ASK, Family.GIVE_UP
_T = TypeVar("_T")


class OpenGate:
    """Lets everything out, and writes down what it was to cost and did."""

    def __init__(self) -> None:
        self.outlays: list[Outlay] = []
        self.costs: list[int] = []

    def send(self, outlay: Outlay, begin: Callable[[], Future[Reply[_T]]]) -> _T:
        self.outlays.append(outlay)
        reply = begin().result()
        self.costs.append(reply.cost)
        return reply.value

    def close(self) -> None:
        """There is nothing to give up."""


@pytest.fixture
def gate() -> OpenGate:
    return OpenGate()


def means(gate: OpenGate, address: str, deadline_s: float = 20.0, key: str = KEY) -> CloudMeans:
    addresses = {"openai": address, "dashscope": address}
    return CloudMeans(lambda _: gate, lambda _: ApiKey(key) if key else None, addresses, "", deadline_s, 2)


def open_encoder(service: str, given: CloudMeans) -> Encoder:
    source = find_encoder(NAMES[service])
    assert source.cloud is not None
    return open_cloud_encoder(source.profile, source.cloud, given)


@contextmanager
def opened(service: str, gate: OpenGate, deadline_s: float = 20.0) -> Iterator[tuple[Any, EncoderServer]]:
    with SERVERS[service]() as server:
        encoder = open_encoder(service, means(gate, server.address, deadline_s))
        try:
            yield encoder, server
        finally:
            encoder.close()


def grey(*shades: int) -> Pixels:
    return np.stack([np.full((512, 512, 3), shade, np.uint8) for shade in shades])


def cosine(one: Any, other: Any) -> float:
    return float(one @ other / np.linalg.norm(other))


@pytest.mark.parametrize("service", NAMES)
def test_profile_says_who_receives_what_it_costs_and_since_when(service: str) -> None:
    profile = find_encoder(NAMES[service]).profile
    terms = profile.terms
    assert terms is not None
    assert (terms.service, profile.dimension) == (service, DIMENSIONS[service])
    assert terms.per_image == {"openai": 886, "dashscope": 90}[service]
    assert terms.per_text == {"openai": 130, "dashscope": 90}[service]
    assert terms.as_of.year == 2026
    assert terms.source
    assert {"en", "zh"} <= set(profile.languages)


@pytest.mark.parametrize("service", NAMES)
def test_each_text_gets_its_own_unit_vector_in_order(service: str, gate: OpenGate) -> None:
    texts = ["a crown", "王冠", "a rusty anchor"]
    with opened(service, gate) as (encoder, server):
        found = encoder.encode_texts(texts)
    assert found.dtype == np.float32
    for text, vector in zip(texts, found, strict=True):
        assert cosine(vector, vector_of(text, DIMENSIONS[service])) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("service", NAMES)
def test_each_picture_gets_its_own_vector_in_order(service: str, gate: OpenGate) -> None:
    with opened(service, gate) as (encoder, _server):
        found = encoder.encode_images(grey(10, 200))
    seen = ["shade 10", "shade 200"]
    if service == "openai":
        seen = [f"{DESCRIPTION}, {shade}" for shade in seen]
    for text, vector in zip(seen, found, strict=True):
        assert cosine(vector, vector_of(text, DIMENSIONS[service])) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("service", NAMES)
def test_no_texts_ask_for_nothing(service: str, gate: OpenGate) -> None:
    with opened(service, gate) as (encoder, server):
        assert encoder.encode_texts([]).shape == (0, DIMENSIONS[service])
    assert server.requests == []


def test_description_is_asked_for_once_a_picture_and_not_stored_there(gate: OpenGate) -> None:
    with opened("openai", gate) as (encoder, server):
        assert isinstance(encoder, OpenAIEncoder)
        assert encoder.describe(grey(30)) == [f"{DESCRIPTION}, shade 30"]
    (body,) = server.bodies
    assert (body["store"], body["max_output_tokens"], body["model"]) == (False, 350, "gpt-4.1-mini")
    (shown,) = body["input"][0]["content"]
    assert (shown["type"], shown["detail"]) == ("input_image", "low")
    assert shown["image_url"].startswith("data:image/jpeg;base64,")
    assert "Chinese" in body["instructions"]


def test_texts_go_in_calls_that_the_service_takes(gate: OpenGate) -> None:
    with opened("openai", gate) as (encoder, server):
        assert len(encoder.encode_texts([f"text {n}" for n in range(TEXTS_AT_ONCE + 1)])) == TEXTS_AT_ONCE + 1
    assert [len(body["input"]) for body in server.bodies] == [TEXTS_AT_ONCE, 1]
    assert [body["dimensions"] for body in server.bodies] == [1536, 1536]


def test_pictures_go_in_calls_that_the_service_takes(gate: OpenGate) -> None:
    with opened("dashscope", gate) as (encoder, server):
        assert len(encoder.encode_images(grey(*range(ITEMS_AT_ONCE + 2)))) == ITEMS_AT_ONCE + 2
    assert [len(body["input"]["contents"]) for body in server.bodies] == [ITEMS_AT_ONCE, 2]
    assert server.bodies[0]["input"]["contents"][0]["image"].startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize("service", NAMES)
def test_no_request_costs_more_than_was_held_for_it(service: str, gate: OpenGate) -> None:
    with opened(service, gate) as (encoder, _server):
        encoder.encode_images(grey(1, 2, 3))
        encoder.encode_texts(["a long and winding description of a lamp 落地灯" * 12])
    held = [outlay.amount for outlay in gate.outlays]
    assert all(cost <= amount for cost, amount in zip(gate.costs[:-1], held, strict=False))
    assert all(cost > 0 for cost in gate.costs)
    terms = find_encoder(NAMES[service]).profile.terms
    assert terms is not None
    pictures = sum(outlay.amount for outlay in gate.outlays if outlay.sent is Sent.PICTURES)
    assert pictures <= 3 * terms.per_image


HTML = b"<html><body>Sign in to the network</body></html>"
LOST = "may have been made and billed although it did not arrive."
FAULTS: dict[str, tuple[loopback.Reply | None, Family, str, bool, str]] = {
    "key": (error(401, "invalid_api_key", "Incorrect API key"), ASK, "bad_key", False, "does not accept the key"),
    "forbidden": (error(403, "AccessDenied", "no"), GIVE_UP, "access_refused", False, "refuses this account"),
    "minute": (
        error(429, "rate_limit", "slow down", **{"Retry-After": "7"}), RETRY, "rate_limited", False, "this minute",
    ),
    "fault": (error(500, "server_error", "oh"), RETRY, "server_fault", False, "has a fault of its own (status 500)"),
    "gateway": (loopback.Reply(504, HTML, "text/html"), RETRY, "server_fault", True, LOST),
    "missing": (error(404, "ModelNotFound", "no such"), GIVE_UP, "model_gone", False, "does not offer the model"),
    "large": (error(413, "too_large", ""), ASK, "too_large", False, "The pictures are too large"),
    "request": (error(400, "InvalidParameter", "bad url"), GIVE_UP, "bad_request", False, "It says: “bad url”"),
    "elsewhere": (
        loopback.Reply(302, headers={"Location": "http://127.0.0.1:9/x"}), GIVE_UP, "redirected", False, "not followed",
    ),
    "silence": (None, RETRY, "cut_off", True, LOST),
    "cut": (loopback.Reply(body=b'{"output": {"embeddings": [', headers={"Content-Length": "900"}, cut_at=20),
        RETRY, "cut_off", True, LOST),
    "drip": (loopback.Reply(body=b" " * 5000, drip_s=0.1), RETRY, "timed_out", True, "no vector within 0.5 seconds."),
    "page": (loopback.Reply(body=HTML, media_type="text/html"), RETRY, "unreadable_answer", True, LOST),
    "half": (loopback.Reply(body=b'{"output": {"emb'), RETRY, "unreadable_answer", True, LOST),
    "empty": (loopback.Reply(), RETRY, "unreadable_answer", True, LOST),
}  # fmt: skip
OF_SERVICE: dict[tuple[str, str], tuple[loopback.Reply, Family, str, bool, str]] = {
    ("openai", "quota"): (
        error(429, "insufficient_quota", "You exceeded your quota"), ASK, "quota_used_up", False, "allowance",
    ),
    ("dashscope", "quota"): (error(400, "Arrearage", "overdue"), ASK, "quota_used_up", False, "“overdue”"),
    ("openai", "moderation"): (
        error(400, "content_policy_violation", "no"), ASK, "moderation_blocked", False, "its moderation objects",
    ),
    ("dashscope", "moderation"): (
        error(400, "DataInspectionFailed", "no"), ASK, "moderation_blocked", False, "its moderation objects",
    ),
    ("openai", "too few"): (vectors(1, 1536, "openai"), RETRY, "unreadable_answer", True, "1 vectors for 2"),
    ("dashscope", "too few"): (vectors(1, 1152, "dashscope"), RETRY, "unreadable_answer", True, "1 vectors for 2"),
    ("openai", "too short"): (
        vectors(2, 3072, "openai"), RETRY, "unreadable_answer", True, "3072 numbers instead of 1536",
    ),
    ("dashscope", "too short"): (
        vectors(2, 768, "dashscope"), RETRY, "unreadable_answer", True, "768 numbers instead of 1152",
    ),
    ("openai", "nothing"): (ok({"data": None}), RETRY, "unreadable_answer", True, "something unknown"),
    ("dashscope", "nothing"): (ok({"output": None}), RETRY, "empty_answer", False, "without a vector"),
    ("dashscope", "stranger"): (ok({"output": {"text": "hello"}}), RETRY, "unreadable_answer", True, LOST),
}  # fmt: skip


def check(
    service: str, gate: OpenGate, case: tuple[loopback.Reply | None, Family, str, bool, str], deadline_s: float
) -> ServiceFailed:
    reply, family, reason, maybe_billed, said = case
    with opened(service, gate, deadline_s) as (encoder, server):
        server.replies.append(reply)
        with pytest.raises(ServiceFailed) as caught:
            encoder.encode_texts(["one", "two"])
        assert len(server.requests) == 1
    failed = caught.value
    assert (failed.family, failed.reason, failed.maybe_billed) == (family, reason, maybe_billed)
    assert said in failed.message
    return failed


@pytest.mark.parametrize("service", NAMES)
@pytest.mark.parametrize("case", FAULTS)
def test_fault_has_its_family_and_words_and_is_asked_for_once(service: str, case: str, gate: OpenGate) -> None:
    failed = check(service, gate, FAULTS[case], 0.5 if case == "drip" else 20.0)
    assert failed.retry_after_s == (7.0 if case == "minute" else None)
    assert gate.costs == []


@pytest.mark.parametrize(("service", "case"), OF_SERVICE)
def test_fault_of_a_service_has_its_family_and_words(service: str, case: str, gate: OpenGate) -> None:
    check(service, gate, OF_SERVICE[service, case], 20.0)


@pytest.mark.parametrize("service", NAMES)
@pytest.mark.parametrize("fill", [float("nan"), 0.0])
def test_row_that_is_no_vector_is_refused_by_its_number(service: str, fill: float, gate: OpenGate) -> None:
    with opened(service, gate) as (encoder, server):
        server.replies.append(vectors(2, DIMENSIONS[service], service, fill))
        with pytest.raises(VectorInvalid) as caught:
            encoder.encode_texts(["one", "two"])
    assert caught.value.row == 0


@pytest.mark.parametrize("service", NAMES)
def test_nobody_who_listens_is_said_to_be_unreachable_and_costs_nothing(service: str, gate: OpenGate) -> None:
    encoder = open_encoder(service, means(gate, "http://127.0.0.1:9/v1"))
    with pytest.raises(ServiceFailed) as caught:
        encoder.encode_texts(["one"])
    encoder.close()
    assert (caught.value.reason, caught.value.maybe_billed) == ("unreachable", False)


def test_refused_picture_says_why_and_is_paid_as_counted(gate: OpenGate) -> None:
    with opened("openai", gate) as (encoder, server):
        server.replies.append(words("", refusal="I cannot describe real people."))
        with pytest.raises(ServiceFailed) as caught:
            encoder.describe(grey(1))
    failed = caught.value
    assert (failed.family, failed.reason, failed.maybe_billed) == (ASK, "refused", False)
    assert failed.model_text == "I cannot describe real people."
    assert gate.costs == [368]


@pytest.mark.parametrize(
    ("reply", "reason", "costs"),
    [
        (words(""), "empty_answer", [368]),
        (ok({"incomplete_details": {"reason": "content_filter"}, "output": []}), "refused", [0]),
        (ok({"status": "completed", "output": None}), "empty_answer", []),
        (ok({"output": "A crown", "usage": {"input_tokens": 560}}), "unreadable_answer", []),
        (ok({"output": [], "usage": [560, 90]}), "unreadable_answer", []),
    ],
    ids=["no words", "filtered", "nothing", "words alone", "odd usage"],
)
def test_answer_without_words_is_no_description_and_costs_what_it_counts(
    reply: loopback.Reply, reason: str, costs: list[int], gate: OpenGate
) -> None:
    with opened("openai", gate) as (encoder, server):
        server.replies.append(reply)
        with pytest.raises(ServiceFailed) as caught:
            encoder.describe(grey(1))
    assert caught.value.reason == reason
    assert gate.costs == costs


def test_servers_that_answer_in_plain_numbers_are_understood(gate: OpenGate) -> None:
    with opened("openai", gate) as (encoder, server):
        server.replies.append(vectors(1, 1536, "openai"))
        (vector,) = encoder.encode_texts(["one"])
    assert vector == pytest.approx(np.full(1536, 1536**-0.5, np.float32))


@pytest.mark.parametrize("service", NAMES)
def test_without_a_key_nothing_is_opened(service: str, gate: OpenGate) -> None:
    with pytest.raises(ServiceFailed, match="There is no key for"):
        open_encoder(service, means(gate, "http://127.0.0.1:9", key=""))


@pytest.mark.parametrize("service", NAMES)
def test_encoder_without_a_library_says_what_to_set(service: str) -> None:
    with pytest.raises(EncoderUnavailable) as caught:
        find_encoder(NAMES[service]).load()
    assert "quality_encoder" in caught.value.hint


def test_profiles_are_told_apart_by_their_terms() -> None:
    local: EncoderProfile = find_encoder("starter-4").profile
    assert local.terms is None
