"""Every screen in every state: free of axe's violations, readable, pressable, and inside its window at every size."""

import pytest

from tests.e2e.browsing import OFFLINE, Visitors
from tests.e2e.measures import faults, violations
from tests.e2e.screens import SCREENS, SIZES, Screen


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen_fits_and_can_be_used_by_everybody(screen: Screen, visitors: Visitors) -> None:
    if screen.status != 200:
        visitors.allow(f"{screen.status}")
    if "not-sent" in screen.name:
        visitors.allow(*OFFLINE)
    (width, height), *others = SIZES[screen.audience]
    context = visitors.context(viewport={"width": width, "height": height})
    page = screen.open(visitors, context)
    wrong = [*faults(page, screen.audience), *violations(page)]
    for width, height in others:
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"at {width} px: {fault}" for fault in faults(page, screen.audience)]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
