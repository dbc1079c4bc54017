"""The measurement begins first: it takes as long as all that runs beside it, and mostly waits."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of this folder before others."""
    items.sort(key=lambda item: item.path.parent != HERE)
