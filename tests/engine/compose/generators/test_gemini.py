"""Gemini, through the real SDK, against a server of our own that speaks the recorded wire format."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from engine.compose.generators.gemini import GeminiAccess, GeminiGenerator
from engine.compose.generators.gemini_answer import picture_of
from engine.compose.generators.generator import Generator
from engine.services.keys import ApiKey
from engine.services.service import Family, ServiceFailed, Usage
from tests.engine.compose.generators.asking import PROMPT, failure, made, request, using
from tests.helpers.gemini_server import KEY, GeminiServer, gemini_server
from tests.helpers.gemini_wire import REFUSAL, Fault, picture
from tests.helpers.loopback import Reply, Request
from tests.helpers.loopback import running as running_at

MODEL = "gemini-nano-banana-2.1"
RETRY, ONCE, ASK, GIVE_UP = Family.RETRY, Family.RETRY_ONCE, Family.ASK, Family.GIVE_UP
LOST = "The picture may have been made and billed although it did not arrive."

FAMILIES = {
    Fault.RATE_MINUTE: (RETRY, "rate_limited", False, "Gemini takes no more requests this minute."),
    Fault.QUOTA_DAY: (ASK, "quota_used_up", False, "Your account's allowance at Gemini is used up"),
    Fault.QUOTA_ZERO: (ASK, "quota_used_up", False, "or the plan has none for this model."),
    Fault.KEY_INVALID: (ASK, "bad_key", False, "Gemini does not accept the key. It says: “API key not valid."),
    Fault.KEY_EXPIRED: (ASK, "bad_key", False, "It says: “API key expired."),
    Fault.LOCATION: (GIVE_UP, "location", False, "Gemini is not offered in the place that this request comes from."),
    Fault.BAD_REQUEST: (GIVE_UP, "bad_request", False, "Gemini does not accept the request (status 400). It says: “"),
    Fault.UNAUTHENTICATED: (GIVE_UP, "access_refused", False, "Gemini refuses this account access. It says: “Request"),
    Fault.FORBIDDEN: (GIVE_UP, "access_refused", False, "It says: “Your project was denied access.”"),
    Fault.MODEL_RETIRED: (GIVE_UP, "model_gone", False, f"Gemini does not offer the model {MODEL} any more"),
    Fault.REQUEST_TIMEOUT: (RETRY, "server_fault", False, "Gemini has a fault of its own (status 408)."),
    Fault.TOO_LARGE: (ASK, "too_large", False, "The pictures are too large for one request to Gemini."),
    Fault.CANCELLED: (RETRY, "server_fault", True, LOST),
    Fault.INTERNAL: (RETRY, "server_fault", False, "Gemini has a fault of its own (status 500). It says: “An internal"),
    Fault.UNAVAILABLE: (RETRY, "server_fault", False, "(status 503). It says: “The model is overloaded."),
    Fault.DEADLINE: (RETRY, "server_fault", True, LOST),
    Fault.BAD_GATEWAY: (RETRY, "server_fault", True, f"Gemini has a fault of its own (status 502). {LOST}"),
    Fault.REDIRECT: (GIVE_UP, "redirected", False, "it is not followed with your key"),
    Fault.PROMPT_BLOCKED: (
        ASK,
        "blocked_prohibited_content",
        False,
        "Gemini refuses prompt or references: it may show",
    ),
    Fault.IMAGE_SAFETY: (
        ASK,
        "image_safety",
        False,
        "refuses to give the picture: the safety check of pictures objects",
    ),
    Fault.IMAGE_PROHIBITED_CONTENT: (ASK, "image_prohibited_content", False, "what the terms of service forbid"),
    Fault.IMAGE_RECITATION: (ASK, "image_recitation", False, "the picture would repeat a protected work too closely"),
    Fault.SAFETY: (ASK, "safety", False, "Gemini refuses to give the picture: the safety check objects."),
    Fault.PROHIBITED_CONTENT: (ASK, "prohibited_content", False, "it may show what the terms of service forbid"),
    Fault.RECITATION: (ASK, "recitation", False, "it would repeat a protected work too closely"),
    Fault.IMAGE_OTHER: (ONCE, "image_other", False, "Gemini gave up on the picture without a reason."),
    Fault.OTHER: (ONCE, "other", False, "Gemini gave up without a reason."),
    Fault.MALFORMED_RESPONSE: (ONCE, "malformed_response", False, "Gemini garbled its own answer."),
    Fault.NO_IMAGE: (ASK, "text_only", False, f"Gemini answered in words instead of a picture. It says: “{REFUSAL}”"),
    Fault.TEXT_ONLY: (ASK, "text_only", False, f"Gemini answered in words instead of a picture. It says: “{REFUSAL}”"),
    Fault.ERROR_IN_200: (RETRY, "server_fault", False, "(status 503). It says: “The model is overloaded."),
    Fault.EMPTY_200: (RETRY, "unreadable_answer", True, f"Gemini answered with nothing instead of a picture. {LOST}"),
    Fault.NO_CANDIDATES: (RETRY, "empty_answer", False, "Gemini sent an answer without a picture or a word."),
    Fault.TRUNCATED_JSON: (RETRY, "unreadable_answer", True, f"with half a message instead of a picture. {LOST}"),
    Fault.HTML_200: (RETRY, "unreadable_answer", True, f"with a web page instead of a picture. {LOST}"),
    Fault.INVALID_BASE64: (ONCE, "undecodable", False, "Gemini sent a damaged picture."),
    Fault.CORRUPT_IMAGE: (
        ONCE,
        "undecodable",
        False,
        "Gemini sent a damaged picture. The picture in the answer cannot be",
    ),
    Fault.BLANK_IMAGE: (ASK, "blank_picture", False, "Gemini sent a blank picture: one flat colour."),
    Fault.CUT_BEFORE: (RETRY, "cut_off", True, f"was cut before its answer was complete. {LOST}"),
    Fault.CUT_AFTER: (RETRY, "cut_off", True, f"was cut before its answer was complete. {LOST}"),
    Fault.CUT_MIDWAY: (RETRY, "cut_off", True, f"was cut before its answer was complete. {LOST}"),
    Fault.SLOW: (RETRY, "timed_out", True, f"Gemini gave no picture within 0.5 seconds. {LOST}"),
    Fault.DRIP: (RETRY, "timed_out", True, f"Gemini gave no picture within 0.5 seconds. {LOST}"),
}
GOOD = {Fault.JPEG_CALLED_PNG: "JPEG", Fault.THOUGHTS: "PNG", Fault.DRAFTS: "PNG"}


@pytest.fixture(scope="module")
def running() -> Iterator[GeminiServer]:
    with gemini_server() as server:
        yield server


@pytest.fixture
def gemini(running: GeminiServer) -> GeminiServer:
    """The server, with nothing of another test in it."""
    running.records.clear()
    running.headers.clear()
    running.faults.clear()
    running.image_versions = ("v1", "v1beta")
    return running


def maker(
    server: GeminiServer, *, deadline_s: float = 30.0, version: str = "", key: str = KEY
) -> Callable[[], Generator]:
    access = GeminiAccess(ApiKey(key), server.address, version, deadline_s=deadline_s)
    return lambda: GeminiGenerator(access)


def test_every_fault_is_in_one_of_the_tables() -> None:
    assert set(FAMILIES) | set(GOOD) == set(Fault)


@pytest.mark.parametrize("fault", FAMILIES)
def test_fault_has_its_family_and_its_words(gemini: GeminiServer, fault: Fault) -> None:
    family, reason, maybe_billed, words = FAMILIES[fault]
    gemini.faults.extend([fault, fault])
    failed = failure(maker(gemini, deadline_s=0.5 if fault in (Fault.SLOW, Fault.DRIP) else 30.0), request(MODEL))
    assert (failed.family, failed.reason, failed.maybe_billed) == (family, reason, maybe_billed)
    assert words in failed.message
    assert failed.hint.endswith(".")
    assert failed.__context__ is None or not hasattr(failed.__context__, "request")


@pytest.mark.parametrize("fault", [None, *GOOD])
def test_last_picture_that_is_no_thought_is_taken(gemini: GeminiServer, fault: Fault | None) -> None:
    gemini.faults.append(fault)
    answer = made(maker(gemini), request(MODEL))
    kind = GOOD.get(fault, "PNG") if fault else "PNG"
    assert answer.data == picture(PROMPT, kind, "1:1" if fault else "3:4")
    assert Image.open(io.BytesIO(answer.data)).format == kind
    assert answer.text == ("Here is your picture." if fault is Fault.THOUGHTS else "")


def test_request_is_what_was_recorded_of_the_service(gemini: GeminiServer) -> None:
    answer = made(maker(gemini), request(MODEL))
    asked = gemini.records[0].asked
    assert (asked.version, asked.model, asked.prompt) == ("v1", MODEL, PROMPT)
    assert asked.media_types == ("image/png", "image/png")
    assert asked.config == {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "3:4", "imageSize": "1K"}}
    assert gemini.headers[0]["x-goog-api-key"] == KEY
    assert (answer.usage, answer.request_id) == (Usage(300, 1120), "response-1")


def test_thoughts_and_words_are_counted_apart_from_the_picture() -> None:
    inline = {"mimeType": "image/png", "data": base64.b64encode(picture(PROMPT)).decode()}
    candidate = {"finishReason": "STOP", "content": {"parts": [{"inlineData": inline}]}}
    usage = {
        "promptTokenCount": 300,
        "candidatesTokenCount": 1160,
        "candidatesTokensDetails": [
            {"modality": "IMAGE", "tokenCount": 1120},
            {"modality": "TEXT", "tokenCount": 40},
        ],
        "thoughtsTokenCount": 500,
    }
    answer = picture_of(json.dumps({"candidates": [candidate], "usageMetadata": usage}), MODEL)
    assert answer.usage == Usage(300, 1660, 540)


def test_failure_keeps_what_the_model_said_and_used(gemini: GeminiServer) -> None:
    gemini.faults.append(Fault.IMAGE_SAFETY)
    failed = failure(maker(gemini), request(MODEL))
    assert failed.model_text == "Unable to show the generated image. Try rephrasing the prompt."
    assert (failed.usage, failed.request_id) == (Usage(300, 0), "response-1")


def test_wait_that_the_service_asks_for_is_told(gemini: GeminiServer) -> None:
    gemini.faults.append(Fault.RATE_MINUTE)
    assert failure(maker(gemini), request(MODEL)).retry_after_s == 0.2


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.RATE_MINUTE, Fault.CUT_AFTER])
def test_sdk_repeats_nothing(gemini: GeminiServer, fault: Fault) -> None:
    gemini.faults.append(fault)
    failure(maker(gemini), request(MODEL))
    assert len(gemini.records) == 1


def test_other_version_is_tried_once_and_kept_where_the_first_does_not_know_pictures(gemini: GeminiServer) -> None:
    gemini.image_versions = ("v1beta",)

    async def twice(generator: Generator) -> None:
        await generator.generate(request(MODEL))
        await generator.generate(request(MODEL))

    using(maker(gemini), twice)
    assert [record.asked.version for record in gemini.records] == ["v1beta", "v1beta"]
    assert len(gemini.headers) == 3


def test_version_of_the_settings_is_the_only_one(gemini: GeminiServer) -> None:
    gemini.image_versions = ("v1beta",)
    failed = failure(maker(gemini, version="v1"), request(MODEL))
    assert (failed.reason, len(gemini.headers)) == ("bad_request", 1)
    assert "Unknown name" in failed.message


def test_asking_can_be_cancelled_while_the_service_works(gemini: GeminiServer) -> None:
    gemini.faults.append(Fault.SLOW)

    async def cancel(generator: Generator) -> None:
        asked = asyncio.ensure_future(generator.generate(request(MODEL)))
        while not gemini.records:
            await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    using(maker(gemini), cancel)


def test_unreachable_service_is_said_not_to_have_worked() -> None:
    access = GeminiAccess(ApiKey(KEY), "http://127.0.0.1:9", deadline_s=10)
    failed = failure(lambda: GeminiGenerator(access), request(MODEL))
    assert (failed.family, failed.reason, failed.maybe_billed) == (RETRY, "unreachable", False)
    assert failed.message == "Gemini cannot be reached: nothing listens at its address."


def test_address_without_a_scheme_is_said_to_be_unusable() -> None:
    failed = failure(lambda: GeminiGenerator(GeminiAccess(ApiKey(KEY), "ftp://example.org")), request(MODEL))
    assert (failed.family, failed.reason) == (GIVE_UP, "bad_address")
    assert failed.message == "The address of Gemini cannot be used."


def test_proxy_of_the_settings_carries_the_request() -> None:
    seen: list[str] = []

    async def carry(request: Request) -> Reply:
        seen.append(request.path)
        return Reply(502)

    with running_at(carry) as proxy:
        access = GeminiAccess(ApiKey(KEY), "http://gemini.invalid", proxy=proxy, deadline_s=10)
        failed = failure(lambda: GeminiGenerator(access), request(MODEL))
    assert seen == [f"http://gemini.invalid/v1/models/{MODEL}:generateContent"]
    assert failed.reason == "server_fault"


def test_dead_proxy_lets_nothing_through(gemini: GeminiServer) -> None:
    access = GeminiAccess(ApiKey(KEY), gemini.address, proxy="http://127.0.0.1:9", deadline_s=10)
    failed = failure(lambda: GeminiGenerator(access), request(MODEL))
    assert (failed.reason, gemini.headers) == ("unreachable", [])


def test_unusable_proxy_is_refused_without_repeating_its_password() -> None:
    access = GeminiAccess(ApiKey(KEY), proxy="nonsense://user:secret@host")
    with pytest.raises(ServiceFailed) as caught:
        GeminiGenerator(access)
    assert caught.value.reason == "bad_proxy"
    assert "secret" not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"


def test_missing_key_is_asked_for() -> None:
    with pytest.raises(ServiceFailed) as caught:
        GeminiGenerator(GeminiAccess())
    assert (caught.value.family, caught.value.reason) == (ASK, "missing_key")
    assert caught.value.message == "There is no key for Gemini."


def test_connection_is_said_to_be_good(gemini: GeminiServer) -> None:
    assert using(maker(gemini), lambda generator: generator.test_connection()) == "Gemini answers and accepts the key."
    assert gemini.records == []


def test_connection_with_another_key_says_what_is_wrong(gemini: GeminiServer) -> None:
    with pytest.raises(ServiceFailed) as caught:
        using(maker(gemini, key="AIzaMistyped"), lambda generator: generator.test_connection())
    assert (caught.value.family, caught.value.reason) == (ASK, "bad_key")


def test_vertex_without_credentials_says_how_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", "/nonexistent")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    failed = failure(lambda: GeminiGenerator(GeminiAccess(project="a-project")), request(MODEL))
    assert (failed.family, failed.reason) == (ASK, "no_credentials")
    assert "gcloud auth application-default login" in failed.hint
