"""What a phone keeps while it cannot send: sent once when it can, and never called saved before the server said so."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.e2e.browsing import Visitors
from tests.e2e.phones import (
    FOLLOWS,
    SENT,
    WORDS,
    PhoneRoom,
    give,
    is_kept,
    is_saved,
    keeps_nothing,
    stand_still,
    state,
    title,
    was_told,
)
from workshops.choices import StageKind

REFUSES = (
    """Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });"""
)


def test_answer_given_offline_is_sent_when_the_network_is_back(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "4")
    is_kept(page)
    give(page, "6", WORDS)  # the newest wins
    is_kept(page)
    assert room.scores() == []
    phone.set_offline(False)
    is_saved(page)
    assert (room.scores(), room.comments()) == ([6], [WORDS])
    expect(page.locator("#sent")).to_be_empty()  # the question itself says it


def test_every_answer_is_as_long_on_its_way_as_the_next(visitors: Visitors) -> None:
    page = (room := PhoneRoom(visitors)).open(room.phone())
    lengths = []
    for score, words in (("10", ""), ("3", ""), ("3", WORDS)):
        with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
            give(page, score, words)
        lengths.append(len(saved.value.request.post_data or ""))
    assert lengths == [1024] * 3
    assert (room.scores(), room.comments()) == ([3], [WORDS])


def test_answer_that_waited_while_two_stages_passed_is_sent_when_its_own_is_open_again(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "7", WORDS)
    is_kept(page)
    room.move("open", n=2)
    room.move("open", StageKind.RAG)
    room.move("open", n=1)
    phone.set_offline(False)
    is_saved(page)
    assert (room.scores(), room.comments()) == ([7], [WORDS])


def test_answer_is_sent_by_a_page_that_was_closed_and_opened_again(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone(SENT)
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "3", WORDS)
    is_kept(page)
    page.close()
    phone.set_offline(False)
    page = room.open(phone)
    was_told(page, "1 answer sent")
    is_saved(page)
    expect(page.get_by_label("3", exact=True)).to_be_checked()
    expect(page.get_by_label("Your comment")).to_have_value(WORDS)
    assert (room.scores(), room.comments()) == ([3], [WORDS])


def test_answer_is_sent_in_the_background_while_another_question_is_on(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone(SENT)
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "8")
    is_kept(page)
    # another card is on the screen while the server takes the answer, as when everybody goes at their own pace
    page.evaluate("""() => {
      const [key] = Object.keys(localStorage);
      localStorage.setItem(key.replace(/[^/]*$/, "another-open"), localStorage.getItem(key));
      localStorage.removeItem(key);
    }""")
    phone.set_offline(False)
    was_told(page, "1 answer sent")
    assert room.scores() == [8]
    keeps_nothing(page)


def test_answer_to_a_question_that_closed_meanwhile_stays_to_be_copied(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "2", WORDS)
    is_kept(page)
    room.move("open", n=2)
    phone.set_offline(False)
    notice = page.get_by_role("complementary", name="Not saved")
    expect(notice).to_contain_text("This question closed before your answer arrived, so it was not saved.")
    for words in ("Being at the goal", "2", WORDS):
        expect(notice).to_contain_text(words)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    assert (room.scores(), room.comments()) == ([], [])
    page.reload()
    expect(notice).to_contain_text(WORDS)  # until it is put away
    notice.get_by_role("button", name="Put it away").click()
    expect(notice).to_be_hidden()
    keeps_nothing(page)


def test_words_that_were_being_typed_when_the_question_closed_stay_to_be_copied(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    page.get_by_label("Your comment").fill(WORDS)
    room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    notice = page.get_by_role("complementary", name="Not saved")
    expect(notice).to_contain_text("This question closed before you pressed the button, so it was not saved.")
    expect(notice).to_contain_text(WORDS)


def test_browser_that_refuses_to_store_says_so_and_sends_from_memory(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone(REFUSES)
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "5", WORDS)
    expect(state(page)).to_contain_text("Kept in this page only. Your browser stores nothing for this site")
    phone.set_offline(False)
    expect(state(page)).to_contain_text("Saved at", timeout=FOLLOWS)
    assert (room.scores(), room.comments()) == ([5], [WORDS])


def test_two_tabs_send_an_answer_once_and_the_second_learns_of_it(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    sent: list[str] = []
    phone.on("requestfinished", lambda request: sent.append(request.url) if request.method == "POST" else None)
    first, second = room.open(phone), room.open(phone)
    phone.set_offline(True)
    give(first, "9", WORDS)
    is_kept(first)
    with phone.expect_event("requestfinished", lambda request: request.method == "POST"):
        phone.set_offline(False)
    is_saved(first)
    expect(second.get_by_label("9", exact=True)).to_be_checked()
    expect(second.get_by_label("Your comment")).to_have_value(WORDS)
    is_saved(second)
    assert (room.scores(), room.comments(), len(sent)) == ([9], [WORDS], 1)


def test_second_tab_in_use_is_left_alone(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    first, second = room.open(phone), room.open(phone)
    second.get_by_label("Your comment").fill("Half a sentence")
    give(first, "9")
    is_saved(first)
    expect(second.get_by_label("Your comment")).to_have_value("Half a sentence")
    expect(second.get_by_label("9", exact=True)).not_to_be_checked()


def test_double_tap_saves_once(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    page.get_by_label("4", exact=True).check()
    page.get_by_label("Your comment").fill(WORDS)
    page.get_by_role("button", name="Save my rating").dblclick()
    is_saved(page)
    assert (room.scores(), room.comments()) == ([4], [WORDS])


def test_wifi_that_answers_for_the_server_is_not_believed(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)

    def sign_in_page(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to our wifi</h1>")

    page.route("**/score/", sign_in_page)
    stand_still(page)
    give(page, "6")
    is_kept(page)
    assert room.scores() == []
    page.unroute("**/score/")
    page.get_by_role("button", name="Try to send now").click()
    is_saved(page)
    assert room.scores() == [6]


def test_answer_changed_while_it_was_being_sent_ends_as_changed(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route("**/score/", hold_the_first)
    stand_still(page)
    with page.expect_request("**/score/"):
        give(page, "1")
    give(page, "10")
    held[0].continue_()
    is_saved(page)
    expect(page.get_by_label("10", exact=True)).to_be_checked()
    assert room.scores() == [10]
    assert len(held) == 2


def test_nothing_chosen_is_not_kept_as_an_answer(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    phone.set_offline(True)
    page.get_by_role("button", name="Save my rating").click()
    keeps_nothing(page)
    expect(state(page)).to_have_count(0)


def test_clearing_the_phone_clears_what_is_kept(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "2", WORDS)
    is_kept(page)
    room.move("open", StageKind.CLOSED)
    phone.set_offline(False)
    expect(title(page)).to_have_text("Thank you", timeout=FOLLOWS)
    expect(page.get_by_role("complementary", name="Not saved")).to_contain_text(WORDS)
    page.get_by_role("button", name="Clear this phone now").click()
    page.wait_for_url("/")
    keeps_nothing(page)


def test_saved_is_announced_once_and_the_button_keeps_the_focus(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    listen(page)
    stand_still(page)  # however long the server takes, it is not too long
    give(page, "4")
    is_saved(page)
    page.clock.run_for(1_000)
    page.wait_for_function("() => window.heard.length > 0")
    heard: list[str] = page.evaluate("window.heard")
    assert [words[:8] for words in heard] == ["Saved at"]
    expect(page.locator("#dock button")).to_be_focused()


def listen(page: Page) -> None:
    """Note in `window.heard` what a screen reader is told: words put into a live region that was there before."""
    page.evaluate("""() => {
      window.heard = [];
      for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]"))
        new MutationObserver(() => region.textContent.trim() && window.heard.push(region.textContent.trim()))
          .observe(region, { childList: true, characterData: true, subtree: true });
    }""")


def test_answer_that_waits_is_sent_from_the_list_of_answers_too(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    phone.set_offline(True)
    give(page, "8")
    is_kept(page)
    page.close()
    phone.set_offline(False)
    page = phone.new_page()
    page.goto(f"/w/{room.room.code}/answers/")
    expect(page.get_by_role("definition").first).to_have_text("8 Change", timeout=FOLLOWS)
    assert room.scores() == [8]
    keeps_nothing(page)
