"""A possible name from the phone to the wall: warned about without a network, held, taken out. Themes by ticking."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ratings.deciding import hide_words
from ratings.models import Comment
from tests import factories
from tests.e2e.browsing import DESK, Visitors
from tests.e2e.measures import faults, violations
from tests.e2e.phones import PhoneRoom, give, is_kept, is_saved
from tests.e2e.screens import SIZES, Audience
from workshops.choices import StageKind
from workshops.models import Workshop

NAMED = "It works when Maria is here, case 4471"
LEFT = "It works when [name removed] is here, [case number removed]"
ALIKE = ("The form is too long", "The forms are far too long for families", "Forms too long!")


def fetched(page: Page) -> None:
    """Wait until the check is on the phone."""
    page.locator("textarea").first.focus()
    expect(page.locator("#names-words[data-ready]")).to_be_attached()


def said(room: PhoneRoom) -> list[tuple[str, str, bool]]:
    def rows() -> list[tuple[str, str, bool]]:
        return list(Comment.objects.filter(workshop__code=room.room.code).values_list("text", "state", "flagged"))

    return room.visitors.installation.arrange(rows)


def fits(page: Page, audience: Audience) -> None:
    """See that a screen fits every size and that axe finds nothing wrong."""
    wrong = violations(page)
    for width, height in SIZES[audience]:
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"at {width} px: {fault}" for fault in faults(page, audience)]
    assert wrong == []


def desk_of(room: PhoneRoom) -> BrowserContext:
    context = room.visitors.context(viewport=DESK)
    url = room.visitors.installation.url
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in room.room.facilitator.items()])
    return context


def tell(room: PhoneRoom, *texts: str, **fields: Any) -> None:
    """Write comments down as said aloud."""

    def written() -> None:
        of = Workshop.objects.get(code=room.room.code)
        for text in texts:
            factories.comment(of, factories.scale(of), text, **fields)

    room.visitors.installation.arrange(written)


def test_phone_names_what_it_found_without_a_network_and_sends_it_all_the_same(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.phone()
    page = room.open(phone)
    fetched(page)
    phone.set_offline(True)
    give(page, "4", NAMED)
    warning = page.locator("#names")
    expect(warning).to_contain_text("Possible name: Maria")
    expect(warning).to_contain_text("Possible case number: case 4471")
    expect(page.locator("#dock .state")).to_have_count(0)
    fits(page, "phone")
    warning.get_by_role("button", name="Send it as it is").press("Enter")
    is_kept(page)
    expect(warning).to_be_empty()
    phone.set_offline(False)
    is_saved(page)
    assert said(room) == [(NAMED, "held", True)]


def test_phone_lets_the_words_be_changed_and_asks_no_second_time(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    fetched(page)
    give(page, "4", NAMED)
    page.get_by_role("button", name="Change it").click()
    box = page.get_by_label("Your comment")
    expect(box).to_be_focused()
    assert page.evaluate("getSelection().toString()") == "Maria"
    page.keyboard.type("somebody")
    expect(page.locator("#names")).to_be_empty()
    give(page, "4", NAMED)
    is_saved(page)
    with page.expect_response(lambda answer: "/score/" in answer.url):
        give(page, "5", "It works when somebody is here")
    assert said(room) == [("It works when somebody is here", "new", False)]


def test_phone_without_script_is_warned_by_the_server_and_can_send_it_as_it_is(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone(java_script_enabled=False))
    give(page, "4", NAMED)
    expect(page).to_have_title("Error: not saved yet - Midpoint")
    expect(page.locator("#names")).to_contain_text("Possible name: Maria")
    expect(page.get_by_label("Your comment")).to_have_value(NAMED)
    assert said(room) == []
    page.get_by_role("button", name="Send it as it is").click()
    expect(page.locator("#dock .state")).to_contain_text("Saved")
    assert said(room) == [(NAMED, "held", True)]


def test_imperative_with_a_name_is_warned_about_too(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, at=StageKind.IMPERATIVES)
    page = room.open(room.phone())
    fetched(page)
    page.get_by_label("One thing that must happen").fill("Give Maria an hour a week")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#names")).to_contain_text("Possible name: Maria")
    page.locator("#dock button").click()
    is_saved(page)


def test_desk_takes_a_name_out_and_the_list_shows_it(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    page = room.open(room.phone())
    fetched(page)
    give(page, "4", NAMED)
    page.get_by_role("button", name="Send it as it is").click()
    is_saved(page)
    tell(room, "Nobody asks them", "It depends on the day", state="new")
    desk = desk_of(room).new_page()
    desk.goto(f"/desk/{room.room.code}/")
    queue = desk.locator("#queue")
    expect(queue.locator("mark")).to_have_text(["Maria", "case 4471"])
    fits(desk, "desk")
    desk.set_viewport_size({"width": 1366, "height": 768})
    queue.get_by_role("button", name="Take it out and show").click()
    expect(queue).to_contain_text(LEFT)
    queue.get_by_role("listitem").filter(has_text="Nobody asks").get_by_role("link", name="Redact or hide").click()
    closer = desk.locator("#closer")
    closer.get_by_role("checkbox", name="asks").check()
    tell(room, "Said meanwhile", state="new")
    fits(desk, "desk")
    closer.get_by_label("It is about a person, not the work").check()
    closer.get_by_role("button", name="Hide it").click()
    expect(desk.locator("#queue")).to_contain_text("Said meanwhile")
    expect(desk.locator("#queue")).not_to_contain_text("Nobody asks")


@pytest.mark.parametrize("shelf", ["look", "shown", "held", "hidden"])
def test_list_of_comments_and_one_of_them_fit(shelf: str, visitors: Visitors) -> None:
    room = PhoneRoom(visitors, answered=True, people=26)
    state = "new" if shelf == "look" else shelf
    tell(room, "A long word: " + "un" * 60, "It works when Omar is here, and " * 8, state=state)

    def decided() -> None:
        of = Workshop.objects.get(code=room.room.code)
        for comment in Comment.objects.filter(workshop=of, state=state)[:1]:
            hide_words(words=comment, user=None, reason="It says the same as another")
            Comment.objects.filter(pk=comment.pk).update(state=state)

    visitors.installation.arrange(decided)
    page = desk_of(room).new_page()
    page.goto(f"/desk/{room.room.code}/comments/?shelf={shelf}")
    page.get_by_text("What was decided").first.click()
    fits(page, "desk")
    page.get_by_role("link", name="Redact or hide").last.click()
    expect(page.get_by_role("heading", name="Redact or hide")).to_be_visible()
    fits(page, "desk")


def test_comments_are_decided_in_place_and_the_list_stays(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    tell(room, "First", "Second", state="new")
    page = desk_of(room).new_page()
    page.goto(f"/desk/{room.room.code}/comments/")
    page.evaluate("document.body.dataset.here = 'yes'")
    page.get_by_role("listitem").filter(has_text="First").get_by_role("button", name="Hold").click()
    expect(page.get_by_role("link", name="Held, 1")).to_be_visible()
    assert page.evaluate("document.body.dataset.here") == "yes"
    page.get_by_role("link", name="Held, 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comments that are held")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("None here.")).to_be_visible()


def test_themes_are_made_with_the_keyboard(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    tell(room, *ALIKE, "Nobody asks them")
    page = desk_of(room).new_page()
    page.goto(f"/desk/{room.room.code}/themes/")
    expect(page.get_by_role("heading", name="These look alike")).to_be_visible()
    fits(page, "desk")
    page.get_by_label("Name of the theme").fill("Forms")
    page.keyboard.press("Enter")
    theme = page.get_by_role("group", name="Forms")
    expect(theme.get_by_role("checkbox")).to_have_count(3)
    page.get_by_role("checkbox", name="Nobody asks them").press("Space")
    page.get_by_label("or into one there is").select_option("Forms")
    page.get_by_role("button", name="Group", exact=True).press("Enter")
    expect(theme.get_by_role("checkbox")).to_have_count(4)
    fits(page, "desk")
