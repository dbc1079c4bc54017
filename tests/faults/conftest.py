"""What the tests of faults share: a place with everything that is built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from ratings.typesetting import WIDTHS

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
