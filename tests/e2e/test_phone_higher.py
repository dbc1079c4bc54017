"""What one point higher would look like, on a phone: asked below the picture, kept and sent like an answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

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
    state,
    title,
    was_told,
)
from workshops.choices import StageKind

QUESTION = "What would one point higher look like?"


def box(page: Page) -> Locator:
    """Return the field for the words."""
    return page.get_by_label(QUESTION)


def save(page: Page) -> None:
    page.locator("#dock button").click()


class Asking:
    """A room that looks at a scale, and a phone that gave 6 there and is asked what 7 would look like."""

    def __init__(self, visitors: Visitors, *scripts: str) -> None:
        self.room = PhoneRoom(visitors, higher=True)
        self.phone: BrowserContext = self.room.phone(*scripts)
        self.page = self.room.open(self.phone)
        give(self.page, "6")
        is_saved(self.page)
        self.room.move("reveal")
        expect(box(self.page)).to_be_visible(timeout=FOLLOWS)


@pytest.fixture
def asking(visitors: Visitors) -> Asking:
    return Asking(visitors)


def test_answer_is_saved_with_one_request_changed_and_there_again(asking: Asking) -> None:
    page, sent = asking.page, []
    asking.phone.on("requestfinished", lambda request: sent.append(request.url) if request.method == "POST" else None)
    box(page).fill(WORDS)
    expect(page.get_by_text(f"{280 - len(WORDS)} characters left.")).to_be_visible()
    with asking.phone.expect_event("requestfinished", lambda request: request.method == "POST"):
        save(page)
    is_saved(page)
    expect(page.locator("#own")).to_contain_text("You gave 6.")
    assert (asking.room.comments(), len(sent)) == ([WORDS], 1)
    page.reload()
    expect(box(page)).to_have_value(WORDS)
    expect(state(page)).to_contain_text("Saved. You can change it while the room looks at this.")
    box(page).fill("Three teams try it")
    save(page)
    is_saved(page)
    expect(state(page)).to_contain_text("Saved at")
    assert asking.room.comments() == ["Three teams try it"]
    box(page).fill("")
    save(page)
    expect(state(page)).to_have_text("Nothing from you is saved here.")
    assert (asking.room.comments(), asking.room.scores()) == ([], [6])


def test_words_being_typed_outlive_a_card_that_is_fetched_again(asking: Asking) -> None:
    page = asking.page
    box(page).fill("Half a sentence")
    page.evaluate("document.querySelector('#own').textContent = ''")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("#own")).to_contain_text("You gave 6.", timeout=FOLLOWS)  # the rest of the card is new
    expect(box(page)).to_have_value("Half a sentence")
    expect(box(page)).to_be_focused()


def test_answer_that_was_just_saved_outlives_an_older_card(asking: Asking) -> None:
    page, held = asking.page, []
    older = page.request.get(page.locator("body").get_attribute("data-card") or "", headers={"HX-Request": "true"})
    page.route("**/card/", lambda route: held.append(route))
    with page.expect_request("**/card/"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    box(page).fill(WORDS)
    save(page)
    is_saved(page)
    page.locator("h1").click()
    page.evaluate("document.querySelector('#own').textContent = ''")
    held[0].fulfill(response=older)
    expect(page.locator("#own")).to_contain_text("You gave 6.")
    expect(box(page)).to_have_value(WORDS)


def test_answer_given_offline_is_sent_beside_the_score_when_the_network_is_back(asking: Asking) -> None:
    page = asking.page
    asking.phone.set_offline(True)
    box(page).fill(WORDS)
    save(page)
    is_kept(page)
    page.close()
    asking.phone.set_offline(False)
    asking.phone.add_init_script(SENT)
    page = asking.room.open(asking.phone)
    was_told(page, "1 answer sent")
    expect(box(page)).to_have_value(WORDS, timeout=FOLLOWS)
    keeps_nothing(page)
    assert (asking.room.scores(), asking.room.comments()) == ([6], [WORDS])


def test_answer_that_comes_after_the_room_has_gone_on_stays_to_be_copied(asking: Asking) -> None:
    page = asking.page
    asking.phone.set_offline(True)
    box(page).fill(WORDS)
    save(page)
    is_kept(page)
    asking.room.move("open", n=2)
    asking.phone.set_offline(False)
    notice = page.get_by_role("complementary", name="Not saved")
    expect(notice).to_contain_text("This question closed before your answer arrived, so it was not saved.")
    expect(notice).to_contain_text(f"Being at the goal: {QUESTION}")
    expect(notice).to_contain_text(WORDS)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    assert asking.room.comments() == []


def test_words_being_typed_when_the_room_goes_on_stay_to_be_copied(asking: Asking) -> None:
    page = asking.page
    box(page).fill(WORDS)
    asking.room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    notice = page.get_by_role("complementary", name="Not saved")
    expect(notice).to_contain_text("This question closed before you pressed the button, so it was not saved.")
    expect(notice.locator(".kept__words")).to_have_text(WORDS)


def test_words_being_typed_when_the_reveal_is_taken_down_stay_to_be_copied(asking: Asking) -> None:
    page = asking.page
    box(page).fill(WORDS)
    asking.room.move("take down")
    expect(page.get_by_label("6", exact=True)).to_be_checked(timeout=FOLLOWS)
    expect(page.get_by_role("complementary", name="Not saved").locator(".kept__words")).to_have_text(WORDS)


def test_second_tab_learns_of_it_and_one_in_use_is_left_alone(asking: Asking) -> None:
    second, third = asking.room.open(asking.phone), asking.room.open(asking.phone)
    box(third).fill("Half a sentence")
    box(asking.page).fill(WORDS)
    save(asking.page)
    is_saved(asking.page)
    expect(box(second)).to_have_value(WORDS, timeout=FOLLOWS)
    expect(box(third)).to_have_value("Half a sentence")


def test_possible_name_is_said_before_it_is_sent(asking: Asking) -> None:
    page = asking.page
    box(page).focus()
    page.locator("#names-words[data-ready]").wait_for(state="attached")
    box(page).fill("Ask Megan how she did it")
    save(page)
    expect(page.locator("#names")).to_contain_text("Possible name: Megan")
    assert asking.room.comments() == []
    page.get_by_role("button", name="Send it as it is").click()
    is_saved(page)
    assert asking.room.comments() == ["Ask Megan how she did it"]


def test_phone_without_script_is_asked_the_same(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, 3, higher=True, revealed=True, answered=True)
    phone = room.phone(java_script_enabled=False)
    page = room.open(phone)
    before = room.comments()
    expect(box(page)).not_to_have_value("")  # what this phone has said already
    box(page).fill("Ask Megan how she did it")
    save(page)
    expect(page.locator("#names")).to_contain_text("Possible name: Megan")
    page.get_by_role("link", name="Change it").click()
    box(page).fill(WORDS)
    with page.expect_navigation():
        save(page)
    expect(state(page)).to_contain_text("Saved.")
    expect(box(page)).to_have_value(WORDS)
    expect(page.locator("#own")).to_contain_text("You")
    assert sorted(room.comments()) != sorted(before)
    assert WORDS in room.comments()
    room.move("open", StageKind.RAG)
    box(page).fill("One thing more")
    save(page)
    expect(title(page)).to_have_text("This question has closed")
    expect(page.get_by_text("One thing more")).to_be_visible()
    assert "One thing more" not in room.comments()
    page.get_by_role("link", name="To the open question").click()
    expect(title(page)).to_have_text("Your overall rating")
