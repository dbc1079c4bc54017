"""`python -m tests.e2e.screenshots OUTDIR [WORD…]`: a picture of every screen and state, for reviewing by eye.

With words, only the screens whose names contain one of them. Faults are printed, not fatal.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import django
from playwright.sync_api import Browser

if TYPE_CHECKING:
    from tests.e2e.installation import Installation


def take(folder: Path, words: Sequence[str]) -> None:
    """Write FOLDER/<screen>-<width>.png for each screen and size: the wall as it is seen, other pages whole."""
    from tests.e2e.browsing import chromium
    from tests.e2e.installation import installed

    with tempfile.TemporaryDirectory() as var_dir, installed(Path(var_dir)) as installation, chromium() as browser:
        _take_all(folder, words, browser, installation)


def _take_all(folder: Path, words: Sequence[str], browser: Browser, installation: Installation) -> None:
    from tests.e2e.browsing import Visitors
    from tests.e2e.measures import faults
    from tests.e2e.screens import SCREENS

    for screen in SCREENS:
        if words and not any(word in screen.name for word in words):
            continue
        visitors = Visitors(browser, installation)
        page = visitors.page()
        screen.open(visitors, page, *screen.sizes[0])
        for width, height in screen.sizes:
            page.set_viewport_size({"width": width, "height": height})
            for fault in faults(page, screen.audience):
                sys.stdout.write(f"{screen.name} at {width}: {fault}\n")
            page.screenshot(path=folder / f"{screen.name}-{width}.png", full_page=screen.audience != "wall")
        visitors.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
    django.setup()
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    take(target, sys.argv[2:])
