"""Bad wifi without script, and a server that goes away: nothing is lost or counted twice, every screen comes back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from ratings.models import Comment, Imperative, Score
from tests.e2e.browsing import WALL, Visitors
from tests.e2e.rooms import Room, room
from workshops.choices import StageKind
from workshops.models import Stage
from workshops.sessions import current_stage, open_stage, reveal_stage

WORDS = "The bus does not go there after six"


def phone(visitors: Visitors, here: Room, **options: object) -> Page:
    """Open the stage on a phone that has joined."""
    context = visitors.context(**options)
    cookies = here.phone | here.facilitator
    context.add_cookies([{"name": k, "value": v, "url": visitors.installation.url} for k, v in cookies.items()])
    page = context.new_page()
    page.goto(f"/w/{here.code}/")
    return page


def close_question(code: str) -> None:
    """Reveal what is open."""
    stage = current_stage(Stage.objects.get(workshop__code=code, kind=StageKind.LOBBY).workshop)
    assert stage is not None
    reveal_stage(stage=stage, user=None)


def move_on(code: str) -> None:
    """Open the second question."""
    open_stage(stage=Stage.objects.filter(workshop__code=code, kind=StageKind.SCALE)[1], user=None)


def answers(code: str) -> tuple[list[int | None], list[str]]:
    """Return every score and every comment of a workshop."""
    scores = Score.objects.filter(workshop__code=code).values_list("value", flat=True)
    return list(scores), list(Comment.objects.filter(workshop__code=code).values_list("text", flat=True))


def answer(page: Page) -> None:
    """Choose 5, type the words, press the button."""
    page.get_by_label("5", exact=True).check()
    page.get_by_label("Your comment").fill(WORDS)
    page.get_by_role("button", name="Save").click()


def test_answer_without_script_that_comes_too_late_is_refused_kindly(visitors: Visitors) -> None:
    here = visitors.installation.arrange(room, 1, StageKind.SCALE, answered=False)
    page = phone(visitors, here, java_script_enabled=False)
    visitors.installation.arrange(close_question, here.code)
    answer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("This question has closed")
    expect(page.locator("main")).to_contain_text(WORDS)
    assert visitors.installation.arrange(answers, here.code) == ([], [])


def test_pressing_save_twice_without_script_counts_once(visitors: Visitors) -> None:
    here = visitors.installation.arrange(room, 1, StageKind.SCALE, answered=False)
    page = phone(visitors, here, java_script_enabled=False)
    page.get_by_label("5", exact=True).check()
    page.get_by_label("Your comment").fill(WORDS)
    page.get_by_role("button", name="Save").dblclick()
    expect(page.locator("#dock .state").get_by_text("Saved")).to_be_visible()
    assert visitors.installation.arrange(answers, here.code) == ([5], [WORDS])


def test_imperative_sent_twice_counts_once(visitors: Visitors) -> None:
    here = visitors.installation.arrange(room, 1, StageKind.IMPERATIVES, answered=False)
    page = phone(visitors, here)
    page.get_by_label("One thing that must happen").fill(WORDS)
    page.get_by_role("button", name="Save").dblclick()
    expect(page.locator("#dock .state").get_by_text("Saved")).to_be_visible()
    assert visitors.installation.arrange(Imperative.objects.filter(workshop__code=here.code).count) == 1


def test_screens_come_back_after_the_server_was_away(visitors: Visitors) -> None:
    visitors.allow("ERR_CONNECTION", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE", "htmx:sendError")
    here = visitors.installation.arrange(room, 1, StageKind.SCALE, answered=False)
    page = phone(visitors, here)
    wall = page.context.new_page()
    wall.set_viewport_size(WALL)  # type: ignore[arg-type]
    wall.goto(f"/wall/{here.code}/")
    expect(wall.locator("main")).to_contain_text("Being at the goal")
    with visitors.installation.away():
        expect(page.locator("body")).to_have_class("phone phone--in is-lost")
        visitors.installation.arrange(move_on, here.code)
    for screen in (page, wall):
        expect(screen.get_by_role("heading", level=1)).to_have_text("Making progress")
    expect(page.locator("body")).not_to_have_class("phone phone--in is-lost")
