"""ComfyUI, against a server of our own with its routes and shapes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.compose.generators.comfyui import ComfyUIGenerator
from engine.compose.generators.generator import Generator, Role
from engine.services.service import Family, ServiceFailed
from tests.engine.compose.generators.asking import PROMPT, failure, made, request, using
from tests.helpers.gemini_wire import picture
from tests.helpers.loopback import Reply, Request, running

MODEL = "comfyui"
RETRY, ONCE, ASK, GIVE_UP = Family.RETRY, Family.RETRY_ONCE, Family.ASK, Family.GIVE_UP
RUN = "run-1"


def node(kind: str, title: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": title}}


WORKFLOW = {
    "1": node("CLIPTextEncode", "Prompt", text="a sketch", clip=["9", 1]),
    "2": node("EmptyLatentImage", "size", width=512, height=512, batch_size=1),
    "3": node("KSampler", "Seed", seed=1, steps=20, model=["9", 0]),
    "4": node("LoadImage", "Person", image="example.png"),
    "5": node("LoadImage", "Garment 2", image="example.png"),
    "6": node("SaveImage", "Save Image", images=["3", 0]),
    "9": node("CheckpointLoaderSimple", "Load Checkpoint", ckpt_name="x.safetensors"),
}
ROLES = (Role.GARMENT, Role.PERSON, Role.GARMENT)


def ended(status: str = "success", **outputs: Any) -> dict[str, Any]:
    return {"outputs": outputs, "status": {"status_str": status, "completed": status == "success", "messages": []}}


def broken(words: str) -> dict[str, Any]:
    run = ended("error")
    details = {"prompt_id": RUN, "node_id": "3", "node_type": "KSampler", "exception_message": words}
    run["status"]["messages"] = [["execution_start", {}], ["execution_error", details]]
    return run


PREVIEW = {"filename": "preview.png", "subfolder": "", "type": "temp"}
SAVED = {"filename": "saved 1.png", "subfolder": "out", "type": "output"}
GOOD = ended(**{"7": {"images": [PREVIEW]}, "6": {"images": [SAVED]}, "8": {"images": [PREVIEW]}})
NODE_ERROR = {
    "error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"},
    "node_errors": {"9": {"class_type": "Loader", "errors": [{"message": "Value not in list", "details": "x.ckpt"}]}},
}


@dataclass
class ComfyUI:
    """The state of a server with one run; `polls` answers say that it is still running."""

    address: str = ""
    polls: int = 2
    history: dict[str, Any] = field(default_factory=lambda: GOOD)
    view: bytes = picture(PROMPT)
    replies: dict[str, Reply | None] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    async def answer(self, request: Request) -> Reply | None:
        self.requests.append(request)
        path = urlsplit(request.path).path
        if path in self.replies:
            return self.replies[path]
        match path:
            case "/upload/image":
                name = re.search(rb'filename="([^"]+)"', request.body)
                assert name is not None
                return reply({"name": name[1].decode(), "subfolder": "propmaster", "type": "input"})
            case "/prompt":
                return reply({"prompt_id": RUN, "number": 1, "node_errors": {}})
            case "/queue":
                return reply({"queue_running": [[0, RUN, {}, {}, []]], "queue_pending": []})
            case "/view":
                return Reply(body=self.view, media_type="image/png")
            case "/system_stats":
                return reply({"system": {"comfyui_version": "0.9.1"}, "devices": []})
        self.polls -= 1
        return reply({} if self.polls >= 0 else {RUN: self.history})

    def graph(self) -> dict[str, Any]:
        return dict(json.loads(self.of("/prompt")[0].body)["prompt"])

    def of(self, path: str) -> list[Request]:
        return [each for each in self.requests if urlsplit(each.path).path == path]


def reply(body: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(body).encode())


@pytest.fixture
def comfy() -> Iterator[ComfyUI]:
    server = ComfyUI()
    with running(server.answer) as server.address:
        yield server


@pytest.fixture
def workflow(tmp_path: Path) -> Path:
    path = tmp_path / "workflow.json"
    path.write_text(json.dumps(WORKFLOW))
    return path


def maker(server: ComfyUI, workflow: Path, deadline_s: float = 30.0) -> Callable[[], Generator]:
    return lambda: ComfyUIGenerator(server.address, workflow, deadline_s, poll_s=0.01)


def test_slots_are_filled_by_their_titles_and_the_saved_picture_comes_back(comfy: ComfyUI, workflow: Path) -> None:
    answer = made(maker(comfy, workflow), request(MODEL, roles=ROLES))
    graph = comfy.graph()
    assert graph["1"]["inputs"] == {"text": PROMPT, "clip": ["9", 1]}
    assert graph["2"]["inputs"] == {"width": 888, "height": 1184, "batch_size": 1}
    assert graph["3"]["inputs"]["steps"] == 20
    assert graph["9"] == WORKFLOW["9"]
    assert graph["4"]["inputs"]["image"].startswith("propmaster/")
    uploads = comfy.of("/upload/image")
    assert [picture("garment") in each.body for each in uploads] == [False, True]
    assert [picture("person") in each.body for each in uploads] == [True, False]
    assert parse_qs(urlsplit(comfy.of("/view")[0].path).query) == {
        "filename": ["saved 1.png"],
        "subfolder": ["out"],
        "type": ["output"],
    }
    assert (answer.data, answer.request_id) == (picture(PROMPT), RUN)
    assert answer.text == "The workflow has no place for the references 1."


def test_each_run_has_a_seed_of_its_own(comfy: ComfyUI, workflow: Path) -> None:
    async def twice(generator: Generator) -> None:
        await generator.generate(request(MODEL, roles=ROLES))
        await generator.generate(request(MODEL, roles=ROLES))

    using(maker(comfy, workflow), twice)
    first, second = (json.loads(each.body)["prompt"]["3"]["inputs"]["seed"] for each in comfy.of("/prompt"))
    assert first != second


def test_run_that_is_cancelled_is_taken_back(comfy: ComfyUI, workflow: Path) -> None:
    comfy.polls = 10**6

    async def cancel(generator: Generator) -> None:
        asked = asyncio.ensure_future(generator.generate(request(MODEL, roles=ROLES)))
        while not comfy.of(f"/history/{RUN}"):
            await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    using(maker(comfy, workflow), cancel)
    assert json.loads(comfy.of("/queue")[0].body) == {"delete": [RUN]}
    assert json.loads(comfy.of("/interrupt")[0].body) == {"prompt_id": RUN}


def test_run_of_somebody_else_is_not_interrupted(comfy: ComfyUI, workflow: Path) -> None:
    comfy.polls, comfy.replies["/queue"] = 10**6, reply({"queue_running": [[0, "another", {}, {}, []]]})
    failed = failure(maker(comfy, workflow, 0.5), request(MODEL, roles=ROLES))
    assert (failed.family, failed.reason, failed.maybe_billed) == (RETRY, "timed_out", False)
    assert failed.message == "ComfyUI gave no picture within 0.5 seconds."
    assert comfy.of("/queue")
    assert not comfy.of("/interrupt")


RUNS: dict[str, tuple[dict[str, Any], Family, str, str]] = {
    "fault": (broken("shapes do not match"), GIVE_UP, "workflow_failed", "It says: “KSampler: shapes do not match”"),
    "memory": (broken("CUDA out of memory"), ASK, "out_of_memory", "ComfyUI has not enough memory for this picture."),
    "nothing": (ended(), GIVE_UP, "workflow_without_picture", "The workflow ended in ComfyUI without a picture."),
}


@pytest.mark.parametrize("case", RUNS)
def test_run_that_fails_says_why(comfy: ComfyUI, workflow: Path, case: str) -> None:
    comfy.history, family, reason, words = RUNS[case]
    failed = failure(maker(comfy, workflow), request(MODEL, roles=ROLES))
    assert (failed.family, failed.reason) == (family, reason)
    assert words in failed.message


REPLIES: dict[str, tuple[str, Reply | None, Family, str, str]] = {
    "nodes": (
        "/prompt",
        reply(NODE_ERROR, 400),
        GIVE_UP,
        "bad_request",
        "validation; Loader: Value not in list x.ckpt”",
    ),
    "no run": ("/prompt", reply({}), RETRY, "empty_answer", "ComfyUI sent an answer without a picture or a word."),
    "half": ("/prompt", Reply(body=b'{"pro'), RETRY, "unreadable_answer", "ComfyUI answered with half a message"),
    "other": (
        "/upload/image",
        reply({}, 404),
        GIVE_UP,
        "no_interface",
        "What answers at the address of ComfyUI does not",
    ),
    "large": (
        "/upload/image",
        reply({}, 413),
        ASK,
        "too_large",
        "The pictures are too large for one request to ComfyUI",
    ),
    "fault": ("/view", reply({}, 500), RETRY, "server_fault", "ComfyUI has a fault of its own (status 500)."),
    "corrupt": ("/view", Reply(body=picture("x")[:50]), ONCE, "undecodable", "ComfyUI sent a damaged picture."),
    "cut": (f"/history/{RUN}", None, RETRY, "cut_off", "The connection to ComfyUI was cut"),
}


@pytest.mark.parametrize("case", REPLIES)
def test_fault_has_its_family_and_its_words_and_costs_nothing(comfy: ComfyUI, workflow: Path, case: str) -> None:
    path, answer, family, reason, words = REPLIES[case]
    comfy.replies[path] = answer
    failed = failure(maker(comfy, workflow), request(MODEL, roles=ROLES))
    assert (failed.family, failed.reason, failed.maybe_billed) == (family, reason, False)
    assert words in failed.message


def test_slot_without_a_reference_is_named_before_anything_is_sent(comfy: ComfyUI, workflow: Path) -> None:
    failed = failure(maker(comfy, workflow), request(MODEL, roles=(Role.PERSON, Role.GARMENT)))
    assert (failed.family, failed.reason, comfy.requests) == (GIVE_UP, "workflow_slot_empty", [])
    assert failed.message == "The workflow shows a picture for “garment 2”, and the composition has none."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "is no workflow of ComfyUI"),
        ('{"nodes": [], "links": []}', "is saved for ComfyUI's editor"),
        (json.dumps({"4": WORKFLOW["4"]}), "has no place for the words"),
        (json.dumps({"1": node("Note", "Prompt", note="x")}), "The node “Prompt” of the workflow has no input for it"),
    ],
)
def test_file_that_is_no_workflow_is_refused_in_words(workflow: Path, text: str, words: str) -> None:
    workflow.write_text(text)
    with pytest.raises(ServiceFailed) as caught:
        ComfyUIGenerator("http://127.0.0.1:9", workflow, 1.0)
    assert caught.value.reason == "workflow_unusable"
    assert words in caught.value.message


def test_connection_names_the_version(comfy: ComfyUI, workflow: Path) -> None:
    assert using(maker(comfy, workflow), lambda generator: generator.test_connection()) == "ComfyUI 0.9.1 answers."
