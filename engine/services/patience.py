"""How long to wait before a failed request is sent again, and which failures every other request would meet. Pure."""

from __future__ import annotations

from collections.abc import Callable

from engine.services.service import Family, ServiceFailed

LONGEST_WAIT_S = 60.0
FIRST_WAIT_S = 1.0
RETRIES = {Family.RETRY: 3, Family.RETRY_ONCE: 1}

_GENERAL = frozenset(
    {
        "access_refused",
        "bad_address",
        "bad_key",
        "bad_proxy",
        "location",
        "missing_key",
        "model_gone",
        "no_credentials",
        "no_interface",
        "quota_used_up",
        "redirected",
    }
)


def concerns_all(failure: ServiceFailed) -> bool:
    """Return whether every other request would fail in the same way."""
    return failure.reason in _GENERAL


def wait_before_retry(failure: ServiceFailed, retries: int, random: Callable[[], float]) -> float | None:
    """Return the seconds to wait before another attempt after so many retries, None where there is none.

    Doubles from one second, with jitter; what the service asks for is kept, up to a minute.
    """
    if retries >= RETRIES.get(failure.family, 0):
        return None
    if failure.retry_after_s is not None:
        return min(LONGEST_WAIT_S, failure.retry_after_s) + FIRST_WAIT_S * random()
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * (1 << retries)) * (0.5 + random() / 2)
