"""What holds for every test: no thread is left over, and no test reads the developer's own settings or library."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

GRACE_S = 10.0
OWN = ("PROPMASTER_", "PYTHON_KEYRING_")
PAID = ("_API_KEY", "_BASE_URL")


@pytest.fixture(autouse=True)
def no_left_over_threads() -> Iterator[None]:
    """Fail a test whose threads outlive it; those of wider fixtures were there before."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_S
    while left := [thread.name for thread in threading.enumerate() if thread not in before and thread.is_alive()]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads were left over: {left}")
        time.sleep(0.01)


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_the_developer() -> Iterator[None]:
    """Take PROPMASTER_…, keys and addresses of paid services, and the keyring out of the environment."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(OWN) or name.endswith(PAID)}
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    yield
    del os.environ["PYTHON_KEYRING_BACKEND"]
    os.environ.update(kept)
