"""The pictures in the answers of services: in base64, decodable and not blank, or what is wrong with them."""

from __future__ import annotations

import base64
import binascii

from engine.images.result import ResultFault, ResultRejected, check_result
from engine.services.service import Family, Service, ServiceFailed


def picture_in(service: Service, text: str) -> bytes:
    """Return the picture of a base64 text or data URI, decodable and not blank. Raises ServiceFailed.

    Decodes it, so not for an event loop.
    """
    try:
        # Both alphabets occur: the services' is the plain one, that of Google's SDK the one for URLs.
        plain = text.rpartition(",")[2].replace("-", "+").replace("_", "/")
        return usable(service, base64.b64decode(plain, validate=True))
    except binascii.Error:
        raise ServiceFailed(
            Family.RETRY_ONCE, "undecodable", f"{service} sent a damaged picture.", "Ask for it again."
        ) from None


def usable(service: Service, data: bytes) -> bytes:
    """Return the bytes of a picture that can be decoded and is not blank. Raises ServiceFailed."""
    try:
        check_result(data)
    except ResultRejected as error:
        raise _rejected(service, error) from None
    return data


def _rejected(service: Service, error: ResultRejected) -> ServiceFailed:
    """A picture came that cannot be used. A blank one is a refusal in disguise."""
    if error.fault is ResultFault.BLANK:
        return ServiceFailed(
            Family.ASK,
            "blank_picture",
            f"{service} sent a blank picture: one flat colour.",
            "Services send such pictures in place of a refusal; change the wording or the references.",
        )
    return ServiceFailed(
        Family.RETRY_ONCE, "undecodable", f"{service} sent a damaged picture. {error.message}", "Ask for it again."
    )
