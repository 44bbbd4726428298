"""Every search is a step; back and forward walk the steps. Plain state, owned by the session."""

from __future__ import annotations

from typing import Generic, TypeVar

Step = TypeVar("Step")
STEPS_KEPT = 200


class History(Generic[Step]):
    """A walk of steps with a present one; a new step forgets what lay ahead."""

    def __init__(self, first: Step) -> None:
        self._steps = [first]
        self._at = 0

    @property
    def present(self) -> Step:
        """The step that is shown."""
        return self._steps[self._at]

    @property
    def has_past(self) -> bool:
        """Whether there is a step to go back to."""
        return self._at > 0

    @property
    def has_future(self) -> bool:
        """Whether there is a step to go forward to."""
        return self._at < len(self._steps) - 1

    def go(self, step: Step) -> None:
        """Take a new step."""
        self._steps = [*self._steps[: self._at + 1], step][-STEPS_KEPT:]
        self._at = len(self._steps) - 1

    def amend(self, step: Step) -> None:
        """Replace the present step: the user is still typing."""
        self._steps[self._at] = step

    def back(self) -> Step:
        """Go to the step before; stay where there is none."""
        self._at = max(self._at - 1, 0)
        return self.present

    def forward(self) -> Step:
        """Go to the step after; stay where there is none."""
        self._at = min(self._at + 1, len(self._steps) - 1)
        return self.present
