"""A phone follows the workshop through sleep, back buttons, wrong clocks and proxies, and never takes the focus."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.e2e.browsing import Visitors
from tests.e2e.phones import FOLLOWS, PhoneRoom, give, hold_back, is_saved, title
from tests.e2e.test_phone_keeps import listen
from workshops.choices import StageKind

QUIET = 41_000  # milliseconds after which a stream that says nothing is given up
A_DAY_OUT = """{
  const Real = Date, away = %d * 864e5;
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + away); }
    static now() { return Real.now() + away; }
  };
}"""
ASLEEP = """
  window.asleep = false;
  Object.defineProperty(document, "visibilityState", { get: () => window.asleep ? "hidden" : "visible" });
"""


def sleep(page: Page, *, asleep: bool) -> None:
    """Let the page believe that the phone went to sleep, or woke up."""
    page.evaluate(
        "(asleep) => { window.asleep = asleep; document.dispatchEvent(new Event('visibilitychange')); }", asleep
    )


def test_phone_that_slept_shows_the_open_question_on_waking(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone(ASLEEP))
    give(page, "4")
    is_saved(page)
    sleep(page, asleep=True)
    room.move("reveal")
    room.move("open", n=2)
    expect(title(page)).to_have_text("Being at the goal")  # it hears nothing while it sleeps
    sleep(page, asleep=False)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    assert room.scores() == [4]


def test_phone_whose_network_is_back_asks_at_once(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    expect(page.locator("#kept")).to_be_attached()
    page.wait_for_load_state("load")
    with page.expect_request("**/live/**"):
        page.evaluate("dispatchEvent(new Event('online'))")
    room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)


def test_back_button_shows_the_open_question(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    give(page, "4")
    is_saved(page)
    page.get_by_role("link", name="My answers so far").click()
    expect(title(page)).to_have_text("Your answers so far")
    room.move("open", n=2)
    page.go_back()
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    room.move("open", n=1)
    expect(title(page)).to_have_text("Being at the goal", timeout=FOLLOWS)
    expect(page.get_by_label("4", exact=True)).to_be_checked()


def test_page_from_the_back_forward_cache_shows_the_open_question(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    room.move("open", n=2)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)


def test_clock_that_is_wrong_by_a_day_changes_nothing(visitors: Visitors) -> None:
    for away in (-1, 1):
        room = PhoneRoom(visitors)
        phone = room.phone(A_DAY_OUT % away)
        page = room.open(phone)
        phone.set_offline(True)
        give(page, "4")
        give(page, "5")
        phone.set_offline(False)
        is_saved(page)
        room.move("open", n=2)
        expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
        assert room.scores() == [5]


def test_phone_behind_a_proxy_that_holds_the_stream_follows_by_asking(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    phone.route("**/live/**", hold_back)
    page = room.open(phone)
    room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    room.move("open", StageKind.RAG)
    expect(title(page)).to_have_text("Your overall rating", timeout=FOLLOWS)
    phone.unroute_all(behavior="ignoreErrors")


def test_phone_whose_stream_is_refused_follows_by_asking(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()

    phone.route(
        "**/live/**",
        lambda route: route.continue_() if "json" in route.request.headers.get("accept", "") else route.abort(),
    )
    page = room.open(phone)
    room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)


def test_answer_to_a_poll_that_comes_too_late_leads_back_to_nothing(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    asks = {"Accept": "application/json"}
    older = page.request.get(f"{page.locator('body').get_attribute('data-live')}&poll=1", headers=asks)
    room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress")

    def answer_late(route: Route) -> None:
        if route.request.headers.get("accept") == asks["Accept"]:
            route.fulfill(response=older)

    phone.route("**/live/**", answer_late)
    with page.expect_request_finished(lambda request: request.headers.get("accept") == asks["Accept"]):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.evaluate("() => new Promise((go) => setTimeout(go))")  # what was done with it has been done
    expect(title(page)).to_have_text("Making progress")
    phone.unroute_all(behavior="ignoreErrors")


def test_new_question_is_told_once_and_politely(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    listen(page)
    room.move("open", n=2)
    page.wait_for_function("() => window.heard.length > 0", timeout=FOLLOWS)
    assert page.evaluate("window.heard") == ["New question: Making progress"]
    assert page.evaluate("document.activeElement === document.body")
    expect(page).to_have_title("Making progress - Midpoint")


def test_focus_stays_in_words_that_are_kept_while_a_new_question_comes(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    page.get_by_label("Your comment").fill("Half a sentence")
    room.move("open", n=2)
    button = page.get_by_role("button", name="Put it away")
    button.focus(timeout=FOLLOWS)
    room.move("open", StageKind.RAG)
    expect(title(page)).to_have_text("Your overall rating", timeout=FOLLOWS)
    expect(button).to_be_focused()


def test_what_is_pushed_again_does_not_disturb_a_field_in_use(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone(ASLEEP))
    field = page.get_by_label("Your comment")
    field.fill("Half a sentence")
    with page.expect_request("**/live/**"):  # a connection that was lost and found
        sleep(page, asleep=False)
    room.move("open", n=1)
    expect(field).to_be_focused()
    expect(field).to_have_value("Half a sentence")


def test_picture_fetched_too_late_leaves_the_next_question_and_what_is_chosen_there(visitors: Visitors) -> None:
    """After a reveal a phone fetches the picture with its own answer; the room may be further when it comes."""
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    give(page, "4")
    is_saved(page)
    late: list[Route] = []
    phone.route(lambda url: "/live/" not in url and "/w/" in url, lambda route: late.append(route))
    with page.expect_request(lambda request: request.headers.get("hx-request") == "true"):
        room.move("reveal")
    room.move("open", StageKind.RAG)
    expect(title(page)).to_have_text("Your overall rating", timeout=FOLLOWS)
    page.get_by_role("radio", name="Amber").check()
    with page.expect_request_finished(lambda request: request == late[0].request):
        late[0].continue_()
    phone.unroute_all(behavior="ignoreErrors")
    page.evaluate("() => new Promise((go) => setTimeout(go))")  # what was done with it has been done
    expect(page.get_by_role("radio", name="Amber")).to_be_checked()


def test_card_fetched_again_leaves_a_form_that_is_being_filled_in(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    page.get_by_label("7", exact=True).check()
    with page.expect_request_finished(lambda request: request.headers.get("hx-request") == "true"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.evaluate("() => new Promise((go) => setTimeout(go))")
    expect(page.get_by_label("7", exact=True)).to_be_checked()


def test_phone_whose_stream_was_refused_is_on_a_stream_again_before_long(visitors: Visitors) -> None:
    """A process that cannot reach its database refuses; a browser does not try that again by itself."""
    visitors.allow("status 503", "503 (Service Unavailable)")
    room = PhoneRoom(visitors)
    phone = room.phone()
    phone.clock.install()
    phone.route("**/live/**", lambda route: route.fulfill(status=503))
    page = room.open(phone)
    expect(page.locator("body")).to_have_class(re.compile("is-lost"))
    phone.unroute("**/live/**")
    with page.expect_request(lambda request: request.resource_type == "eventsource"):
        page.clock.fast_forward(QUIET)
    room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
