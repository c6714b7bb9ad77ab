from __future__ import annotations

import pytest

from apps.solar.selectors import forget_tables


@pytest.fixture(autouse=True)
def _tables_as_they_are() -> None:
    """No table is remembered from the test before."""
    forget_tables()
