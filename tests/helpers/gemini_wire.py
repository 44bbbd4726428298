"""The bodies that the Gemini Developer API sends, as recorded, for good answers and for every fault.

Wire format of `models/M:generateContent`; errors follow google.rpc.Status (https://google.aip.dev/193).
"""

from __future__ import annotations

import base64
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from PIL import Image, ImageDraw

from tests.helpers.loopback import Reply

EDGE_PX = 96
RPC = "type.googleapis.com/google.rpc."
HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
REFUSAL = "I can't put a real person's face on this figure, but I can draw an invented one."


class Fault(StrEnum):
    """What can go wrong; the value names it on the command line."""

    RATE_MINUTE = "rate_minute"
    QUOTA_DAY = "quota_day"
    QUOTA_ZERO = "quota_zero"
    KEY_INVALID = "key_invalid"
    KEY_EXPIRED = "key_expired"
    LOCATION = "location"
    BAD_REQUEST = "bad_request"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    MODEL_RETIRED = "model_retired"
    REQUEST_TIMEOUT = "request_timeout"
    TOO_LARGE = "too_large"
    CANCELLED = "cancelled"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    DEADLINE = "deadline"
    BAD_GATEWAY = "bad_gateway"
    REDIRECT = "redirect"
    PROMPT_BLOCKED = "prompt_blocked"
    IMAGE_SAFETY = "image_safety"
    IMAGE_PROHIBITED_CONTENT = "image_prohibited_content"
    IMAGE_RECITATION = "image_recitation"
    SAFETY = "safety"
    PROHIBITED_CONTENT = "prohibited_content"
    RECITATION = "recitation"
    IMAGE_OTHER = "image_other"
    OTHER = "other"
    MALFORMED_RESPONSE = "malformed_response"
    NO_IMAGE = "no_image"
    TEXT_ONLY = "text_only"
    ERROR_IN_200 = "error_in_200"
    EMPTY_200 = "empty_200"
    NO_CANDIDATES = "no_candidates"
    TRUNCATED_JSON = "truncated_json"
    HTML_200 = "html_200"
    INVALID_BASE64 = "invalid_base64"
    CORRUPT_IMAGE = "corrupt_image"
    BLANK_IMAGE = "blank_image"
    JPEG_CALLED_PNG = "jpeg_called_png"
    THOUGHTS = "thoughts"
    DRAFTS = "drafts"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    CUT_MIDWAY = "cut_midway"
    SLOW = "slow"
    DRIP = "drip"


HARMLESS = frozenset({Fault.JPEG_CALLED_PNG, Fault.THOUGHTS, Fault.DRAFTS})
"""Oddities that still are a good picture."""

BILLED = HARMLESS | {
    Fault.TRUNCATED_JSON,
    Fault.HTML_200,
    Fault.EMPTY_200,
    Fault.INVALID_BASE64,
    Fault.CORRUPT_IMAGE,
    Fault.BLANK_IMAGE,
    Fault.CUT_AFTER,
    Fault.CUT_MIDWAY,
    Fault.SLOW,
    Fault.DRIP,
}
"""The picture was made and is to be paid, whatever became of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, taken apart; `media_types` are those of its pictures, in order."""

    version: str
    model: str
    prompt: str
    media_types: tuple[str, ...]
    config: dict[str, Any]

    @classmethod
    def of(cls, version: str, model: str, body: bytes) -> Asked:
        """Take a body apart."""
        sent = json.loads(body)
        parts = [part for content in sent.get("contents", []) for part in content["parts"]]
        pictures = [part["inlineData"] for part in parts if "inlineData" in part]
        for picture in pictures:
            Image.open(io.BytesIO(base64.urlsafe_b64decode(picture["data"]))).load()
        return cls(
            version,
            model,
            next((part["text"] for part in reversed(parts) if "text" in part), ""),
            tuple(picture.get("mimeType") or picture["mime_type"] for picture in pictures),
            sent.get("generationConfig", {}),
        )


