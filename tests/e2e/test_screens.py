"""Every screen in every state: free of axe's violations, readable, pressable, and inside its window at every size."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import OFFLINE, Visitors
from tests.e2e.installation import Installation
from tests.e2e.measures import SIZED, faults, violations
from tests.e2e.rooms import free_the_press
from tests.e2e.screens import SCREENS, Screen


@pytest.fixture(scope="module")
def viewer(chromium_browser: Browser, installation: Installation) -> Iterator[tuple[Visitors, Page]]:
    """One page for all screens: each new one begins a process, which compiles the same scripts again."""
    visitors = Visitors(chromium_browser, installation)
    yield visitors, visitors.page()
    visitors.close()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen_fits_and_can_be_used_by_everybody(screen: Screen, viewer: tuple[Visitors, Page]) -> None:
    visitors, page = viewer
    visitors.forget()
    if screen.status != 200:
        visitors.allow(f"{screen.status}")
    if "not-sent" in screen.name:
        visitors.allow(*OFFLINE)
    (width, height), *others = screen.sizes
    screen.open(visitors, page, width, height)
    wrong = faults(page, screen.audience)
    if screen.people in (1, 26):  # more people are more dots, nothing else
        wrong += violations(page)
    for width, height in others:
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"at {width} px: {fault}" for fault in faults(page, screen.audience)]
        if screen.audience == "phone":
            wrong += [f"at {width} px: {violation}" for violation in violations(page, SIZED)]
    wrong += visitors.unexpected()
    if screen.room.get("printing"):
        visitors.installation.arrange(free_the_press)
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
