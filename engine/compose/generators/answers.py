"""What the answers of all services have in common: JSON around a picture in base64, or what is wrong with it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from engine.compose.generators import failures
from engine.compose.generators.failures import Service
from engine.compose.generators.generator import Family, GenerationFailed
from engine.images.result import ResultRejected, check_result


def object_in(service: Service, body: str) -> dict[str, Any]:
    """Return the JSON object that a 200's body holds. Raises GenerationFailed."""
    if not body.strip():
        raise failures.unreadable(service, "nothing")
    try:
        answer = json.loads(body)
    except ValueError:
        what = "a web page" if body.lstrip().startswith("<") else "half a message"
        raise failures.unreadable(service, what) from None
    if not isinstance(answer, dict):
        raise failures.unreadable(service, "something unknown")
    return answer


def picture_in(service: Service, text: str) -> bytes:
    """Return the picture of a base64 text or data URI, decodable and not blank. Raises GenerationFailed.

    Decodes it, so not for an event loop.
    """
    try:
        # Both alphabets occur: the services' is the plain one, that of Google's SDK the one for URLs.
        plain = text.rpartition(",")[2].replace("-", "+").replace("_", "/")
        return usable(service, base64.b64decode(plain, validate=True))
    except binascii.Error:
        raise GenerationFailed(
            Family.RETRY_ONCE, "undecodable", f"{service} sent a damaged picture.", "Ask for it again."
        ) from None


def usable(service: Service, data: bytes) -> bytes:
    """Return the bytes of a picture that can be decoded and is not blank. Raises GenerationFailed."""
    try:
        check_result(data)
    except ResultRejected as error:
        raise failures.rejected(service, error) from None
    return data
