"""What is measured on a screen: room, text, targets, and what axe finds."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, TimeoutError

from tests.e2e.browsing import PATIENCE
from tests.e2e.screens import Audience

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SIZED = ["color-contrast", "scrollable-region-focusable"]
"""The rules of axe that a narrower window can break; the size of targets is measured by `faults`."""
TARGETS = {"phone": 44, "desk": 24, "page": 24, "wall": 0}  # pixels, the smallest a control may be

# Each function returns a sentence for everything that is wrong.
_OVERFLOW = """() => {
  const page = document.documentElement;
  return page.scrollWidth > innerWidth + 1 ? [`the page is ${page.scrollWidth} px wide in ${innerWidth}`] : [];
}"""
_TARGETS = """(least) =>
[...document.querySelectorAll("a, button, input, summary, select, textarea")].flatMap((each) => {
  const boxes = [each, ...(each.labels || [])].map((part) => part.getBoundingClientRect());
  const width = Math.max(...boxes.map((box) => box.width)), height = Math.max(...boxes.map((box) => box.height));
  const inText = each.matches("a") && each.closest("p, dd, li:not(.opt)") && !each.matches(".btn");
  if (!boxes[0].width || each.matches(".skip, [type=hidden]") || inText) return [];
  const name = (each.textContent || each.id || each.name).trim().slice(0, 30);
  return Math.min(width, height) < least - .5 ? [`${each.tagName} "${name}" is ${width} by ${height} px`] : [];
})"""
_WALL = """() => {
  const wrong = [], page = document.documentElement, rem = parseFloat(getComputedStyle(page).fontSize);
  if (page.scrollHeight > innerHeight + 1) wrong.push(`the wall is ${page.scrollHeight} px high in ${innerHeight}`);
  for (const each of document.querySelectorAll(".wall *")) {
    const box = each.getBoundingClientRect();
    if (!box.width || each.closest(".vh, title, desc, script, .icons")) continue;
    const own = [...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim());
    const text = own.join(" ").trim().slice(0, 30);
    if (!text) continue;
    const range = document.createRange();
    range.selectNodeContents(each);
    const words = each.closest("svg") ? box : range.getBoundingClientRect();
    if (words.bottom > innerHeight + 1 || words.right > innerWidth + 1 || words.left < -1 || words.top < -1)
      wrong.push(`"${text}" runs out of the wall`);
    const drawing = each.closest("svg"), scale = drawing ? each.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(each).fontSize) * scale;
    if (size < rem * .99) wrong.push(`"${text}" is ${(size / rem).toFixed(2)} rem`);
  }
  for (const drawing of document.querySelectorAll(".wall__main svg")) {
    const box = drawing.getBoundingClientRect();
    const out = box.bottom > innerHeight + 1 || box.right > innerWidth + 1;
    if (box.width && out && !drawing.closest(".icons, .hoverlayer"))
      wrong.push(`a drawing ends at ${Math.round(box.right)}, ${Math.round(box.bottom)} px`);
  }
  const blocks = [...document.querySelector(".wall__main").children].map((each) => each.getBoundingClientRect());
  blocks.forEach((box, n) => {
    if (n && box.top < blocks[n - 1].bottom - 1) wrong.push(`block ${n + 1} covers the one before`);
  });
  return wrong;
}"""


def set_window(page: Page, width: int, height: int) -> None:
    """Make the window so large, with every letter in its own font."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("([width, height]) => innerWidth === width && innerHeight === height", arg=[width, height])
    page.evaluate("() => Promise.all([...document.fonts].map((font) => font.load())).then(() => null)")


def faults(page: Page, audience: Audience) -> list[str]:
    """Return what does not fit, is too small to read or to press; a screen that is still settling is given a while."""
    wrong = _eventually(page, _OVERFLOW)
    if audience == "wall":
        wrong += _eventually(page, _WALL)
    return wrong + _eventually(page, _TARGETS, TARGETS[audience])


def violations(page: Page, only: Sequence[str] = ()) -> list[str]:
    """Return what axe finds wrong, by `only` some of its rules if told so; one line a rule and element.

    What is gone when it looks again was a screen that was still settling.
    """
    found = _violations(page, only)
    return [each for each in _violations(page, only) if each in found] if found else []


def _violations(page: Page, only: Sequence[str]) -> list[str]:
    options = {**AXE, "runOnly": list(only)} if only else AXE
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


def _eventually(page: Page, measure: str, argument: int = 0) -> list[str]:
    """Return what a measure finds, once it finds nothing or a while has passed."""
    check = f"(argument) => ({measure})(argument).length === 0"
    try:
        page.wait_for_function(check, arg=argument, timeout=PATIENCE)
    except TimeoutError:
        found: list[str] = page.evaluate(measure, argument)
        return found
    return []
