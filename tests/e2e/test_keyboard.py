"""The desk by keys alone, and a phone's whole answer by keys alone; the focus can always be seen."""

from __future__ import annotations

from contextlib import nullcontext

from playwright.sync_api import Page, expect

from tests.e2e.browsing import DESK, Visitors
from tests.e2e.rooms import room
from workshops.choices import StageKind

# Whether the focused control is drawn with an outline (its own, or its label's) and stands free in the window.
FOCUS_IS_SEEN = """() => {
  const at = document.activeElement, drawn = at.matches(".hit") ? at.labels[0] : at;
  const box = drawn.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y), style = getComputedStyle(drawn);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return outlined && top && (at.contains(top) || drawn.contains(top));
}"""


def open_page(visitors: Visitors, kind: StageKind, path: str, **viewport: int) -> Page:
    here = visitors.installation.arrange(room, 3, kind, answered=False)
    context = visitors.context(**({"viewport": viewport} if viewport else {}))
    cookies = here.phone | here.facilitator
    context.add_cookies([{"name": k, "value": v, "url": visitors.installation.url} for k, v in cookies.items()])
    page = context.new_page()
    # A desk that begins to listen asks once what was counted meanwhile: afterwards nothing is put in place by itself.
    with page.expect_response("**/tally/") if path.startswith("/desk/") else nullcontext():
        page.goto(path.format(code=here.code))
    return page


def tab_to(page: Page, css: str, *, most: int = 40) -> None:
    """Press Tab until the focus is on what the selector names; see the focus at every stop."""
    for _ in range(most):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(FOCUS_IS_SEEN), f"the focus cannot be seen on {where}"
        if page.evaluate("(css) => document.activeElement.matches(css)", css):
            return
    raise AssertionError(f"Tab does not lead to {css}")


def test_desk_is_run_by_letters_and_enter(visitors: Visitors) -> None:
    page = open_page(visitors, StageKind.LOBBY, "/desk/{code}/", **DESK)
    title = page.get_by_role("heading", level=1)
    page.keyboard.press("n")
    expect(page.locator("#act-next")).to_be_focused()
    expect(title).to_have_text("Lobby")  # a letter alone does nothing
    page.keyboard.press("Enter")
    expect(title).to_have_text("Being at the goal")
    expect(page.locator("#act-next")).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take it down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Reveal to the room")).to_be_focused()
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    expect(title).to_have_text("Lobby")
    page.keyboard.press("w")
    with page.context.expect_page() as wall:
        page.keyboard.press("Enter")
    expect(wall.value.get_by_role("heading", level=1)).to_have_text("Join on your phone")


def test_letters_rest_while_the_box_is_not_ticked(visitors: Visitors) -> None:
    page = open_page(visitors, StageKind.LOBBY, "/desk/{code}/", **DESK)
    page.get_by_label("Keys").focus()
    page.keyboard.press("Space")
    page.keyboard.press("n")
    expect(page.get_by_label("Keys")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("n")
    expect(page.locator("#act-next")).to_be_focused()


def test_desk_shows_the_focus_at_every_stop(visitors: Visitors) -> None:
    page = open_page(visitors, StageKind.SCALE, "/desk/{code}/", **DESK)
    tab_to(page, "#act-next", most=60)


def test_phone_answers_by_keys_alone(visitors: Visitors) -> None:
    page = open_page(visitors, StageKind.SCALE, "/w/{code}/", width=320, height=568)
    tab_to(page, "[name=value]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("1", exact=True)).to_be_checked()
    tab_to(page, "[name=mark]")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Worry")).to_be_checked()
    tab_to(page, "textarea")
    page.keyboard.type("We talk about it more than we do it.")
    tab_to(page, "#dock button")
    page.keyboard.press("Enter")
    expect(page.locator("#dock .state").get_by_text("Saved")).to_be_visible()
    expect(page.locator("#dock button")).to_be_focused()


def test_phone_places_dots_by_keys_alone(visitors: Visitors) -> None:
    page = open_page(visitors, StageKind.PRIORITIES, "/w/{code}/")
    for _ in range(3):
        tab_to(page, "[name=imperative]")
        page.keyboard.press("Space")
    expect(page.locator("#votes-out")).to_have_text("3 of 3 dots placed")
    tab_to(page, "[name=imperative]")
    page.keyboard.press("Space")  # a fourth is not placed
    expect(page.locator("#votes-out")).to_have_text("3 of 3 dots placed")
    tab_to(page, "#dock button")
    page.keyboard.press("Enter")
    expect(page.locator("#dock .state").get_by_text("Saved")).to_be_visible()
