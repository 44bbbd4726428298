"""What the bodies of the Gemini API mean: a picture, or a failure with its words. No network, no SDK.

The body is read as it came, because the SDK drops `finishMessage` and an error inside a 200.
Wire format: https://ai.google.dev/api/generate-content; errors: https://google.aip.dev/193.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.compose.generators.answers import picture_in
from engine.compose.generators.generator import GeneratedPicture
from engine.services import failures
from engine.services.answers import object_in
from engine.services.service import Family, Service, ServiceFailed, Usage

SERVICE = Service("Gemini")

_REWORD = "Change the wording or the references, then ask again."
_REFUSALS = {
    "SAFETY": "the safety check objects",
    "IMAGE_SAFETY": "the safety check of pictures objects",
    "PROHIBITED_CONTENT": "it may show what the terms of service forbid",
    "IMAGE_PROHIBITED_CONTENT": "the picture may show what the terms of service forbid",
    "RECITATION": "it would repeat a protected work too closely",
    "IMAGE_RECITATION": "the picture would repeat a protected work too closely",
    "BLOCKLIST": "a word of the prompt is on its blocklist",
    "SPII": "it may hold personal data",
    "LANGUAGE": "it does not work in this language",
    "ESCALATION": "a rule of the service filters it",
    "JAILBREAK": "it looks like an attempt to get around the rules",
    "MODEL_ARMOR": "a filter of your organisation objects",
    "OTHER": "it does not say why",
}
_STUMBLES = {
    "IMAGE_OTHER": "gave up on the picture without a reason",
    "OTHER": "gave up without a reason",
    "MALFORMED_RESPONSE": "garbled its own answer",
    "MAX_TOKENS": "stopped at the limit of tokens before the picture was complete",
}
_VERSION_WORDS = re.compile(r"unknown name|cannot find field|for api version", re.IGNORECASE)


def picture_of(body: str, model: str) -> GeneratedPicture:
    """Return the picture of a 200's body. Decodes it, so not for an event loop. Raises ServiceFailed."""
    answer = object_in(SERVICE, body)
    if "error" in answer:
        error = answer["error"] if isinstance(answer["error"], dict) else {}
        raise error_of(int(error.get("code") or 500), error, model)
    candidate: dict[str, Any] = next(iter(answer.get("candidates") or []), {})
    parts = [
        part for part in (candidate.get("content") or {}).get("parts") or [] if part and not part.get("thought", False)
    ]
    said = "\n".join(filter(None, (*(part.get("text", "").strip() for part in parts), candidate.get("finishMessage"))))
    pictures = [part["inlineData"] for part in parts if "inlineData" in part]
    request_id, usage = str(answer.get("responseId", "")), _usage(answer.get("usageMetadata") or {})
    failure: ServiceFailed | None
    try:
        if pictures:
            return GeneratedPicture(picture_in(SERVICE, pictures[-1].get("data", "")), said, request_id, usage)
        failure = _without_picture(answer, candidate, said)
    except ServiceFailed as rejected:
        failure = rejected
    failure.model_text, failure.request_id, failure.usage = said, request_id, usage
    raise failure


def error_of(status: int, error: Mapping[str, Any], model: str) -> ServiceFailed:
    """Return what a google.rpc.Status means; an empty one, or one made of an HTML page, will do."""
    said = str(error.get("message") or "")
    details = [detail for detail in error.get("details") or [] if isinstance(detail, dict)]
    failure = _error(status, said, details, model)
    failure.request_id = next((str(detail["requestId"]) for detail in details if "requestId" in detail), "")
    return failure


def blames_version(status: int, error: Mapping[str, Any]) -> bool:
    """Tell whether another version of the API might take the same request."""
    return status in (400, 404) and _VERSION_WORDS.search(str(error.get("message") or "")) is not None


def _error(status: int, said: str, details: list[dict[str, Any]], model: str) -> ServiceFailed:
    if any(detail.get("reason") in ("API_KEY_INVALID", "API_KEY_EXPIRED") for detail in details):
        return failures.bad_key(SERVICE, said)
    if status == 429:
        quotas = [str(each.get("quotaId")) for detail in details for each in detail.get("violations") or []]
        if "limit: 0" in said or any("PerDay" in quota for quota in quotas):
            return failures.quota_used_up(SERVICE, said)
        return failures.rate_limited(SERVICE, _delay(details), said)
    if status == 404:
        return failures.model_gone(SERVICE, model, said)
    if "location is not supported" in said:
        return failures.wrong_place(SERVICE)
    return failures.of_status(SERVICE, status, said)


def _delay(details: list[dict[str, Any]]) -> float | None:
    for detail in details:
        if match := re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", ""))):
            return float(match[1])
    return None


def _without_picture(answer: Mapping[str, Any], candidate: Mapping[str, Any], said: str) -> ServiceFailed:
    blocked = (answer.get("promptFeedback") or {}).get("blockReason")
    finish = str(candidate.get("finishReason") or "")
    if blocked:
        why = _REFUSALS.get(blocked, blocked)
        return ServiceFailed(
            Family.ASK, f"blocked_{blocked.lower()}", f"{SERVICE} refuses prompt or references: {why}.", _REWORD
        )
    if finish in _STUMBLES:
        return ServiceFailed(Family.RETRY_ONCE, finish.lower(), f"{SERVICE} {_STUMBLES[finish]}.", "Ask for it again.")
    if finish in _REFUSALS:
        return ServiceFailed(
            Family.ASK, finish.lower(), f"{SERVICE} refuses to give the picture: {_REFUSALS[finish]}.", _REWORD
        )
    if said:
        return ServiceFailed(
            Family.ASK,
            "text_only",
            f"{SERVICE} answered in words instead of a picture.{failures.quoted(said)}",
            _REWORD,
        )
    if finish not in ("", "STOP", "NO_IMAGE"):
        return ServiceFailed(Family.ASK, finish.lower(), f"{SERVICE} gives no picture: {finish}.", _REWORD)
    return failures.empty_answer(SERVICE)


def _usage(usage: Mapping[str, Any]) -> Usage:
    """Return the tokens of an answer; thoughts are output that the candidates' count leaves out."""
    output, thoughts = usage.get("candidatesTokenCount"), usage.get("thoughtsTokenCount") or 0
    by_kind = {each.get("modality"): each.get("tokenCount", 0) for each in usage.get("candidatesTokensDetails") or []}
    text = thoughts + by_kind.get("TEXT", 0)
    return Usage(usage.get("promptTokenCount"), None if output is None else output + thoughts, text)
