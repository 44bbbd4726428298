"""The contract of whatever is asked of a service: whom it is about, what an answer used, and why there was none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.errors import PropmasterError

_NETWORK = "Check the internet connection and the proxy."


@dataclass(frozen=True, slots=True)
class Service:
    """Whom a failure is about: its name in messages, what is asked of it, whether that costs money, what helps if down.

    `gives` stands after "a" or "no".
    """

    name: str
    gives: str = "picture"
    is_paid: bool = True
    when_down: str = _NETWORK

    def __str__(self) -> str:
        return self.name

    @property
    def lost(self) -> str:
        """What may be lost with an answer, as the end of a message."""
        if not self.is_paid:
            return ""
        return f" The {self.gives} may have been made and billed although it did not arrive."


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer says was used; None where it does not say. `text_tokens` of the output are words."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    text_tokens: int = 0


class Family(StrEnum):
    """What a failure asks for: another attempt, the user's decision, or nothing more."""

    RETRY = "retry"
    RETRY_ONCE = "retry_once"
    ASK = "ask"
    GIVE_UP = "give_up"


class ServiceFailed(PropmasterError):
    """What was asked for did not come. The message never holds a key, a header or an address with a key.

    `reason` is a stable word for the exact cause ("rate_limited", "image_safety", …). `maybe_billed` says that the
    service may have done the work although its answer was lost. `retry_after_s` is what the service asked to wait.
    """

    code = "service_failed"

    def __init__(
        self,
        family: Family,
        reason: str,
        message: str,
        hint: str = "",
        *,
        maybe_billed: bool = False,
        retry_after_s: float | None = None,
        model_text: str = "",
        request_id: str = "",
        usage: Usage | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.family, self.reason = family, reason
        self.maybe_billed, self.retry_after_s = maybe_billed, retry_after_s
        self.model_text, self.request_id, self.usage = model_text, request_id, usage
