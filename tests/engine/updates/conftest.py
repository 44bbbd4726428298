from __future__ import annotations

import pytest

from tests.helpers.publisher import Publisher


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()
