"""OpenAI's images, through the real SDK, against a server of our own with the recorded shapes."""

from __future__ import annotations

import base64
import io
import json
import logging
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser

import pytest
from PIL import Image

from engine.compose.generators.generator import Generator, Role
from engine.services.keys import ApiKey
from engine.services.service import Family, ServiceFailed, Usage
from tests.engine.compose.generators.asking import PROMPT, failure, made, request, using
from tests.helpers.gemini_wire import HTML, picture
from tests.helpers.loopback import Reply, Request, running

openai_images = pytest.importorskip("engine.compose.generators.openai_images", exc_type=ImportError)

KEY = "sk-proj-TestKeyOfTheLoopbackServer"
MODEL = "gpt-image-2.5-flare"
RETRY, ONCE, ASK, GIVE_UP = Family.RETRY, Family.RETRY_ONCE, Family.ASK, Family.GIVE_UP


def good(data: bytes) -> Reply:
    usage = {"input_tokens": 50, "output_tokens": 1056, "total_tokens": 1106}
    body = {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}], "usage": usage}
    return Reply(body=json.dumps(body).encode(), headers={"x-request-id": "req-1"})


def error(status: int, code: str, message: str = "The words of the service.", **headers: str) -> Reply:
    body = {"error": {"message": message, "type": "an_error", "param": None, "code": code}}
    return Reply(status, json.dumps(body).encode(), headers={"x-request-id": "req-1", **headers})


def blank() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "PNG")
    return stream.getvalue()


CUT = None
FAMILIES: dict[str, tuple[Reply | None, Family, str, bool, str]] = {
    "bad key": (error(401, "invalid_api_key"), ASK, "bad_key", False, "OpenAI does not accept the key. It says: “The"),
    "access": (error(403, "forbidden"), GIVE_UP, "access_refused", False, "OpenAI refuses this account access."),
    "place": (error(403, "unsupported_country_region_territory"), GIVE_UP, "location", False, "is not offered in the"),
    "model": (
        error(404, "model_not_found"),
        GIVE_UP,
        "model_gone",
        False,
        f"does not offer the model {MODEL} any more",
    ),
    "rate": (error(429, "rate_limit_exceeded"), RETRY, "rate_limited", False, "takes no more requests this minute."),
    "quota": (error(429, "insufficient_quota"), ASK, "quota_used_up", False, "allowance at OpenAI is used up"),
    "billing": (
        error(400, "billing_hard_limit_reached"),
        ASK,
        "quota_used_up",
        False,
        "allowance at OpenAI is used up",
    ),
    "moderation": (error(400, "moderation_blocked"), ASK, "moderation_blocked", False, "its moderation objects."),
    "request": (error(400, "invalid_value"), GIVE_UP, "bad_request", False, "does not accept the request (status 400)"),
    "large": (
        error(413, "too_large"),
        ASK,
        "too_large",
        False,
        "The pictures are too large for one request to OpenAI",
    ),
    "server": (error(500, "server_error"), RETRY, "server_fault", False, "OpenAI has a fault of its own (status 500)."),
    "gateway": (Reply(502, HTML, "text/html"), RETRY, "server_fault", True, "may have been made and billed"),
    "redirect": (
        Reply(302, headers={"Location": "/login"}),
        GIVE_UP,
        "redirected",
        False,
        "not followed with your key",
    ),
    "empty": (Reply(), RETRY, "unreadable_answer", True, "OpenAI answered with nothing instead of a picture."),
    "page": (Reply(body=HTML, media_type="text/html"), RETRY, "unreadable_answer", True, "answered with a web page"),
    "half": (
        Reply(body=good(picture("x")).body[:90]),
        RETRY,
        "unreadable_answer",
        True,
        "answered with half a message",
    ),
    "no data": (Reply(body=b'{"data": []}'), RETRY, "empty_answer", False, "without a picture or a word."),
    "corrupt": (good(picture("x")[:60]), ONCE, "undecodable", False, "OpenAI sent a damaged picture."),
    "blank": (good(blank()), ASK, "blank_picture", False, "OpenAI sent a blank picture: one flat colour."),
    "cut": (CUT, RETRY, "cut_off", True, "The connection to OpenAI was cut before its answer was complete."),
    "drip": (
        Reply(body=b" " * 5000, drip_s=0.1),
        RETRY,
        "timed_out",
        True,
        "OpenAI gave no picture within 0.5 seconds.",
    ),
}


@dataclass
class OpenAIServer:
    """What came in, and what goes out next; a good picture if nothing is said."""

    address: str = ""
    replies: deque[Reply | None] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)

    async def answer(self, request: Request) -> Reply | None:
        self.requests.append(request)
        if self.replies:
            return self.replies.popleft()
        if request.method == "GET":
            return Reply(body=b'{"object": "list", "data": []}')
        return good(picture(PROMPT))


@pytest.fixture
def service() -> Iterator[OpenAIServer]:
    server = OpenAIServer()
    with running(server.answer) as server.address:
        yield server


