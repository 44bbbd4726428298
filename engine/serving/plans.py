"""The plans that one client was shown, by the id of the request for each; only such a plan can be run."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.compose.plan import Plan
from engine.errors import PlanUnknown

KEPT_PLANS = 4


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan, and where its pictures are to go; None for the folder of the settings."""

    plan: Plan
    results_folder: Path | None


class Plans:
    """Thread-safe. `closed` is set once the client is gone: nobody waits for a plan any more."""

    def __init__(self, closed: threading.Event) -> None:
        self.closed = closed
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, KeptPlan] = OrderedDict()

    def keep(self, plan_id: int, kept: KeptPlan) -> None:
        """Keep a plan, and forget the oldest of too many."""
        with self._lock:
            self._kept[plan_id] = kept
            while len(self._kept) > KEPT_PLANS:
                self._kept.popitem(last=False)

    def find(self, plan_id: int) -> KeptPlan:
        """Return a plan that is still kept. Raises PlanUnknown."""
        with self._lock:
            return _required(self._kept.get(plan_id))

    @contextmanager
    def taken(self, plan_id: int) -> Iterator[KeptPlan]:
        """Yield a plan that nobody else can take, to be kept on if what is done with it fails. Raises PlanUnknown."""
        with self._lock:
            kept = _required(self._kept.pop(plan_id, None))
        try:
            yield kept
        except BaseException:
            self.keep(plan_id, kept)
            raise


def _required(kept: KeptPlan | None) -> KeptPlan:
    if kept is None:
        raise PlanUnknown("this plan was run already, or is not kept any more", "plan it again")
    return kept
