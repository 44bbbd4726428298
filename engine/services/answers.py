"""What the answers of all services have in common: JSON, or what came in its place."""

from __future__ import annotations

import json
from typing import Any

from engine.services import failures
from engine.services.service import Service


def object_in(service: Service, body: str) -> dict[str, Any]:
    """Return the JSON object that a 200's body holds. Raises ServiceFailed."""
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
