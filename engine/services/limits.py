"""How many requests may leave in a minute. Belongs to the queue's thread; knows no clock of its own."""

from __future__ import annotations

from collections import deque

MINUTE_S = 60.0


class MinuteLimit:
    """Grants at most so many turns in any 60 seconds, and none while the service asked to wait."""

    def __init__(self, requests: int) -> None:
        """Limit to so many requests a minute; 0 for no limit."""
        self._requests = requests
        self._taken: deque[float] = deque()
        self._closed_until = 0.0

    def take(self, now: float) -> float:
        """Take a turn and return 0, or return the seconds after which to ask again."""
        if now < self._closed_until:
            return self._closed_until - now
        while self._taken and self._taken[0] <= now - MINUTE_S:
            self._taken.popleft()
        if self._requests and len(self._taken) >= self._requests:
            return self._taken[0] + MINUTE_S - now
        self._taken.append(now)
        return 0.0

    def close_until(self, moment: float) -> None:
        """Grant nothing before a moment of the same clock: the service had enough."""
        self._closed_until = max(self._closed_until, moment)
