"""A database as an older version left it, to be brought along."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

Migrate = Callable[..., Apps]


@pytest.fixture
def migrate(tmp_path: Path) -> Iterator[Migrate]:
    """Yield what takes a database of its own, of the same kind as the tests', to migrations; at first it is empty."""
    tests = connections["default"]
    before = tests.copy()
    on_postgresql = tests.vendor == "postgresql"
    name = before.settings_dict["NAME"] = f"before_{os.getpid()}" if on_postgresql else tmp_path / "before.sqlite3"
    if on_postgresql:
        with tests.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    connections["default"] = before

    def to(*targets: tuple[str, str]) -> Apps:
        executor = MigrationExecutor(before)
        wanted = list(targets) or executor.loader.graph.leaf_nodes()
        executor.migrate(wanted)
        return executor.loader.project_state(wanted).apps

    try:
        yield to
    finally:
        before.close()
        connections["default"] = tests
        if on_postgresql:
            with tests.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def add(apps: Apps, label: str, **fields: Any) -> Any:
    """Keep a row of a model as it was then."""
    return apps.get_model(label).objects.create(**fields)


def rows(apps: Apps, label: str) -> list[Any]:
    """Return all rows of a model in the order of their ids."""
    return list(apps.get_model(label).objects.order_by("pk"))
