"""The desk with others around it: a timer on every screen, a second desk, words half typed, and what stays private."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from ratings.aloud import count_scores
from ratings.choices import CommentState
from ratings.models import Comment
from tests import factories
from tests.e2e.browsing import DESK, WALL, Visitors
from tests.e2e.phones import PhoneRoom
from tests.e2e.rooms import session_of
from workshops.choices import StageKind
from workshops.models import Facilitator, Stage, Workshop
from workshops.people import remove_person
from workshops.sessions import open_stage, reveal_stage
from workshops.timing import pause_timer, set_timer

# The world's clock has gone on, the page's own has stood still.
AFTER_A_SLEEP = """() => {
  const real = Date.now;
  Date.now = () => real() + 600000;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
A_DAY_LATE = "{ const real = Date.now; Date.now = () => real() - 86400000 }"


class DeskRoom(PhoneRoom):
    """A room with a phone, a desk of its facilitator Ann, and a second desk of Bob."""

    def arrange(self, act: Callable[[Workshop], Any]) -> Any:
        """Do something with the workshop, on the server's database."""
        return self.visitors.installation.arrange(lambda: act(Workshop.objects.get(code=self.room.code)))

    def desk(self, cookies: dict[str, str] | None = None, path: str = "desk") -> Page:
        """Open a desk, Ann's unless told otherwise; or the wall."""
        context = self.visitors.context(viewport=DESK if path == "desk" else WALL)
        url = self.visitors.installation.url
        cookies = cookies or self.room.facilitator
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        page = context.new_page()
        page.goto(f"/{path}/{self.room.code}/")
        return page

    def second_desk(self) -> Page:
        """Open the desk of another facilitator."""

        def bob(of: Workshop) -> dict[str, str]:
            user = factories.facilitator()
            Facilitator.objects.create(workshop=of, user=user)
            return session_of(user)

        return self.desk(self.arrange(bob))

    def ann(self, of: Workshop) -> User:
        """Return the facilitator."""
        return User.objects.get(pk=of.facilitators.order_by("pk")[0].user_id)


@pytest.fixture
def room(visitors: Visitors) -> DeskRoom:
    return DeskRoom(visitors)


def test_desk_of_somebody_who_was_removed_goes_while_they_look_at_it(room: DeskRoom) -> None:
    room.visitors.allow("403", "404", "EventSource", "htmx:afterRequest")
    desk, own = room.second_desk(), room.desk()
    with desk.expect_response(lambda answer: "/live/" in answer.url and answer.ok):
        desk.reload()
    room.arrange(lambda of: remove_person(workshop=of, user=of.facilitators.order_by("pk")[1].user))
    expect(desk.get_by_role("heading", level=1)).to_have_text("There is nothing at this address")
    expect(own.get_by_role("heading", level=1)).not_to_have_text("There is nothing at this address")


def scale_of(of: Workshop) -> Stage:
    """Return the open scale's stage."""
    return factories.stage(of, StageKind.SCALE)


def test_timer_runs_on_every_screen_also_by_a_phone_whose_clock_is_wrong(room: DeskRoom) -> None:
    desk, wall, phone = room.desk(), room.desk(path="wall"), room.open(room.phone(A_DAY_LATE))
    expect(phone.locator("#clock")).to_have_count(0)
    desk.get_by_role("button", name="2", exact=True).click()
    for page in (desk, wall, phone):
        expect(page.locator("#clock")).to_contain_text(re.compile(r"1:\d\d"))
    desk.get_by_role("button", name="Pause").click()
    for page in (desk, wall, phone):
        expect(page.locator("#clock")).to_contain_text("paused")
    desk.keyboard.press("t")
    desk.keyboard.press("Enter")
    for page in (desk, wall, phone):
        expect(page.locator("#clock")).to_contain_text(re.compile(r"2:\d\d"))
    desk.get_by_role("button", name="No timer").click()
    for page in (desk, wall, phone):
        expect(page.locator("#clock")).to_have_count(0)


def test_timer_leaves_what_is_being_filled_in_alone(room: DeskRoom) -> None:
    phone = room.open(room.phone())
    phone.get_by_label("Your comment").fill("Half a sent")
    room.arrange(lambda of: set_timer(stage=scale_of(of), seconds=120, user=None))
    expect(phone.locator("#clock")).to_contain_text(re.compile(r"1:\d\d"))
    phone.get_by_label("Your comment").press_sequentially("ence")
    expect(phone.get_by_label("Your comment")).to_have_value("Half a sentence")


def test_phone_is_told_politely_at_one_minute_and_closes_when_told_to(room: DeskRoom) -> None:
    browser, desk = room.phone(), room.desk()
    browser.clock.install()
    phone = room.open(browser)
    room.arrange(lambda of: set_timer(stage=scale_of(of), seconds=600, user=None))
    expect(phone.locator("#clock")).to_contain_text(re.compile(r"9:\d\d"))
    phone.clock.fast_forward(560_000)
    expect(phone.locator("#told")).to_have_text("One minute left.")
    room.arrange(lambda of: set_timer(stage=scale_of(of), seconds=3, closes_itself=True, user=None))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Time is up")
    expect(desk.locator(".badge").first).to_contain_text("Time is up, nothing revealed")
    expect(desk.get_by_role("button", name="Reveal to the room")).to_be_visible()
    desk.get_by_role("button", name="One more minute").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Being at the goal")


def test_time_that_is_over_closes_nothing_unless_told_to(room: DeskRoom) -> None:
    phone = room.open(room.phone())
    room.arrange(lambda of: set_timer(stage=scale_of(of), seconds=2, user=None))
    expect(phone.locator("#clock")).to_contain_text("Time is up")
    phone.get_by_label("5", exact=True).check()
    phone.get_by_role("button", name="Save my rating").click()
    expect(phone.locator("#dock")).to_contain_text("Saved")


def test_clock_of_a_page_that_slept_is_set_right(room: DeskRoom) -> None:
    phone = room.open(room.phone())
    room.arrange(lambda of: set_timer(stage=scale_of(of), seconds=900, user=None))
    expect(phone.locator("#clock")).to_contain_text(re.compile(r"14:\d\d"))

    def let_pass(of: Workshop) -> None:
        ends_at = timezone.now() + timedelta(seconds=300)
        Stage.objects.filter(pk=scale_of(of).pk).update(ends_at=ends_at)

    room.arrange(let_pass)
    phone.evaluate(AFTER_A_SLEEP)
    expect(phone.locator("#clock")).to_contain_text(re.compile(r"\b4:\d\d"))


def test_page_that_slept_past_the_end_says_that_time_is_up(room: DeskRoom) -> None:
    phone = room.open(room.phone())
    room.arrange(lambda of: set_timer(stage=scale_of(of), seconds=900, closes_itself=True, user=None))
    expect(phone.locator("#clock")).to_contain_text(re.compile(r"14:\d\d"))
    room.arrange(lambda of: Stage.objects.filter(pk=scale_of(of).pk).update(ends_at=timezone.now()))
    phone.evaluate(AFTER_A_SLEEP)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Time is up")


def test_second_desk_sees_who_has_the_controls_and_takes_them(room: DeskRoom) -> None:
    ann, bob = room.desk(), room.second_desk()
    ann.locator("#act-back").click()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Lobby")
    expect(bob.locator(".controls")).to_contain_text("has the controls")
    expect(bob.locator("#act-next")).to_have_count(0)
    bob.get_by_role("button", name="Take over").click()
    bob.locator("#act-next").click()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Being at the goal")
    expect(ann.get_by_role("heading", level=1)).to_have_text("Being at the goal")
    expect(ann.get_by_role("button", name="Take over")).to_be_visible()


def test_press_that_comes_after_another_took_over_moves_nothing(room: DeskRoom) -> None:
    ann, bob = room.desk(), room.second_desk()
    ann.locator("#act-back").click()
    expect(ann.get_by_role("heading", level=1)).to_have_text("Lobby")
    ann.route("**/now/", lambda route: route.fulfill(status=204))  # its desk does not hear of it in time
    expect(bob.get_by_role("button", name="Take over")).to_be_visible()
    bob.get_by_role("button", name="Take over").click()
    expect(bob.locator("#act-next")).to_be_visible()
    ann.locator("#act-next").click()
    expect(ann.get_by_role("alert")).to_contain_text("Nothing was moved")
    expect(ann.get_by_role("heading", level=1)).to_have_text("Lobby")


def test_words_half_typed_outlive_moves_of_another_desk(room: DeskRoom) -> None:
    ann, bob = room.desk(), room.second_desk()
    bob.get_by_text("Add what someone said").click()
    box = bob.get_by_label("The words, as they were said")
    box.fill("Somebody said th")
    ann.locator("#act-reveal").click()
    expect(bob.locator(".badge").first).to_contain_text("Shown to the room")
    expect(box).to_have_value("Somebody said th")
    ann.locator("#act-next").click()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Making progress")
    expect(box).to_be_focused()
    box.press_sequentially("is")
    expect(bob.get_by_label("About")).to_contain_text("Being at the goal")
    bob.get_by_role("button", name="Add it").click()
    expect(bob.get_by_text("Added.")).to_be_visible()
    expect(bob.locator(".queue")).to_contain_text("Somebody said this")
    ann.locator("#act-blank").click()
    expect(bob.get_by_text("The wall is blank")).to_be_visible()
    expect(bob.get_by_text("Added.")).to_be_visible()
    ann.locator("#act-next").click()
    expect(bob.get_by_role("heading", level=1)).not_to_have_text("Making progress")
    expect(bob.get_by_text("Added.")).to_have_count(0)
    assert room.arrange(lambda of: Comment.objects.get(workshop=of, text="Somebody said this").scale.kind) == "being"


def test_picture_that_comes_after_the_answer_to_a_press_breaks_nothing(room: DeskRoom) -> None:
    desk = room.desk()
    late: list[Route] = []
    desk.route("**/now/", lambda route: late.append(route))
    with desk.expect_request("**/now/"):
        desk.locator("#act-reveal").click()
    expect(desk.locator(".badge").first).to_contain_text("Shown to the room")
    with desk.expect_request_finished(lambda request: request == late[0].request):
        late[0].continue_()
    desk.unroute_all(behavior="ignoreErrors")
    desk.evaluate("() => new Promise((go) => setTimeout(go))")  # what was done with it has been done
    for kept in ("#closer-place", ".aloud"):
        expect(desk.locator(kept)).to_have_count(1)


def test_press_is_not_lost_when_news_comes_while_the_button_is_held(room: DeskRoom) -> None:
    room.arrange(lambda of: factories.comment(of, factories.scale(of), "Said first", state=CommentState.NEW))
    desk = room.desk()
    desk.get_by_role("button", name="Show", exact=True).hover()
    desk.mouse.down()
    room.arrange(lambda of: factories.comment(of, factories.scale(of), "Said meanwhile", state=CommentState.NEW))
    with desk.expect_request_finished(lambda request: request.url.endswith("/tally/")):
        desk.evaluate("document.body.dispatchEvent(new CustomEvent('tally', { bubbles: true }))")
    desk.evaluate("() => new Promise((go) => setTimeout(go))")  # what was done with it has been done
    desk.mouse.up()
    expect(desk.get_by_role("listitem").filter(has_text="Said first")).to_contain_text("Shown")
    expect(desk.locator("#queue")).to_contain_text("Said meanwhile")


def test_peek_is_in_the_page_only_while_it_is_open(room: DeskRoom) -> None:
    desk, phone = room.desk(), room.open(room.phone())
    phone.get_by_label("7", exact=True).check()
    phone.get_by_role("button", name="Save my rating").click()
    expect(desk.locator("#tally")).to_contain_text("1 of 3")
    assert "7: 1" not in desk.content()
    desk.get_by_text("Peek at the spread").click()
    expect(desk.locator("#peek")).to_contain_text("1 person has answered: too few to show how")
    room.arrange(lambda of: count_scores(workshop=of, scale=factories.scale(of), counts={8: 1}))
    phone.get_by_label("8", exact=True).check()
    phone.get_by_role("button", name="Save the change").click()
    expect(desk.locator("#peek")).to_contain_text("Median 8")
    expect(desk.locator("#peek svg")).to_be_visible()
    desk.get_by_text("Peek at the spread").click()
    expect(desk.locator("#peek svg")).to_have_count(0)


def test_log_is_fetched_when_it_is_opened_and_stays_open_while_the_session_moves(room: DeskRoom) -> None:
    desk = room.desk()
    desk.locator("#act-reveal").click()
    expect(desk.locator(".badge").first).to_contain_text("Shown to the room")
    desk.get_by_text("The log of moves").click()
    newest = desk.get_by_role("list", name="Moves, newest first").get_by_role("listitem").first
    expect(newest).to_contain_text("Revealed")
    room.move("take down")
    expect(desk.locator(".badge").first).to_contain_text("Open, nothing revealed")
    expect(newest).to_contain_text("Taken down")


def test_choice_about_keys_is_remembered_on_this_device(room: DeskRoom) -> None:
    desk = room.desk()
    desk.get_by_label("Keys").uncheck()
    desk.reload()
    expect(desk.get_by_label("Keys")).not_to_be_checked()
    desk.locator("#act-reveal").click()
    expect(desk.locator(".badge").first).to_contain_text("Shown to the room")
    expect(desk.get_by_label("Keys")).not_to_be_checked()
    desk.locator("body").press("n")
    expect(desk.locator("#act-next")).not_to_be_focused()
    desk.get_by_label("Keys").check()
    desk.reload()
    expect(desk.get_by_label("Keys")).to_be_checked()


@pytest.mark.parametrize("letter", list("WBPRNA"))
def test_letter_moves_to_its_button_and_presses_nothing(room: DeskRoom, letter: str) -> None:
    desk = room.desk()
    before = room.arrange(lambda of: of.revision)
    desk.keyboard.press(letter.lower())
    expect(desk.locator(f"[data-key={letter}]:focus")).to_be_attached()
    assert room.arrange(lambda of: of.revision) == before


def test_wall_goes_blank_and_a_reveal_lights_it(room: DeskRoom) -> None:
    desk, wall = room.desk(), room.desk(path="wall")
    desk.keyboard.press("b")
    desk.keyboard.press("Enter")
    expect(wall.locator("header")).to_have_count(0)
    expect(wall.locator("#wall")).to_have_text(re.compile(r"^\s*(The wall is blank)?\s*$"))
    expect(desk.locator("#act-blank")).to_have_attribute("aria-pressed", "true")
    desk.locator("#act-reveal").click()
    expect(wall.locator(".code")).to_be_visible()
    expect(desk.locator("#act-blank")).to_have_attribute("aria-pressed", "false")


def test_paused_timer_stands_still_on_the_wall(room: DeskRoom) -> None:
    def paused(of: Workshop) -> None:
        stage = scale_of(of)
        set_timer(stage=stage, seconds=83, user=room.ann(of))
        pause_timer(stage=stage, user=room.ann(of))

    room.arrange(paused)
    wall = room.desk(path="wall")
    expect(wall.locator("#clock")).to_contain_text(re.compile(r"1:\d\d paused"))


def test_timer_does_not_outlive_its_stage_on_a_phone(room: DeskRoom) -> None:
    phone = room.open(room.phone())
    room.arrange(lambda of: set_timer(stage=scale_of(of), seconds=60, closes_itself=True, user=None))
    expect(phone.locator("#clock")).to_be_visible()
    room.arrange(lambda of: reveal_stage(stage=scale_of(of), user=None))
    expect(phone.locator("#clock")).to_have_count(0)
    room.arrange(lambda of: open_stage(stage=factories.stage(of, StageKind.SCALE, n=2), user=None))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Making progress")
    expect(phone.locator("#clock")).to_have_count(0)
