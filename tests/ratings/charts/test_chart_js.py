"""The script that draws charts, in a real browser: Plotly takes the SVG's place, or the SVG stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import plotly
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

from ratings.charts import ChartView, strip
from ratings.journal.export import export_html
from ratings.summaries import summarise_scores
from tests.e2e.browsing import chromium
from tests.ratings.journal.shapes import SHAPES, journal_of
from workshops.choices import ScaleKind

CHART_JS = settings.BASE_DIR / "static" / "js" / "chart.js"
PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
STYLE = "figure {{ margin: 0 }} svg {{ width: 100% }} [hidden] {{ display: none }} #room {{ width: 500px }}"
FRAME = f'<body><style>{STYLE}</style><div id="room">{{}}</div></body>'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(10_000)
    yield page
    page.close()


def chart(*values: int) -> str:
    """Return a chart as a page shows it."""
    scene = strip(summarise_scores(values), id="strip", title="Being at the goal", kind=ScaleKind.BEING)
    return render_to_string("ratings/_chart.html", {"chart": ChartView.of(scene), "table": True})


def dots(page: Page) -> int:
    return page.locator("[data-live] .points path").count()


def test_plotly_takes_the_place_of_the_svg_at_its_size(page: Page) -> None:
    page.set_content(FRAME.format(chart(4, 5, 5)))
    page.add_script_tag(path=PLOTLY_JS)
    page.add_script_tag(path=CHART_JS)
    page.locator("[data-live] .main-svg").first.wait_for()
    assert dots(page) == 3
    assert page.locator("[data-still]").is_hidden()
    assert page.locator("[data-live]").bounding_box()["width"] == 500  # type: ignore[index]
    assert page.get_by_role("img", name="Being at the goal. 3 scores").count() == 1


def test_chart_is_drawn_again_when_its_room_changes(page: Page) -> None:
    page.set_content(FRAME.format(chart(4, 5, 5)))
    page.add_script_tag(path=PLOTLY_JS)
    page.add_script_tag(path=CHART_JS)
    page.locator("[data-live] .main-svg").first.wait_for()
    page.evaluate("document.getElementById('room').style.width = '300px'")
    page.wait_for_function("document.querySelector('[data-live] .main-svg').getBoundingClientRect().width === 300")


@pytest.mark.parametrize("event", ["htmx:load", "htmx:afterSwap"])
def test_chart_that_is_swapped_in_is_drawn(page: Page, event: str) -> None:
    page.set_content(FRAME.format(chart(4, 5, 5)))
    page.add_script_tag(path=PLOTLY_JS)
    page.add_script_tag(path=CHART_JS)
    page.locator("[data-live] .main-svg").first.wait_for()
    swap = """([html, event]) => {
        document.getElementById("room").innerHTML = html;
        document.querySelector("figure").dispatchEvent(new CustomEvent(event, { bubbles: true }));
    }"""
    page.evaluate(swap, [chart(1, 2, 3, 4, 5), event])
    page.wait_for_function("document.querySelectorAll('[data-live] .points path').length === 5")


def test_svg_stays_without_plotly(page: Page) -> None:
    page.set_content(FRAME.format(chart(4, 5, 5)))
    page.add_script_tag(path=CHART_JS)
    page.evaluate("document.fonts.ready")
    assert page.locator("[data-still] svg").is_visible()
    assert page.locator("[data-live]").is_hidden()


def test_svg_comes_back_when_plotly_fails(page: Page) -> None:
    page.set_content(FRAME.format(chart(4, 5, 5)))
    page.evaluate("window.Plotly = { react() { throw new Error('no'); }, purge() {} }")
    with page.expect_console_message(lambda message: "stays as it is" in message.text):
        page.add_script_tag(path=CHART_JS)
    assert page.locator("[data-still] svg").is_visible()
    assert page.locator("[data-live]").is_hidden()


def test_kept_file_of_the_journal_is_no_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    page.set_content(export_html(journal_of(SHAPES["ordinary"])))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("#spread svg").is_visible()


def test_table_beside_the_chart_has_its_numbers() -> None:
    assert '<th scope="row">5</th><td>2</td>' in chart(4, 5, 5)
