"""Stable Diffusion by the web API of AUTOMATIC1111, against a server of our own with its shapes."""

from __future__ import annotations

import base64
import io
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from PIL import Image

from engine.compose.generators.generator import Generator, Role
from engine.compose.generators.stable_diffusion import StableDiffusionGenerator
from engine.services.service import Family
from tests.engine.compose.generators.asking import PROMPT, failure, made, request, using
from tests.helpers.gemini_wire import HTML, picture
from tests.helpers.loopback import Reply, Request, running

MODEL = "stable-diffusion"
RETRY, ONCE, ASK, GIVE_UP = Family.RETRY, Family.RETRY_ONCE, Family.ASK, Family.GIVE_UP


def good(*images: bytes) -> Reply:
    encoded = [base64.b64encode(image).decode() for image in images]
    return Reply(body=json.dumps({"images": encoded, "parameters": {}, "info": "{}"}).encode())


def refusal(status: int, **body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode())


def blank() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "PNG")
    return stream.getvalue()


MEMORY = refusal(500, error="OutOfMemoryError", detail="", body="", errors="CUDA out of memory.")
FAMILIES: dict[str, tuple[Reply | None, Family, str, str]] = {
    "memory": (MEMORY, ASK, "out_of_memory", "Stable Diffusion has not enough memory for this picture. It says: “CUDA"),
    "fault": (
        refusal(500, error="E", errors="no."),
        RETRY,
        "server_fault",
        "fault of its own (status 500). It says: “no.",
    ),
    "request": (
        refusal(422, detail=[{"msg": "bad"}]),
        GIVE_UP,
        "bad_request",
        "does not accept the request (status 422)",
    ),
    "password": (refusal(401, detail="x"), GIVE_UP, "access_refused", "asks for a password, which Propmaster cannot"),
    "no api": (refusal(404, detail="Not Found"), GIVE_UP, "no_interface", "does not offer its interface"),
    "half": (Reply(body=b'{"images": ["iVBO'), RETRY, "unreadable_answer", "with half a message instead of a picture."),
    "page": (Reply(body=HTML), RETRY, "unreadable_answer", "with a web page instead of a picture."),
    "empty": (Reply(), RETRY, "unreadable_answer", "with nothing instead of a picture."),
    "none": (good(), RETRY, "empty_answer", "sent an answer without a picture or a word."),
    "corrupt": (good(picture("x")[:50]), ONCE, "undecodable", "Stable Diffusion sent a damaged picture."),
    "black": (good(blank()), ASK, "blank_picture", "Stable Diffusion sent a blank picture: one flat colour."),
    "cut": (None, RETRY, "cut_off", "The connection to Stable Diffusion was cut before its answer was complete."),
    "drip": (Reply(body=b" " * 5000, drip_s=0.1), RETRY, "timed_out", "gave no picture within 0.5 seconds."),
}


@dataclass
class WebUI:
    """What came in, and what goes out next; a good picture if nothing is said."""

    address: str = ""
    replies: deque[Reply | None] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)

    async def answer(self, request: Request) -> Reply | None:
        self.requests.append(request)
        return self.replies.popleft() if self.replies else good(picture(PROMPT))

    def sent(self) -> dict[str, Any]:
        return dict(json.loads(self.requests[0].body))


@pytest.fixture
def web_ui() -> Iterator[WebUI]:
    server = WebUI()
    with running(server.answer) as server.address:
        yield server


def maker(server: WebUI, deadline_s: float = 30.0) -> Callable[[], Generator]:
    return lambda: StableDiffusionGenerator(server.address, deadline_s)


@pytest.mark.parametrize("case", FAMILIES)
def test_fault_has_its_family_and_its_words_and_costs_nothing(web_ui: WebUI, case: str) -> None:
    reply, family, reason, words = FAMILIES[case]
    web_ui.replies.append(reply)
    failed = failure(maker(web_ui, 0.5 if case == "drip" else 30.0), request(MODEL))
    assert (failed.family, failed.reason, failed.maybe_billed) == (family, reason, False)
    assert words in failed.message
    assert "billed" not in failed.message


def test_person_is_what_the_picture_starts_from_and_the_others_are_said_to_be_left_out(web_ui: WebUI) -> None:
    answer = made(maker(web_ui), request(MODEL, roles=(Role.GARMENT, Role.PERSON, Role.SCENE)))
    sent = web_ui.sent()
    assert web_ui.requests[0].path == "/sdapi/v1/img2img"
    assert base64.b64decode(sent["init_images"][0]) == picture("person")
    assert (sent["prompt"], sent["width"], sent["height"]) == (PROMPT, 888, 1184)
    assert answer.data == picture(PROMPT)
    assert answer.text == "Only the person was used as a reference; 2 more stand in the words alone."


def test_text_alone_needs_no_reference(web_ui: WebUI) -> None:
    answer = made(maker(web_ui), request(MODEL, roles=()))
    assert web_ui.requests[0].path == "/sdapi/v1/txt2img"
    assert "init_images" not in web_ui.sent()
    assert answer.text == ""


def test_loaded_checkpoint_is_used_unless_one_is_named(web_ui: WebUI) -> None:
    made(maker(web_ui), request(MODEL))
    assert "override_settings" not in web_ui.sent()
    web_ui.requests.clear()
    made(maker(web_ui), request("dreamshaper_8"))
    assert web_ui.sent()["override_settings"] == {"sd_model_checkpoint": "dreamshaper_8"}


def test_connection_names_the_checkpoints(web_ui: WebUI) -> None:
    web_ui.replies.append(Reply(body=b'[{"title": "a [1]", "model_name": "a"}, {"title": "b", "model_name": "b"}]'))
    said = using(maker(web_ui), lambda generator: generator.test_connection())
    assert said == "Stable Diffusion answers; its checkpoints are: a, b."


def test_web_ui_that_does_not_run_is_said_how_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    failed = failure(maker(WebUI("http://127.0.0.1:9")), request(MODEL))
    assert failed.message == "Stable Diffusion cannot be reached: nothing listens at its address."
    assert failed.hint == "Start the web UI with the option --api, or set its address."
