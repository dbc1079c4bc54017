"""Imperatives at the desk by keys alone: decided about, put together, kept back, on paper; and what phones see."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from ratings.aloud import add_imperative, count_scores
from ratings.choices import Source
from ratings.deciding import hold_words
from ratings.models import Imperative
from tests import factories
from tests.e2e.browsing import DESK, Visitors
from tests.e2e.measures import faults, violations
from tests.e2e.phones import FOLLOWS, PhoneRoom, give, is_saved
from tests.e2e.screens import SIZES
from workshops.choices import StageKind
from workshops.models import Workshop

ALIKE = ("Meet every month with the partners", "A meeting every month with partners", "Meet the partners every month")


def fits(page: Page) -> None:
    """See that the page fits every size of a desk and that axe finds nothing wrong."""
    wrong = violations(page)
    for width, height in SIZES["desk"]:
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"at {width} px: {fault}" for fault in faults(page, "desk")]
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    assert wrong == []


def desk_of(room: PhoneRoom, path: str) -> Page:
    context = room.visitors.context(viewport=DESK)
    url = room.visitors.installation.url
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in room.room.facilitator.items()])
    page = context.new_page()
    page.goto(f"/desk/{room.room.code}/{path}")
    return page


def named(room: PhoneRoom, *texts: str) -> None:
    """Write imperatives down as said aloud."""

    def written() -> None:
        of = Workshop.objects.get(code=room.room.code)
        for text in texts:
            add_imperative(workshop=of, text=text, source=Source.ALOUD)

    room.visitors.installation.arrange(written)


def test_imperatives_are_sifted_by_keys_alone(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, at=StageKind.IMPERATIVES, imperatives=0)
    named(room, *ALIKE, "Write it down", "Give Maria an hour a week")
    page = desk_of(room, "imperatives/")
    look = page.get_by_role("region", name="To decide")
    expect(look.locator("mark")).to_have_text("Maria")
    expect(page.get_by_role("region", name="These say nearly the same")).to_be_visible()
    fits(page)
    look.get_by_role("button", name="Take it out and show").press("Enter")
    order = page.get_by_role("region", name="In order of dots")
    expect(order).to_contain_text("Give [name removed] an hour a week")
    expect(look).to_have_count(0)
    suggestion = page.get_by_role("group", name="Suggestion 1")
    first, second, third = suggestion.locator("label.tick").all_inner_texts()
    suggestion.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(suggestion.get_by_role("radio").nth(1)).to_be_checked()
    suggestion.get_by_role("checkbox").nth(2).press("Space")
    page.get_by_role("button", name="Put together").press("Enter")
    together = order.get_by_role("listitem").filter(has=page.get_by_text("Also in these words"))
    expect(together.locator(".imperative__text")).to_have_text(second)
    expect(together.get_by_role("listitem")).to_contain_text(first)
    expect(order.locator(".imperative__text").filter(has_text=third)).to_have_count(1)
    expect(page.get_by_role("button", name="Put this suggestion away")).to_be_visible()
    page.get_by_role("button", name="Put this suggestion away").press("Enter")
    expect(page.get_by_role("region", name="These say nearly the same")).to_have_count(0)
    row = order.get_by_role("listitem").filter(has_text="Write it down")
    row.get_by_role("button", name="Hold").press("Enter")
    kept = page.get_by_role("region", name="Kept back")
    expect(kept).to_contain_text("Write it down")
    fits(page)
    kept.get_by_role("link", name="Redact or hide").press("Enter")
    expect(page.get_by_role("heading", name="Redact or hide")).to_be_visible()
    fits(page)
    page.get_by_label("It says the same as another").press("Space")
    page.get_by_role("button", name="Hide it").press("Enter")
    expect(kept).to_contain_text("Hidden")
    kept.get_by_role("button", name="Show").press("Enter")
    expect(kept).to_have_count(0)
    expect(order).to_contain_text("Write it down")


def test_dots_on_paper_are_counted_and_labelled(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, at=StageKind.PRIORITIES, imperatives=4)
    page = desk_of(room, "")
    page.get_by_role("link", name="Count dots on paper").press("Enter")
    box = page.get_by_role("textbox").first
    words = page.locator("label").filter(visible=True).first.inner_text()
    box.fill("4")
    fits(page)
    page.get_by_role("button", name="Save the count").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    room.move("reveal", StageKind.PRIORITIES)
    page.get_by_role("link", name="Back to the desk").click()
    expect(page.locator("#named li").first).to_contain_text(words)
    expect(page.locator("#named li").first).to_contain_text("4 dots, 4 on paper")


def test_phone_sees_what_was_added_on_paper_after_the_reveal(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    phone = room.open(room.phone())
    give(phone, "6")
    is_saved(phone)

    def counted(times: int) -> None:
        of = Workshop.objects.get(code=room.room.code)
        count_scores(workshop=of, scale=factories.scale(of), counts={2: times})

    visitors.installation.arrange(counted, 1)
    room.move("reveal")
    expect(phone.locator("#own")).to_contain_text("You gave 6.", timeout=FOLLOWS)
    expect(phone.locator("#too-few")).to_contain_text("1 person has answered: too few to show how")
    before = phone.locator("#picture svg").inner_html()
    visitors.installation.arrange(counted, 3)
    phone.get_by_text("The numbers").click()
    row = phone.get_by_role("row").filter(has=phone.get_by_role("rowheader", name="2", exact=True))
    expect(row).to_contain_text("3", timeout=FOLLOWS)
    expect(phone.locator("#own")).to_contain_text("You gave 6.")
    assert phone.locator("#picture svg").inner_html() != before


def test_kept_imperative_leaves_the_list_and_a_dot_on_it_is_a_sentence(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, at=StageKind.PRIORITIES, imperatives=4)
    waiting, voting = room.open(room.phone()), visitors.page()
    voting.goto(f"/join/{room.room.code}/")
    voting.get_by_role("button", name="Join").click()
    boxes = voting.get_by_role("checkbox")
    expect(boxes).to_have_count(4)
    boxes.nth(0).check()
    boxes.nth(1).check()
    gone = boxes.nth(0).get_attribute("value")

    def held() -> None:
        hold_words(words=Imperative.objects.get(pk=int(gone or 0)), user=None)

    visitors.installation.arrange(held)
    expect(waiting.get_by_role("checkbox")).to_have_count(3, timeout=FOLLOWS)
    expect(boxes).to_have_count(4)  # it is being filled in
    voting.get_by_role("button", name="Save").click()
    expect(voting.get_by_role("alert")).to_contain_text("One of these is no longer in the list.")
    expect(boxes).to_have_count(3)
    expect(voting.locator("#votes-out")).to_have_text("1 of 3 dots placed")
    voting.get_by_role("button", name="Save").click()
    expect(voting.locator("#dock .state")).to_contain_text("Saved")


def test_both_scales_say_how_many_came_on_paper_and_still_fit(visitors: Visitors) -> None:
    room = PhoneRoom(visitors, people=26, at=StageKind.TOGETHER, answered=True)

    def counted() -> None:
        of = Workshop.objects.get(code=room.room.code)
        for n in (1, 2):
            count_scores(workshop=of, scale=factories.scale(of, n=n), counts={2: 10 * n})

    visitors.installation.arrange(counted)
    page = desk_of(room, "")
    page.goto(f"/wall/{room.room.code}/")
    expect(page.locator(".wall__head")).to_contain_text("On paper: 10 for being, 20 for progress")
    wrong = violations(page)
    for width, height in SIZES["wall"]:
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"at {width} px: {fault}" for fault in faults(page, "wall")]
    assert wrong == []