def maker(server: OpenAIServer, deadline_s: float = 30.0) -> Callable[[], Generator]:
    access = openai_images.OpenAIAccess(ApiKey(KEY), f"{server.address}/v1", deadline_s=deadline_s)
    return lambda: openai_images.OpenAIGenerator(access)


def form(request: Request) -> list[Message]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    return list(BytesParser().parsebytes(head + request.body).get_payload())  # type: ignore[arg-type]


def name(part: Message) -> str:
    return str(part.get_param("name", header="content-disposition"))


@pytest.mark.parametrize("case", FAMILIES)
def test_fault_has_its_family_and_its_words(service: OpenAIServer, case: str) -> None:
    reply, family, reason, maybe_billed, words = FAMILIES[case]
    service.replies.append(reply)
    failed = failure(maker(service, 0.5 if case == "drip" else 30.0), request(MODEL))
    assert (failed.family, failed.reason, failed.maybe_billed) == (family, reason, maybe_billed)
    assert words in failed.message
    assert len(service.requests) == 1
    assert KEY not in "".join(traceback.TracebackException.from_exception(failed, capture_locals=True).format())
    assert failed.__context__ is None or not hasattr(failed.__context__, "request")


def test_references_go_as_images_of_one_form(service: OpenAIServer) -> None:
    answer = made(maker(service), request(MODEL))
    asked = service.requests[0]
    parts = form(asked)
    images = [part for part in parts if name(part) == "image[]"]
    fields = {name(part): part.get_payload() for part in parts if name(part) != "image[]"}
    assert (asked.method, asked.path, asked.headers["authorization"]) == ("POST", "/v1/images/edits", f"Bearer {KEY}")
    assert [part.get_filename() for part in images] == ["1-person.png", "2-garment.png"]
    assert images[0].get_payload(decode=True) == picture("person")
    assert fields == {
        "model": MODEL,
        "prompt": PROMPT,
        "size": "880x1184",
        "quality": "medium",
        "n": "1",
        "background": "auto",
    }
    assert (answer.data, answer.request_id, answer.usage) == (picture(PROMPT), "req-1", Usage(50, 1056))


def test_objects_alone_come_on_a_transparent_ground(service: OpenAIServer) -> None:
    made(maker(service), request(MODEL, roles=(Role.PROP, Role.STYLE)))
    assert "transparent" in [part.get_payload() for part in form(service.requests[0]) if name(part) == "background"]


def test_text_alone_is_asked_for_without_a_form(service: OpenAIServer) -> None:
    made(maker(service), request(MODEL, roles=()))
    assert service.requests[0].path == "/v1/images/generations"
    sent = json.loads(service.requests[0].body)
    assert sent == {"model": MODEL, "prompt": PROMPT, "size": "880x1184", "quality": "medium", "n": 1}


def test_first_models_get_one_of_their_three_sizes(service: OpenAIServer) -> None:
    made(maker(service), request("gpt-image-1.5", roles=()))
    assert json.loads(service.requests[0].body)["size"] == "1024x1536"


def test_more_references_than_it_takes_are_not_sent(service: OpenAIServer) -> None:
    failed = failure(maker(service), request(MODEL, roles=(Role.PROP,) * 17))
    assert (failed.family, failed.reason, service.requests) == (ASK, "too_many_references", [])
    assert failed.message == "OpenAI takes at most 16 references in one request."


def test_wait_that_the_service_asks_for_is_told(service: OpenAIServer) -> None:
    service.replies.append(error(429, "rate_limit_exceeded", **{"retry-after": "7"}))
    assert failure(maker(service), request(MODEL)).retry_after_s == 7


def test_unreachable_service_is_said_not_to_have_worked() -> None:
    failed = failure(maker(OpenAIServer("http://127.0.0.1:9")), request(MODEL))
    assert (failed.family, failed.reason, failed.maybe_billed) == (RETRY, "unreachable", False)
    assert failed.message == "OpenAI cannot be reached: nothing listens at its address."


def test_connection_is_said_to_be_good_or_bad(service: OpenAIServer) -> None:
    assert using(maker(service), lambda generator: generator.test_connection()) == "OpenAI answers and accepts the key."
    service.replies.append(error(401, "invalid_api_key", f"Incorrect API key provided: {KEY}."))
    with pytest.raises(
        ServiceFailed, match=r"OpenAI does not accept the key\. It says: “Incorrect API key provided: •••"
    ):
        using(maker(service), lambda generator: generator.test_connection())


def test_missing_key_is_asked_for() -> None:
    with pytest.raises(ServiceFailed, match="There is no key for OpenAI"):
        openai_images.OpenAIGenerator(openai_images.OpenAIAccess())


def test_log_holds_no_key(service: OpenAIServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service.replies.append(error(500, "server_error"))
    failure(maker(service), request(MODEL))
    assert "images/edits" in caplog.text
    assert KEY not in caplog.text
