"""The gate of encoders in the cloud: asks the catalogue whether a request may leave, books it, and tries again.

One for each encoder of an open library; threads of the model call it. Invariant: a request leaves only after the user
consented and its price is held in the ledger, on the disk; what may have been billed is not sent again by itself.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.ledger import Bill, Caps, EncodingCharge, Purpose, today
from engine.embedding.cloud import Outlay, Reply, Sent
from engine.errors import ConsentMissing
from engine.services.limits import MinuteLimit
from engine.services.patience import wait_before_retry
from engine.services.service import Family, ServiceFailed

_T = TypeVar("_T")
_PURPOSES = {Sent.PICTURES: Purpose.PICTURES, Sent.TEXTS: Purpose.TEXTS}


@dataclass(frozen=True, slots=True)
class Purse:
    """The most that may be spent on a day in micro-USD, and requests in a minute (0: no limit)."""

    day_cap: Callable[[], int]
    requests_per_minute: int


class PaidGate:
    """Implements `engine.embedding.cloud.Gate`."""

    def __init__(self, encoder: str, catalogue: Catalogue, purse: Purse) -> None:
        self._encoder = encoder
        self._database, self._ledger, self._consents = catalogue.database, catalogue.ledger, catalogue.consents
        self._purse = purse
        self._lock = threading.Lock()
        self._limit = MinuteLimit(purse.requests_per_minute)
        self._under_way: set[Future[Any]] = set()
        self._closed = threading.Event()

    def send(self, outlay: Outlay, begin: Callable[[], Future[Reply[_T]]]) -> _T:
        """Begin a request if it is allowed and paid for, again if it fails for a while; return what it brought.

        Raises ConsentMissing, BudgetExceeded and ServiceFailed.
        """
        retries = 0
        while True:
            self._await_turn()
            try:
                return self._send_once(outlay, begin)
            except ServiceFailed as failure:
                wait = None if failure.maybe_billed else wait_before_retry(failure, retries, random.random)
                if wait is None:
                    raise
                if failure.reason == "rate_limited":
                    with self._lock:
                        self._limit.close_until(time.monotonic() + wait)
                self._rest(wait)
                retries += 1

    def close(self) -> None:
        """Give up what is under way and let nothing out any more."""
        with self._lock:
            self._closed.set()
            for future in self._under_way:
                future.cancel()

    def _send_once(self, outlay: Outlay, begin: Callable[[], Future[Reply[_T]]]) -> _T:
        entry_id = self._hold(outlay)
        try:
            reply = self._answer(begin)
        except ServiceFailed as failure:
            if failure.maybe_billed:
                self._ledger.mark_maybe_billed(entry_id, failure.request_id)
            else:
                self._ledger.release(entry_id, failure.request_id)
            raise
        except BaseException:
            # An answer came, and was no good.
            self._ledger.mark_maybe_billed(entry_id)
            raise
        usage = reply.usage
        self._ledger.settle(entry_id, Bill(reply.cost, usage.input_tokens, usage.output_tokens, reply.request_id))
        return reply.value

    def _hold(self, outlay: Outlay) -> int:
        """Return the entry of a request that may leave now, with what it may cost on the disk."""
        charge = EncodingCharge(self._encoder, _PURPOSES[outlay.sent], outlay.items, outlay.amount)
        consent = self._consents.find(self._encoder)
        if consent is None:
            raise ConsentMissing(
                f"{self._encoder} would send pictures or words away, which was not allowed yet",
                "plan a run of it and agree to what it sends and costs",
            )
        caps = Caps(self._purse.day_cap(), consent.budget)
        with self._database.write_through():
            return self._ledger.reserve_encoding(charge, caps, today())

    def _answer(self, begin: Callable[[], Future[Reply[_T]]]) -> Reply[_T]:
        with self._lock:
            if self._closed.is_set():
                raise _stopped(maybe_billed=False)
            coming = begin()
            self._under_way.add(coming)
        try:
            return coming.result()
        except CancelledError:
            raise _stopped(maybe_billed=True) from None
        finally:
            with self._lock:
                self._under_way.discard(coming)

    def _await_turn(self) -> None:
        while True:
            with self._lock:
                wait = self._limit.take(time.monotonic())
            if not wait:
                return
            self._rest(wait)

    def _rest(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise _stopped(maybe_billed=False)


def _stopped(*, maybe_billed: bool) -> ServiceFailed:
    return ServiceFailed(
        Family.GIVE_UP, "stopped", "The request was given up, for the program ends.", maybe_billed=maybe_billed
    )
