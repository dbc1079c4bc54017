"""A morning from signing in to the printed journal: a facilitator, a wall and phones, one of them without script."""

from __future__ import annotations

from statistics import median

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.e2e.browsing import DESK, WALL, Visitors
from tests.e2e.people import Desk, Phone, Wall, facilitator

FOLLOWS = 5.0  # seconds after the desk, on a busy machine, until a phone shows the same by itself; on a quiet one 0.1
REVIEW = "The garden review"
GROUPS = ("Family support", "Quality and learning")
BEING, PROGRESS = "Being at the goal", "Making progress"
MET = "Grandparents came to the second meeting"
SLOW = "It takes three weeks to book a room"


def facilitator_and_review() -> str:
    """Write a user who signs in, and a review of two deliverables; return the user's name."""
    user = facilitator("facilitator-of-the-morning")
    edition = factories.edition(2, owner=user)
    edition.review.title = edition.title = REVIEW
    edition.review.save()
    edition.save()
    return user.username


def rate_both(phones: tuple[Phone, Phone], *labels: str, wall: Wall, title: str) -> None:
    """Let both phones rate; until the reveal the wall counts them and shows nothing else."""
    before = "0 of 2 have answered"
    for phone in phones:
        phone.arrive(title)
    expect(wall.main).to_contain_text(before)
    asked = wall.text()
    for phone, label in zip(phones, labels, strict=True):
        phone.rate(label)
    expect(wall.main).to_contain_text("2 of 2 have answered")
    assert wall.text().replace("2 of 2", "0 of 2") == asked
    expect(wall.chart).to_have_count(0)


def look_up(phones: tuple[Phone, Phone]) -> None:
    """See every phone lift its owner's eyes to the wall."""
    for phone in phones:
        phone.look_up()


@pytest.mark.parametrize("visitors", ["installation", "pair"], indirect=True)
def test_morning_from_signing_in_to_the_journal(visitors: Visitors) -> None:
    name = visitors.installation.arrange(facilitator_and_review)
    desk = Desk(visitors.page(viewport=DESK, base_url=visitors.installation.desk_url))
    desk.sign_in(name)
    code = desk.plan(review=REVIEW, organisation="Carreg Bay Council", groups=GROUPS)
    wall = desk.open_wall()
    wall.page.set_viewport_size(WALL)  # type: ignore[arg-type]
    expect(wall.main).to_contain_text(f"{code[:3]} {code[3:]}")

    phones = ours, _ = Phone(visitors.page()), Phone(visitors.page(java_script_enabled=False), script=False)
    for phone, group in zip(phones, GROUPS, strict=True):
        phone.join(code, group)
    expect(wall.main).to_contain_text("2 here")
    expect(desk.tally).to_have_text("2 here")

    the_first_deliverable(desk, wall, phones)
    the_second_deliverable(desk, wall, phones)
    what_comes_next(desk, wall, phones)

    desk.close()
    expect(wall.main).to_contain_text("Thank you")
    for phone in phones:
        phone.arrive("Thank you")
        expect(phone.page.locator("main")).to_contain_text("The workshop has closed.")
    assert median(ours.followed) < FOLLOWS
    the_journal(desk)


def the_first_deliverable(desk: Desk, wall: Wall, phones: tuple[Phone, Phone]) -> None:
    """Rate both scales with comments, take one down, go back once, rate red, amber or green, look at it together."""
    ours, plain = phones
    desk.go_on(BEING)
    rate_both(phones, "3", "I can’t say", wall=wall, title=BEING)
    ours.rate("4", MET, "Working well")
    plain.rate("8", SLOW, "Worry")
    expect(desk.page.locator(".queue")).to_contain_text(MET)
    desk.reveal()
    expect(wall.chart).to_be_visible()
    expect(wall.main).to_contain_text("Median")
    look_up(phones)

    desk.take_down()
    expect(wall.chart).to_have_count(0)
    expect(wall.main).to_contain_text("2 of 2 have answered")
    ours.arrive(BEING, pushed=False)
    expect(ours.page.get_by_label("4", exact=True)).to_be_checked()  # the answer is still there, and can be changed
    ours.rate("6")
    desk.reveal()
    look_up(phones)
    expect(wall.page.locator(".wall__stats")).to_contain_text("7")

    desk.show("What people said")
    expect(wall.main).to_contain_text("Comments stand here once")
    desk.show_comment(MET)
    expect(wall.main).to_contain_text(MET)
    assert SLOW not in wall.text()
    desk.show_comment(SLOW)
    expect(wall.main).to_contain_text(SLOW)

    desk.go_on(PROGRESS)
    rate_both(phones, "7", "7", wall=wall, title=PROGRESS)
    desk.go_back(BEING)  # the room has seen it: it comes back as it was seen
    expect(wall.chart).to_be_visible()
    look_up(phones)
    desk.go_on(PROGRESS)
    ours.arrive(PROGRESS, pushed=False)
    expect(ours.page.get_by_label("7", exact=True)).to_be_checked()
    desk.reveal()
    expect(wall.page.locator(".wall__stats")).to_contain_text("7–7")
    look_up(phones)
    the_overall_rating(desk, wall, phones, together="The same median on both")


