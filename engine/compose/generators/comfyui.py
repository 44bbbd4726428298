"""ComfyUI on the user's own machine or network: fills a workflow file, runs it and fetches its picture.

Routes: https://docs.comfy.org/development/comfyui-server/comms_routes
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.compose.generators.answers import usable
from engine.compose.generators.comfyui_workflow import Graph, Workflow
from engine.compose.generators.generator import GeneratedPicture, GenerationRequest, OutgoingPicture
from engine.compose.generators.local_service import LocalService
from engine.compose.generators.sizes import size_px
from engine.services import failures
from engine.services.answers import object_in
from engine.services.service import Family, Service, ServiceFailed

SERVICE = Service("ComfyUI", is_paid=False, when_down="Start ComfyUI, or set its address.")
FOLDER = "propmaster"
POLL_S = 0.5
WITHDRAW_S = 2.0

_MAX_SEED = 2**32 - 1


class ComfyUIGenerator:
    """One client, kept open; belongs to the loop it is made on."""

    name = "comfyui"

    def __init__(self, address: str, workflow: Path, deadline_s: float, poll_s: float = POLL_S) -> None:
        """Read the workflow. Raises ServiceFailed."""
        self._workflow, self._poll_s = Workflow(workflow), poll_s
        self._local = LocalService(SERVICE, address, deadline_s, _said)
        # Not for secrets: an unchanged graph would not be run again, so each one gets a seed of its own.
        self._seeds = random.Random()

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Make one picture; may be cancelled at any moment. Raises ServiceFailed."""
        shown = self._workflow.pictures([each.role for each in request.pictures])
        return await self._local.within_deadline(self._generate(request, shown))

    async def test_connection(self) -> str:
        """Ask for its version. Raises ServiceFailed."""
        answer = object_in(SERVICE, (await self._local.ask("GET", "/system_stats")).text)
        version = (answer.get("system") or {}).get("comfyui_version", "of an unknown version")
        return f"{SERVICE} {version} answers."

    async def close(self) -> None:
        """Close the connections."""
        await self._local.close()

    async def _generate(self, request: GenerationRequest, shown: Mapping[str, int]) -> GeneratedPicture:
        names = {index: await self._upload(request.pictures[index]) for index in sorted(set(shown.values()))}
        graph = self._workflow.filled(
            request.prompt,
            size_px(request.size, request.ratio, step=8),
            self._seeds.randrange(_MAX_SEED),
            {node: names[index] for node, index in shown.items()},
        )
        run = await self._start(graph)
        try:
            data = await self._fetch(await self._finished(run))
        except asyncio.CancelledError:
            await self._withdraw(run)
            raise
        unused = [str(number) for number in range(1, len(request.pictures) + 1) if number - 1 not in names]
        said = f"The workflow has no place for the references {', '.join(unused)}." if unused else ""
        return GeneratedPicture(await asyncio.to_thread(usable, SERVICE, data), said, run)

    async def _upload(self, picture: OutgoingPicture) -> str:
        suffix = picture.media_type.removeprefix("image/")
        name = f"{hashlib.blake2b(picture.data, digest_size=12).hexdigest()}.{suffix}"
        answer = await self._local.ask(
            "POST",
            "/upload/image",
            files={"image": (name, picture.data, picture.media_type)},
            data={"subfolder": FOLDER, "overwrite": "true"},
        )
        kept = object_in(SERVICE, answer.text)
        return "/".join(filter(None, (kept.get("subfolder"), kept.get("name", name))))

    async def _start(self, graph: Graph) -> str:
        answer = object_in(SERVICE, (await self._local.ask("POST", "/prompt", json={"prompt": graph})).text)
        if "prompt_id" not in answer:
            raise failures.empty_answer(SERVICE)
        return str(answer["prompt_id"])

    async def _finished(self, run: str) -> dict[str, Any]:
        """Wait for a run and return the file that it made, in the words of /view. Raises ServiceFailed."""
        while True:
            history = object_in(SERVICE, (await self._local.ask("GET", f"/history/{run}")).text)
            if run in history:
                return _made(history[run])
            await asyncio.sleep(self._poll_s)

    async def _fetch(self, file: Mapping[str, Any]) -> bytes:
        return (await self._local.ask("GET", "/view", params=dict(file))).data

    async def _withdraw(self, run: str) -> None:
        """Take a run that nobody waits for out of the queue, or stop it; a run of somebody else goes on."""
        with suppress(ServiceFailed, TimeoutError):
            async with asyncio.timeout(WITHDRAW_S):
                await self._local.ask("POST", "/queue", json={"delete": [run]})
                queue = object_in(SERVICE, (await self._local.ask("GET", "/queue")).text)
                if any(run in each for each in queue.get("queue_running") or []):
                    await self._local.ask("POST", "/interrupt", json={"prompt_id": run})


def _made(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the picture of a finished run: a saved one rather than a preview, the last of several."""
    status = run.get("status") or {}
    if status.get("status_str") == "error":
        details: dict[str, Any] = next(
            (each[1] for each in status.get("messages") or [] if each[0] == "execution_error"), {}
        )
        said = f"{details.get('node_type', 'a node')}: {details.get('exception_message', 'no reason given')}"
        if "out of memory" in said.lower():
            raise failures.out_of_memory(SERVICE, said)
        raise ServiceFailed(
            Family.GIVE_UP,
            "workflow_failed",
            f"The workflow failed in {SERVICE}.{failures.quoted(said)}",
            "Run it once in ComfyUI itself and mend it there.",
        )
    files = [file for output in (run.get("outputs") or {}).values() for file in output.get("images") or []]
    if not files:
        raise ServiceFailed(
            Family.GIVE_UP,
            "workflow_without_picture",
            f"The workflow ended in {SERVICE} without a picture.",
            "It needs a node that saves or previews one.",
        )
    file = max(enumerate(files), key=lambda each: (each[1].get("type") == "output", each[0]))[1]
    return {key: str(file.get(key, "")) for key in ("filename", "subfolder", "type")}


def _said(body: str) -> str:
    """Return the words of an error of /prompt, with the nodes that it blames."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error") or {}
    said = [str(error.get("message", "")) if isinstance(error, dict) else str(error)]
    for node in (answer.get("node_errors") or {}).values():
        reasons = (f"{each.get('message', '')} {each.get('details', '')}" for each in node.get("errors") or [])
        said.append(f"{node.get('class_type', 'a node')}: {', '.join(reasons)}")
    return "; ".join(filter(None, said))
