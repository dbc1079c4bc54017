"""After a reveal a phone shows the wall's picture, with its own answer marked on that phone alone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitors
from tests.e2e.measures import set_window
from tests.e2e.phones import FOLLOWS, Held, PhoneRoom, give, is_saved, title
from workshops.choices import StageKind

SMALLEST = """() => Math.min(...[...document.querySelectorAll("#picture text")].map((text) =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
RUNS_OUT = """() => [...document.querySelectorAll("#picture text")].filter((text) => {
  const box = text.getBoundingClientRect(), room = document.querySelector("#picture svg").getBoundingClientRect();
  return box.left < 0 || box.right > innerWidth || box.top < room.top - 3 || box.bottom > room.bottom + 3;
}).map((text) => text.textContent)"""


def test_reveal_shows_the_picture_and_marks_the_own_answer(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    ours, theirs = room.open(room.phone()), visitors.page()
    theirs.goto(f"/join/{room.room.code}/")
    theirs.get_by_role("button", name="Join").click()
    give(ours, "6")
    give(theirs, "2")
    is_saved(ours)
    is_saved(theirs)
    room.others(4, 4, 5)
    pushed: list[str] = []
    live = ours.evaluate("document.body.dataset.live")
    room.move("reveal")
    for page, own, other in ((ours, 6, 2), (theirs, 2, 6)):
        expect(page.locator("#picture svg")).to_be_visible(timeout=FOLLOWS)
        expect(page.locator("#own")).to_contain_text(f"You gave {own}.", timeout=FOLLOWS)
        expect(page.locator("#own")).not_to_contain_text(str(other))
        assert page.locator("#picture title").text_content() == ours.locator("#picture title").text_content()
    pushed.append(ours.evaluate("async (url) => (await fetch(url + '&poll=1')).text()", live))
    html = json.loads(pushed[0])["html"]
    assert "<svg" in html
    assert "You gave" not in html
    marks = [page.locator("#picture svg").inner_html() for page in (ours, theirs)]
    assert len({*marks, html[html.index("<svg") :]}) == 3


def test_taking_it_down_takes_it_off_the_phone(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    give(page, "6")
    is_saved(page)
    room.others(2, 4, 4, 5)
    room.move("reveal")
    expect(page.locator("#own")).to_contain_text("You gave 6.", timeout=FOLLOWS)
    expect(page.locator("#picture svg")).to_be_visible()
    own = Held(page, "**/card/")
    room.move("take down")
    expect(page.locator("#picture")).to_have_count(0)  # at once, not when the own card has come
    own.let_go()
    expect(page.get_by_label("6", exact=True)).to_be_checked(timeout=FOLLOWS)
    assert "<title" not in page.locator("main").inner_html()


def test_numbers_that_were_unfolded_stay_so_while_the_own_answer_is_marked(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    give(page, "6")
    is_saved(page)
    room.others(2, 4, 4, 5)
    own = Held(page, "**/card/")
    with page.expect_request("**/card/", timeout=FOLLOWS):
        room.move("reveal")
    page.get_by_text("The numbers").click()
    own.let_go()
    expect(page.locator("#own")).to_contain_text("You gave 6.", timeout=FOLLOWS)
    expect(page.get_by_role("table")).to_be_visible()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"at": StageKind.SCALE, "revealed": True, "answered": True}, "You gave"),
        ({"at": StageKind.SCALE, "n": 2, "revealed": True, "answered": True, "long": True}, "You"),
        ({"at": StageKind.RAG, "revealed": True, "answered": True}, "You"),
        ({"at": StageKind.TOGETHER}, "being at the goal"),
    ],
    ids=["being", "progress", "rag", "together"],
)
@pytest.mark.parametrize("people", [5, 60, 500])
def test_picture_can_be_read_on_any_phone(
    where: dict[str, object], words: str, people: int, visitors: Visitors
) -> None:
    room = PhoneRoom(visitors, people, **where)
    page = room.open(room.phone(viewport={"width": 320, "height": 568}))
    expect(page.locator("#own")).to_contain_text(words)
    for width in (320, 390):
        set_window(page, width, 844)
        assert page.evaluate(SMALLEST) >= 13.9
        assert page.evaluate(RUNS_OUT) == []


def test_ranking_marks_the_own_dots(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, 8, at=StageKind.PRIORITIES, revealed=True, answered=True)
    page = room.open(room.phone())
    expect(title(page)).to_have_text("Place three dots")
    expect(page.locator("#ranking li")).to_have_count(12)
    expect(page.locator("#ranking").get_by_text("Your dot")).to_have_count(3)


def test_phone_without_script_sees_the_same(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, 8, revealed=True, answered=True)
    page: Page = room.open(room.phone(java_script_enabled=False))
    expect(page.locator("#picture svg")).to_be_visible()
    expect(page.locator("#own")).to_contain_text("You")
