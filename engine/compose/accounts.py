"""What paid services may cost and did cost: the caps of a day and of batches, and the sums of the ledger.

Thread-safe. Amounts are micro-USD unless their name says cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.catalogue.catalogue import Catalogue
from engine.catalogue.ledger import MICRO, DaySum, Entry, today
from engine.catalogue.ledger_csv import write_csv
from engine.errors import FileUnwritable, InvalidSetting
from engine.settings import Settings, change_settings

CENT = MICRO // 100


@dataclass(frozen=True, slots=True)
class Budget:
    """Today's cap and what counts against it, and the cap of a new batch."""

    day: int
    spent_today: int
    batch: int

    @property
    def left_today(self) -> int:
        """What may still be booked today."""
        return max(0, self.day - self.spent_today)


class Accounts:
    """The caps and the ledger of one library."""

    def __init__(self, home: Path, settings: Settings, catalogue: Catalogue) -> None:
        self._home = home
        self._compositions = catalogue.compositions
        self._ledger = catalogue.ledger
        self.day_cap = settings.budget_day_cents * CENT
        self.batch_cap = settings.budget_batch_cents * CENT

    def budget(self) -> Budget:
        """Return the caps and what counts against today's."""
        return Budget(self.day_cap, self._ledger.spent_on(today()), self.batch_cap)

    def set_budget(
        self, day_cents: int | None = None, batch_cents: int | None = None, batch_id: int | None = None
    ) -> None:
        """Set the cap of a day, and of new batches or, with `batch_id`, of that batch, for now and later.

        Raises InvalidSetting or BatchUnknown.
        """
        if min(day_cents or 0, batch_cents or 0) < 0:
            raise InvalidSetting("a budget cannot be negative", "give an amount of 0 or more")
        if batch_id is not None and batch_cents is not None:
            self._compositions.set_budget(self._compositions.batch(batch_id).id, batch_cents * CENT)
            batch_cents = None
        named = {"budget_day_cents": day_cents, "budget_batch_cents": batch_cents}
        changes = {name: str(cents) for name, cents in named.items() if cents is not None}
        if changes:
            change_settings(self._home, changes)
        self.day_cap = self.day_cap if day_cents is None else day_cents * CENT
        self.batch_cap = self.batch_cap if batch_cents is None else batch_cents * CENT

    def days(self) -> list[DaySum]:
        """Return what each day cost, newest first."""
        return self._ledger.days()

    def entries(self, batch_id: int | None = None) -> list[Entry]:
        """Return the lines of the ledger, of one batch or all, oldest first."""
        return self._ledger.entries(batch_id)

    def write_csv(self, path: Path, batch_id: int | None = None) -> int:
        """Write the lines of the ledger to a CSV file; return how many. Raises FileUnwritable."""
        entries = self.entries(batch_id)
        try:
            with path.open("w", encoding="utf-8", newline="") as stream:
                write_csv(entries, stream)
        except OSError as error:
            raise FileUnwritable(
                f"{path} cannot be written ({error.strerror or error})", "choose another place or name"
            ) from error
        return len(entries)
