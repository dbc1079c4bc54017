"""What the tests of faults share: a place with everything that is built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from ratings.typesetting import WIDTHS
from tests.e2e.installation import Installation, installed

BUILT = ("fonts", "fonts-made-from", WIDTHS, "static")


def furnish(var_dir: Path) -> Path:
    """Let an installation in `var_dir` use the fonts and static files that `make test` has built; return it."""
    for name in BUILT:
        (var_dir / name).symlink_to(settings.VAR_DIR / name)
    return var_dir


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty VAR_DIR of this module's own, furnished."""
    return furnish(tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """Two real servers on one SQLite file; a test that stops one of them starts it again."""
    with django_db_blocker.unblock(), installed(tmp_path_factory.mktemp("var"), processes=2) as installation:
        yield installation
