"""The journal kept as one web page: opened from a disk, without a network, on a laptop and on a phone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser

from ratings.journal.export import export_html
from tests.e2e.measures import faults, violations
from tests.ratings.journal.shapes import SHAPES, journal_of


def test_kept_page_fits_and_asks_for_nothing(chromium_browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "journal.html"
    path.write_text(export_html(journal_of(SHAPES["urdu-and-arabic"])))
    context = chromium_browser.new_context(
        viewport={"width": 1366, "height": 768}, offline=True, reduced_motion="reduce"
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    wrong = violations(page)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        wrong += [f"at {width} px: {fault}" for fault in [*faults(page, "page"), *violations(page)]]
    assert wrong == []
    assert asked == [path.as_uri()]
    levels = page.evaluate("() => [...document.querySelectorAll('h1, h2, h3, h4, h5')].map((each) => +each.tagName[1])")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    context.close()