def picture(seed: str, kind: str = "PNG", ratio: str = "1:1") -> bytes:
    """Draw a small picture, distinct by its seed."""
    across, down = (int(side) for side in ratio.split(":"))
    size = (EDGE_PX * across // max(across, down), EDGE_PX * down // max(across, down))
    chance = random.Random(seed)
    image = Image.new("RGB", size, tuple(chance.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(8):
        left, top = chance.randrange(size[0]), chance.randrange(size[1])
        box = (left, top, left + chance.randrange(8, 40), top + chance.randrange(8, 40))
        pen.ellipse(box, fill=tuple(chance.randrange(256) for _ in range(3)))
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def error(status: int, name: str, message: str, *details: dict[str, Any]) -> Reply:
    """Return an error as Google's services word it."""
    body: dict[str, Any] = {"code": status, "message": message, "status": name}
    return Reply(status, json.dumps({"error": body | ({"details": details} if details else {})}).encode())


def answer(asked: Asked, fault: Fault | None, number: int) -> Reply | None:
    """Return what this request gets; `number` goes into the response's id."""
    if fault in _ERRORS:
        return _ERRORS[fault]
    if fault in _FINISHES:
        return _answer([], number, _FINISHES[fault])
    if fault in _BODIES:
        return _BODIES[fault](asked, number)
    return _answer([_inline(picture(asked.prompt, ratio=_ratio(asked)))], number)


def _ratio(asked: Asked) -> str:
    return str(asked.config.get("imageConfig", {}).get("aspectRatio", "1:1"))


def _quota(message: str, quota: str, *details: dict[str, Any]) -> Reply:
    violation = {"quotaMetric": "generativelanguage.googleapis.com/generate_requests", "quotaId": quota}
    return error(
        429, "RESOURCE_EXHAUSTED", message, {"@type": f"{RPC}QuotaFailure", "violations": [violation]}, *details
    )


def _retry_in(delay: str) -> dict[str, Any]:
    return {"@type": f"{RPC}RetryInfo", "retryDelay": delay}


def _reason(word: str) -> dict[str, Any]:
    return {"@type": f"{RPC}ErrorInfo", "reason": word, "domain": "googleapis.com"}


_EXCEEDED = "You exceeded your current quota, please check your plan and billing details."
_ERRORS: dict[Fault | None, Reply] = {
    Fault.RATE_MINUTE: _quota(_EXCEEDED, "GenerateRequestsPerMinutePerProjectPerModel", _retry_in("0.2s")),
    Fault.QUOTA_DAY: _quota(_EXCEEDED, "GenerateRequestsPerDayPerProjectPerModel", _retry_in("37s")),
    Fault.QUOTA_ZERO: _quota(f"{_EXCEEDED} limit: 0", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"),
    Fault.KEY_INVALID: error(
        400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", _reason("API_KEY_INVALID")
    ),
    Fault.KEY_EXPIRED: error(
        400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", _reason("API_KEY_INVALID")
    ),
    Fault.LOCATION: error(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
    Fault.BAD_REQUEST: error(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    Fault.UNAUTHENTICATED: error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    Fault.FORBIDDEN: error(403, "PERMISSION_DENIED", "Your project was denied access.", _reason("CONSUMER_SUSPENDED")),
    Fault.MODEL_RETIRED: error(
        404, "NOT_FOUND", "models/it is not found for API version v1, or is not supported for generateContent."
    ),
    Fault.REQUEST_TIMEOUT: error(408, "DEADLINE_EXCEEDED", "The request took too long to arrive."),
    Fault.TOO_LARGE: error(413, "INVALID_ARGUMENT", "Request payload size exceeds the limit."),
    Fault.CANCELLED: error(499, "CANCELLED", "The operation was cancelled."),
    Fault.INTERNAL: error(500, "INTERNAL", "An internal error has occurred."),
    Fault.UNAVAILABLE: error(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    Fault.DEADLINE: error(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    Fault.BAD_GATEWAY: Reply(502, HTML, "text/html"),
    Fault.REDIRECT: Reply(302, b"", "text/html", {"Location": "http://127.0.0.1:1/login"}),
    Fault.ERROR_IN_200: replace(
        error(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), status=200
    ),
    Fault.EMPTY_200: Reply(),
    Fault.HTML_200: Reply(200, HTML, "text/html"),
}
_FINISHES = {
    Fault.IMAGE_SAFETY: "IMAGE_SAFETY",
    Fault.IMAGE_PROHIBITED_CONTENT: "IMAGE_PROHIBITED_CONTENT",
    Fault.IMAGE_RECITATION: "IMAGE_RECITATION",
    Fault.SAFETY: "SAFETY",
    Fault.PROHIBITED_CONTENT: "PROHIBITED_CONTENT",
    Fault.RECITATION: "RECITATION",
    Fault.IMAGE_OTHER: "IMAGE_OTHER",
    Fault.OTHER: "OTHER",
    Fault.MALFORMED_RESPONSE: "MALFORMED_RESPONSE",
}
_FINISH_MESSAGES = {"IMAGE_SAFETY": "Unable to show the generated image. Try rephrasing the prompt."}


def _inline(data: bytes | str, media_type: str = "image/png", **marks: Any) -> dict[str, Any]:
    text = data if isinstance(data, str) else base64.b64encode(data).decode()
    return {"inlineData": {"mimeType": media_type, "data": text}, **marks}


def _answer(parts: list[dict[str, Any]], number: int, finish: str = "STOP") -> Reply:
    candidate: dict[str, Any] = {"finishReason": finish, "index": 0}
    if parts:
        candidate["content"] = {"parts": parts, "role": "model"}
    if finish in _FINISH_MESSAGES:
        candidate["finishMessage"] = _FINISH_MESSAGES[finish]
    return _reply({"candidates": [candidate]}, number)


def _reply(body: dict[str, Any], number: int) -> Reply:
    output = 1120 if "inlineData" in json.dumps(body) else 0
    usage = {"promptTokenCount": 300, "candidatesTokenCount": output, "totalTokenCount": 300 + output}
    return Reply(body=json.dumps(body | {"usageMetadata": usage, "responseId": f"response-{number}"}).encode())


def _cut_midway(asked: Asked, number: int) -> Reply:
    whole = _answer([_inline(picture(asked.prompt))], number)
    return replace(whole, cut_at=len(whole.body) // 2)


def _truncated(asked: Asked, number: int) -> Reply:
    return Reply(body=_answer([_inline(picture(asked.prompt))], number).body[:200])


def _blank() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (EDGE_PX, EDGE_PX), (0, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


_BODIES: dict[Fault | None, Callable[[Asked, int], Reply | None]] = {
    Fault.PROMPT_BLOCKED: lambda _, number: _reply({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, number),
    Fault.NO_IMAGE: lambda _, number: _answer([{"text": REFUSAL}], number, "NO_IMAGE"),
    Fault.TEXT_ONLY: lambda _, number: _answer([{"text": REFUSAL}], number),
    Fault.NO_CANDIDATES: lambda _, number: _reply({}, number),
    Fault.TRUNCATED_JSON: _truncated,
    Fault.INVALID_BASE64: lambda _, number: _answer([_inline("%%% not base64 %%%")], number),
    Fault.CORRUPT_IMAGE: lambda asked, number: _answer([_inline(picture(asked.prompt)[:60])], number),
    Fault.BLANK_IMAGE: lambda _, number: _answer([_inline(_blank())], number),
    Fault.JPEG_CALLED_PNG: lambda asked, number: _answer([_inline(picture(asked.prompt, "JPEG"))], number),
    Fault.THOUGHTS: lambda asked, number: _answer(
        [
            {"text": "The crown goes on the head.", "thought": True},
            _inline(picture("a thought"), thought=True),
            {"text": "Here is your picture."},
            _inline(picture(asked.prompt), thoughtSignature="c2lnbmF0dXJl"),
        ],
        number,
    ),
    Fault.DRAFTS: lambda asked, number: _answer([_inline(picture("a draft")), _inline(picture(asked.prompt))], number),
    Fault.CUT_BEFORE: lambda *_: None,
    Fault.CUT_AFTER: lambda *_: None,
    Fault.CUT_MIDWAY: _cut_midway,
    Fault.SLOW: lambda asked, number: _answer([_inline(picture(asked.prompt))], number),
    Fault.DRIP: lambda asked, number: replace(_answer([_inline(picture(asked.prompt))], number), drip_s=0.05),
}
