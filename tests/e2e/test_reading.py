"""The journal on the web: charts answer a mouse, a finger and keys, the contents stay in reach, and nothing jumps."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import DESK, PHONE, Visitors
from tests.e2e.measures import violations
from tests.e2e.rooms import room
from workshops.choices import StageKind

HEIGHTS = """() => [...document.querySelectorAll("[data-chart]")].map(
  (chart) => [chart.closest("figure").id, Math.round(chart.getBoundingClientRect().height)])"""


def open_journal(visitors: Visitors, viewport: dict[str, int], *, script: bool = True) -> Page:
    here = visitors.installation.arrange(room, 26, StageKind.CLOSED)
    context = visitors.context(viewport=viewport, has_touch=viewport == PHONE, java_script_enabled=script)
    context.add_cookies(
        [{"name": name, "value": value, "url": visitors.installation.url} for name, value in here.facilitator.items()]
    )
    page = context.new_page()
    page.goto(f"/journal/{here.code}/")
    return page


def chart(page: Page, name: str) -> Locator:
    """Return a chart in the middle of the window, once Plotly has drawn it."""
    found = page.locator(f"#{name} [data-chart]")
    found.evaluate("chart => chart.scrollIntoView({ block: 'center' })")
    found.locator("[data-live] .main-svg").first.wait_for()
    return found


def label(page: Page, name: str, words: str) -> None:
    expect(page.locator(f"#{name} .hovertext")).to_contain_text(words)


def dot(page: Page, name: str, *, n: int) -> tuple[float, float]:
    """Return where a dot is drawn in the window."""
    box = page.locator(f"#{name} [data-live] .points path").nth(n).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_charts_answer_the_mouse_and_keys_and_nothing_jumps(visitors: Visitors) -> None:
    page = open_journal(visitors, DESK)
    page.evaluate("document.fonts.ready")
    before = dict(page.evaluate(HEIGHTS))
    strip = chart(page, "strip-1-being")
    page.mouse.move(*dot(page, "strip-1-being", n=0))
    label(page, "strip-1-being", "scored")
    page.mouse.move(1, 1)

    expect(strip).to_have_attribute("role", "application")
    said = page.locator("#strip-1-being [data-said]")
    strip.focus()
    expect(page.locator("#strip-1-being-how")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("scored")
    first = said.inner_text()
    label(page, "strip-1-being", first)
    page.keyboard.press("ArrowLeft")  # there is nothing before the first
    expect(said).to_have_text(first)
    page.keyboard.press("End")
    expect(said).not_to_have_text(first)
    page.keyboard.press("Home")
    expect(said).to_have_text(first)
    page.keyboard.press("Escape")
    expect(said).to_be_empty()
    expect(page.locator("#strip-1-being .hovertext")).to_have_count(0)
    page.keyboard.press("ArrowLeft")  # from behind
    expect(said).not_to_be_empty()
    page.keyboard.press("Tab")
    expect(said).to_be_empty()

    for name in ("rag-1", "map", "spread", "marks"):
        drawn = chart(page, name)
        drawn.focus()
        page.keyboard.press("ArrowDown")
        words = page.locator(f"#{name} [data-said]").inner_text()
        assert words
        label(page, name, words[:12])
    after = dict(page.evaluate(HEIGHTS))
    assert after == before  # Plotly takes no other room than the picture that was there
    assert violations(page) == []


def test_charts_answer_a_finger_and_the_contents_stay_in_reach(visitors: Visitors) -> None:
    page = open_journal(visitors, PHONE)
    chart(page, "strip-2-progress")
    page.touchscreen.tap(*dot(page, "strip-2-progress", n=0))
    label(page, "strip-2-progress", "scored")
    contents = page.locator("details[data-contents]")
    expect(contents).to_be_in_viewport()
    expect(contents.locator("[data-here]")).to_have_text("2 Forms and processes")
    bar = chart(page, "rag-2").bounding_box()
    assert bar
    page.touchscreen.tap(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 4)
    label(page, "rag-2", "Amber")

    page.locator("#spread summary").tap()
    contents.locator("summary").tap()
    assert violations(page) == []
    contents.get_by_role("link", name="What must happen next").tap()
    expect(page.get_by_role("heading", name="What must happen next")).to_be_in_viewport()
    expect(contents).not_to_have_attribute("open", "")
    expect(contents.locator("[aria-current]")).to_have_text("What must happen next")
    expect(contents.locator("[data-here]")).to_have_text("What must happen next")
    page.get_by_role("link", name="Contents").last.tap()
    expect(contents).to_have_attribute("open", "")
    contents.locator("summary").focus()
    page.keyboard.press("Escape")
    expect(contents).not_to_have_attribute("open", "")


def test_journal_without_script_has_its_pictures_tables_and_ways(visitors: Visitors) -> None:
    page = open_journal(visitors, PHONE, script=False)
    expect(page.locator("#spread [data-still] svg")).to_be_visible()
    expect(page.locator("#spread-how")).to_be_hidden()
    page.locator("#spread summary").click()
    expect(page.locator("#spread table")).to_be_visible()
    page.get_by_role("link", name="On to 2 Forms and processes").click()
    expect(page.locator("#d2-title")).to_be_in_viewport()
    page.locator("details[data-contents] summary").click()
    expect(page.get_by_role("navigation", name="Contents").get_by_role("link", name="At a glance")).to_be_visible()