def the_second_deliverable(desk: Desk, wall: Wall, phones: tuple[Phone, Phone]) -> None:
    """Rate it while phones come late, reload, come back, and open a second tab: nobody is counted twice."""
    ours, _ = phones
    desk.go_on(BEING)
    rate_both(phones, "2", "5", wall=wall, title=BEING)
    ours.page.reload()
    expect(ours.page.get_by_label("2", exact=True)).to_be_checked()
    ours.page.get_by_role("link", name="My answers so far").click()
    expect(ours.page.locator("main")).to_contain_text(MET)
    ours.page.go_back()
    expect(ours.page.get_by_label("2", exact=True)).to_be_checked()
    tab = Phone(ours.page.context.new_page())
    tab.page.goto(ours.page.url)
    tab.rate("3")
    expect(desk.tally).to_have_text("2 of 2 have answered")
    tab.page.close()
    ours.page.reload()
    expect(ours.page.get_by_label("3", exact=True)).to_be_checked()
    desk.reveal()
    look_up(phones)

    desk.go_on(PROGRESS)
    for phone in phones:
        phone.arrive(PROGRESS)
        phone.rate("9")
    late = the_late_phone(desk, ours)
    expect(desk.tally).to_have_text("2 of 3 have answered")
    late.rate("0")
    expect(wall.main).to_contain_text("3 of 3 have answered")
    late.page.context.close()
    desk.reveal()
    look_up(phones)
    the_overall_rating(desk, wall, phones, together="5 points apart")


def the_late_phone(desk: Desk, ours: Phone) -> Phone:
    """Join while a question is open: the phone lands on it."""
    browser = ours.page.context.browser
    assert browser is not None
    page = browser.new_page(base_url=ours.page.url, viewport={"width": 390, "height": 844})
    page.goto(f"/join/{desk.page.url.rstrip('/').rsplit('/', 1)[-1]}/")
    page.get_by_role("button", name="Join").click()
    late = Phone(page)
    expect(late.title).to_have_text(PROGRESS)
    return late


def the_overall_rating(desk: Desk, wall: Wall, phones: tuple[Phone, Phone], *, together: str) -> None:
    """Rate red, amber or green; then look at the deliverable together."""
    desk.go_on("Overall rating")
    for phone, colour in zip(phones, ("Amber", "Green"), strict=True):
        phone.arrive("Your overall rating")
        phone.judge(colour)
    expect(wall.main).to_contain_text("2 of")
    expect(wall.chart).to_have_count(0)
    desk.reveal()
    expect(wall.chart).to_be_visible()
    look_up(phones)
    desk.go_on("Look at it together")
    expect(wall.main).to_contain_text(together)
    desk.show("Red, amber, green")
    expect(wall.main).to_contain_text("Overall, how do we rate it?")


def what_comes_next(desk: Desk, wall: Wall, phones: tuple[Phone, Phone]) -> None:
    """Look at the map, name imperatives, place dots; the wall ranks them once they are revealed."""
    ours, plain = phones
    desk.go_on("Where the deliverables stand")
    expect(wall.chart).to_be_visible()
    desk.go_on("What must happen next")
    for phone in phones:
        phone.arrive("What must happen next?")
    ours.name("Book the room for a year", "Ask the family first")
    plain.name("Write one page and no more")
    expect(wall.main).to_contain_text("2 of 3 have answered")
    assert "Book the room" not in wall.text()
    desk.reveal()
    expect(wall.main).to_contain_text("Write one page and no more")
    look_up(phones)
    desk.go_on("Place three dots")
    ours.arrive("Place your three dots", pushed=False)
    plain.arrive("Place your three dots")
    ours.vote("Ask the family first", "Book the room for a year")
    plain.vote("Ask the family first")
    expect(wall.main).to_contain_text("2 of 3 have answered")
    assert "Ask the family" not in wall.text()
    desk.reveal()
    ranked = wall.page.locator(".wall__rank li")
    expect(ranked).to_have_count(3)
    expect(ranked.first).to_contain_text("Ask the family first")
    expect(ranked.first).to_contain_text("2")
    look_up(phones)


def the_journal(desk: Desk) -> None:
    """Read the journal on screen, then download it and find the answers in it."""
    desk.read_journal()
    expect(desk.page.locator("main")).to_contain_text("Ask the family first")
    pages = desk.download_journal().pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    for expected in ("Carreg Bay Council", MET, SLOW, "Ask the family first", "Write one page and no more"):
        assert expected in words
