"""Loopback servers that speak the language of encoders in the cloud, as recorded from the real SDKs' requests.

Answers are made from what came in, so that a test sees which picture or text got which vector; `replies` go out before
those, one each, and may be faults; `replies_at` to the requests of these numbers, counted from 0.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from tests.helpers.loopback import Reply, Request, running

KEY = "sk-cloud-0123456789abcdefSECRET"
DIMENSIONS = {"openai": 1536, "dashscope": 1152}
DESCRIPTION = "Object: a crown\nColours: gold\nMaterials: metal\nStyle: painted\n中文：王冠，金色"


@dataclass
class EncoderServer:
    """A running server: its address for the SDK, what came in, and what goes out before the usual answers."""

    address: str = ""
    requests: list[Request] = field(default_factory=list)
    replies: deque[Reply | None] = field(default_factory=deque)
    replies_at: dict[int, Reply] = field(default_factory=dict)
    latency_s: float = 0.0
    arrived: threading.Event = field(default_factory=threading.Event)
    """Set once a request came in."""

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What came in, as JSON."""
        return [json.loads(request.body) for request in self.requests]


@contextmanager
def openai_server() -> Iterator[EncoderServer]:
    """Run a server of OpenAI's `/v1/responses` and `/v1/embeddings`."""
    yield from _serving(_openai_answer, "/v1")


@contextmanager
def dashscope_server() -> Iterator[EncoderServer]:
    """Run a server of DashScope's multimodal embeddings."""
    yield from _serving(_dashscope_answer, "/api/v1")


def vector_of(text: str, dimension: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the vector, not of length one, that the servers give a text."""
    return np.random.default_rng(sum(text.encode())).normal(size=dimension).astype(np.float32) * 3


def shade_of(data_uri: str) -> str:
    """Return the mean grey of a picture as text: what the servers see of it."""
    with Image.open(io.BytesIO(base64.b64decode(data_uri.partition(",")[2]))) as picture:
        return f"shade {np.asarray(picture.convert('L')).mean():.0f}"


def error(status: int, code: str, message: str, **headers: str) -> Reply:
    """Return an error in the words of either service."""
    body = {"error": {"message": message, "code": code, "type": code}, "code": code, "message": message}
    return Reply(status, json.dumps(body | {"request_id": "req-7"}).encode(), headers=headers)


def vectors(count: int, dimension: int, service: str, fill: float = 1.0) -> Reply:
    """Return an answer with so many vectors of such a length."""
    rows = [{"index": n, "embedding": [fill] * dimension} for n in range(count)]
    return ok({"data": rows} if service == "openai" else {"output": {"embeddings": rows}, "usage": {}})


def ok(body: dict[str, Any]) -> Reply:
    """Return a body with the status 200."""
    return Reply(body=json.dumps(body).encode())


def words(text: str, refusal: str = "") -> Reply:
    """Return an answer of `/v1/responses`."""
    part = {"type": "refusal", "refusal": refusal} if refusal else {"type": "output_text", "text": text}
    output = [{"type": "reasoning", "content": None}, {"type": "message", "content": [part]}]
    return ok({"status": "completed", "output": output, "usage": {"input_tokens": 560, "output_tokens": 90}})


def _serving(answer: Any, path: str) -> Iterator[EncoderServer]:
    server = EncoderServer()

    async def serve(request: Request) -> Reply | None:
        server.requests.append(request)
        server.arrived.set()
        number = len(server.requests) - 1
        await asyncio.sleep(server.latency_s)
        if number in server.replies_at:
            return server.replies_at.pop(number)
        return server.replies.popleft() if server.replies else answer(request)

    with running(serve) as address:
        server.address = address + path
        yield server


def _openai_answer(request: Request) -> Reply:
    body = json.loads(request.body)
    if request.path == "/v1/responses":
        (shown,) = body["input"][0]["content"]
        return words(f"{DESCRIPTION}, {shade_of(shown['image_url'])}")
    assert (request.path, body["encoding_format"]) == ("/v1/embeddings", "base64")
    rows = [
        {"index": n, "embedding": base64.b64encode(vector_of(text, body["dimensions"]).tobytes()).decode()}
        for n, text in enumerate(body["input"])
    ]
    return ok({"data": rows[::-1], "usage": {"prompt_tokens": 40 * len(rows)}})


def _dashscope_answer(request: Request) -> Reply:
    assert request.path == "/api/v1/services/embeddings/multimodal-embedding/multimodal-embedding"
    body = json.loads(request.body)
    seen = [one.get("text") or shade_of(one["image"]) for one in body["input"]["contents"]]
    rows = [
        {"index": n, "type": "vl", "embedding": vector_of(text, body["parameters"]["dimension"]).tolist()}
        for n, text in enumerate(seen)
    ]
    usage = {"input_tokens": 896 * len(rows), "input_tokens_details": {"image_tokens": 896 * len(rows)}}
    return ok({"output": {"embeddings": rows[::-1]}, "usage": usage, "request_id": "req-7"})
