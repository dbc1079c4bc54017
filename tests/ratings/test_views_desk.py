"""The desk in every state: who may press what, what is private, what is recorded, and what is on the wall."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ratings.choices import CommentState
from tests import factories
from tests.routes import address
from workshops.choices import Move, StageKind, StageState
from workshops.controls import take_over
from workshops.models import Facilitator, Stage, StageMove, Workshop
from workshops.timing import pause_timer, set_timer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return factories.facilitator("Ann")


@pytest.fixture
def of(ann: User) -> Workshop:
    return factories.workshop(by=ann)


@pytest.fixture
def desk(ann: User) -> Client:
    return factories.desk(ann)


@pytest.fixture
def other(of: Workshop) -> Client:
    """The desk of a second facilitator, Bob."""
    bob = factories.facilitator("Bob")
    Facilitator.objects.create(workshop=of, user=bob)
    return factories.desk(bob)


def page(browser: Client, of: Workshop, name: str = "desk", at: Stage | None = None) -> str:
    """Return a page as the browser sees it now."""
    return browser.get(address(name, of, at=at)).content.decode()


def filled(html: str) -> list[str]:
    """Return the filled buttons of a page."""
    found = re.findall(r'class="btn"[^>]*>(?:<span>)?([^<]*)', html.split('id="main"')[1])
    return [each.strip() for each in found]


def overdue(stage: Stage) -> None:
    """Let a timer that closes the answering have run out."""
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    Stage.objects.filter(pk=stage.pk).update(ends_at=timezone.now() - timedelta(seconds=1))


# One filled button

STATES: list[tuple[Callable[[Workshop], object], str]] = [
    (lambda of: None, "Next: Being at the goal"),
    (lambda of: factories.opened(of, StageKind.SCALE), "Reveal to the room"),
    (lambda of: overdue(factories.opened(of, StageKind.SCALE)), "Reveal to the room"),
    (lambda of: factories.revealed(of, StageKind.SCALE), "Next: Making progress"),
    (lambda of: factories.opened(of, StageKind.TOGETHER), "Next: Being at the goal"),
    (lambda of: factories.opened(of, StageKind.IMPERATIVES), "Reveal to the room"),
    (lambda of: factories.opened(of, StageKind.PRIORITIES), "Reveal to the room"),
    (lambda of: factories.revealed(of, StageKind.PRIORITIES), "Close the workshop"),
]


@pytest.mark.parametrize(("bring", "button"), STATES)
def test_one_button_is_filled_at_a_time(
    desk: Client, of: Workshop, bring: Callable[[Workshop], object], button: str
) -> None:
    bring(of)
    assert filled(page(desk, of)) == [button]


def test_desk_without_the_controls_offers_to_take_over_and_no_move(
    desk: Client, other: Client, of: Workshop, ann: User
) -> None:
    factories.revealed(of, StageKind.SCALE)
    take_over(workshop=of, user=ann)
    html = page(other, of)
    assert filled(html) == ["Take over"]
    assert "Ann has the controls." in html
    for name in ("move_to", "reveal", "cover", "timer", "blank", "show"):
        assert f'action="{address(f"workshops:{name}", of, at=factories.stage(of, StageKind.SCALE))}"' not in html
    assert "You have the controls." in page(desk, of)


def test_nobody_has_the_controls_at_first(desk: Client, other: Client, of: Workshop) -> None:
    assert "Nobody has the controls yet" in page(desk, of)
    assert "Nobody has the controls yet" in page(other, of)


def test_facilitator_alone_is_not_told_about_controls(desk: Client, of: Workshop, ann: User) -> None:
    take_over(workshop=of, user=ann)
    assert "the controls" not in page(desk, of)


# Moves

MOVES = ["move_to", "reveal", "cover", "timer", "one_more_minute", "pause", "resume", "blank", "show"]
SENT = {"minutes": "3", "blank": "1", "view": "comments", "page": "1"}


@pytest.mark.parametrize("name", MOVES)
def test_move_without_the_controls_moves_nothing_and_says_why(
    other: Client, of: Workshop, ann: User, name: str
) -> None:
    stage = factories.revealed(of, StageKind.SCALE)
    take_over(workshop=of, user=ann)
    before = everything(of)
    answer = other.post(address(f"workshops:{name}", of, at=stage), SENT, follow=True)
    assert everything(of) == before
    assert "Nothing was moved: Ann has the controls." in answer.content.decode()
    assert filled(answer.content.decode()) == ["Take over"]


def everything(of: Workshop) -> list[object]:
    """Return all that a move could change."""
    rows = [Workshop.objects.filter(pk=of.pk), of.stages.all(), StageMove.objects.filter(stage__workshop=of)]
    return [list(row.values()) for row in rows]


def test_taking_over_lets_one_move(other: Client, of: Workshop, ann: User) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    take_over(workshop=of, user=ann)
    answer = other.post(address("workshops:take_over", of), follow=True)
    assert filled(answer.content.decode()) == ["Reveal to the room"]
    other.post(address("workshops:reveal", of, at=stage))
    stage.refresh_from_db()
    assert stage.is_revealed


# The timer


@pytest.mark.parametrize("minutes", ["1", "2", "3", "5"])
def test_timer_is_set_from_the_desk_and_shown_on_every_screen(desk: Client, of: Workshop, minutes: str) -> None:
    phone = factories.phone(of)
    stage = factories.opened(of, StageKind.SCALE)
    desk.post(address("workshops:timer", of, at=stage), {"minutes": minutes, "closes": "1"})
    stage.refresh_from_db()
    assert round(stage.seconds_left or 0) == int(minutes) * 60
    assert stage.closes_itself
    for html in (page(desk, of), page(desk, of, "wall"), page(phone, of, "phone")):
        left = re.findall(r'role="timer" data-left="([\d.]+)"', html)
        assert len(left) == 1
        assert int(minutes) * 60 - 5 < float(left[0]) <= int(minutes) * 60


@pytest.mark.parametrize("minutes", ["", "0", "-1", "61", "99", "100", "x", "٣", "²"])
def test_timer_of_no_length_is_no_timer(desk: Client, of: Workshop, minutes: str) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    answer = desk.post(address("workshops:timer", of, at=stage), {"minutes": minutes})
    assert answer.status_code == 302
    stage.refresh_from_db()
    assert stage.seconds_left is None


def test_timer_is_paused_resumed_extended_and_taken_away_from_the_desk(desk: Client, of: Workshop) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    assert "One more minute" not in page(desk, of)
    for name, sent, word in (
        ("timer", {"minutes": "2"}, "Pause"),
        ("pause", {}, "Go on"),
        ("one_more_minute", {}, "2:59 paused"),
        ("resume", {}, "Pause"),
        ("timer", {}, "Timer, minutes"),
    ):
        desk.post(address(f"workshops:{name}", of, at=stage), sent)
        assert word in page(desk, of), name
    made = [move.move for move in reversed(StageMove.objects.filter(stage=stage))]
    assert made == [Move.OPEN, Move.TIMER, Move.PAUSE, Move.EXTEND, Move.GO_ON, Move.NO_TIMER]


def test_phone_and_desk_show_that_the_timer_has_closed_the_answering(desk: Client, of: Workshop) -> None:
    phone = factories.phone(of)
    stage = factories.opened(of, StageKind.SCALE)
    overdue(stage)
    html = page(phone, of, "phone")
    assert "Time is up" in html
    assert "This question has closed." in html
    assert "<form" not in html.split('id="main"')[1].split("<template")[0]
    assert f'data-stage="{stage.pk}-open-over"' in html
    assert "Time is up, nothing revealed" in page(desk, of)
    answer = phone.post(address("ratings:save_score", of, at=stage), {"value": "4", "text": "Typed too late"})
    assert "Typed too late" in answer.content.decode()
    desk.post(address("workshops:one_more_minute", of, at=stage))
    assert f'data-stage="{stage.pk}-open"' in page(phone, of, "phone")


def test_paused_timer_stands_still_on_every_screen(desk: Client, of: Workshop) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    set_timer(stage=stage, seconds=83, user=None)
    pause_timer(stage=stage, user=None)
    for html in (page(desk, of), page(desk, of, "wall"), page(factories.phone(of), of, "phone")):
        assert re.search(r'data-left="8[23].0" data-timer="-8[23]-False" data-paused="paused"', html)


# The blank wall


@pytest.mark.parametrize("theme", ["", "?theme=dark"])
def test_blank_wall_shows_nothing_at_all(desk: Client, of: Workshop, theme: str) -> None:
    factories.revealed(of, StageKind.SCALE)
    desk.post(address("workshops:blank", of), {"blank": "1"})
    html = desk.get(address("ratings:wall_picture", of) + theme).content.decode()
    seen = re.sub(r"<[^>]*>|The wall is blank", "", html).strip()
    assert seen == ""
    assert "<svg" not in html
    assert of.spaced_code not in html
    assert "The wall is blank" in page(desk, of)
    assert 'id="act-blank" data-key="B" aria-pressed="true"' in page(desk, of)
    desk.post(address("workshops:blank", of), {"blank": "0"})
    assert of.spaced_code in page(desk, of, "ratings:wall_picture")
    assert 'id="act-blank" data-key="B" aria-pressed="false"' in page(desk, of)


# Private: the peek


SPREADS = [StageKind.SCALE, StageKind.RAG, StageKind.PRIORITIES]


@pytest.mark.parametrize("kind", SPREADS)
def test_peek_is_closed_and_its_content_is_in_no_page_before(desk: Client, of: Workshop, kind: StageKind) -> None:
    stage = factories.opened(of, kind)
    empty = page(desk, of, "ratings:peek")
    assert "Nobody has given anything yet." in empty
    if stage.scale:
        factories.scores(of, stage.scale, 3, 9, 9)
    elif kind == StageKind.RAG:
        factories.rags(of, stage, "RGG")
    else:
        factories.imperative(of, "Unheard of before")
    assert "Nobody has given anything yet." not in page(desk, of, "ratings:peek")
    html = page(desk, of)
    assert 'id="peek"' in html
    assert "Check first that this laptop is not the one on the projector." in html
    assert "People at each score" not in html
    assert "peek-" not in html
    assert "Unheard of before" not in html


def test_there_is_nothing_to_peek_at_once_it_is_revealed(desk: Client, of: Workshop) -> None:
    factories.revealed(of, StageKind.SCALE)
    assert 'id="peek"' not in page(desk, of)
    factories.opened(of, StageKind.MAP)
    assert 'id="peek"' not in page(desk, of)
    assert "Nobody has given anything yet." in page(desk, of, "ratings:peek")


# The log


def test_log_tells_every_move_newest_first(desk: Client, other: Client, of: Workshop) -> None:
    assert "Nothing has been moved yet." in page(desk, of, "ratings:log")
    stage = factories.stage(of, StageKind.SCALE)
    desk.post(address("workshops:move_to", of, at=stage))
    desk.post(address("workshops:timer", of, at=stage), {"minutes": "1"})
    desk.post(address("workshops:blank", of), {"blank": "1"})
    other.post(address("workshops:take_over", of))
    other.post(address("workshops:reveal", of, at=stage))
    factories.opened(of, StageKind.MAP)
    rows = [re.sub(r"<[^>]*>", " ", row).split() for row in page(desk, of, "ratings:log").split("<li>")[1:]]
    told = [" ".join(row[1:]) for row in rows]
    assert [row.split(" Deliverable")[0].split(" Where")[0] for row in told] == [
        "Opened",
        "Revealed",
        "Took the controls",
        "Wall blanked",
        "Timer set",
        "Opened",
    ]
    assert told[0].endswith("not at a desk")
    assert told[1].endswith("Deliverable 1: Being at the goal Bob")
    assert told[-1].endswith("Deliverable 1: Being at the goal Ann")
    assert "Wall blanked" not in page(desk, of), "closed by default, fetched when opened"


def test_log_and_trail_say_closing_and_sealing_as_what_they_are(desk: Client, of: Workshop) -> None:
    factories.opened(of, StageKind.MAP)
    desk.post(address("workshops:move_to", of, at=factories.stage(of, StageKind.CLOSED)))
    desk.post(address("ratings:seal", of))
    file = desk.get(address("ratings:trail_file", of)).content.decode()
    for told in (page(desk, of, "ratings:log"), page(desk, of, "ratings:trail"), file):
        assert told.index("Workshop sealed") < told.index("Workshop closed") < told.index("Opened")
        assert not re.search(r">Close<|,Close,", told)


# Desks of their own


def test_lobby_shows_how_to_join(desk: Client, of: Workshop) -> None:
    html = page(desk, of)
    assert of.spaced_code in html
    assert address("workshops:qr", of) in html
    assert "Wait until the count stands still" in html


@pytest.mark.parametrize("revealed", [True, False])
def test_imperatives_are_read_at_the_desk_as_they_come_in(desk: Client, of: Workshop, revealed: bool) -> None:
    factories.imperative(of, "Teach it")
    (factories.revealed if revealed else factories.opened)(of, StageKind.IMPERATIVES)
    html = page(desk, of)
    assert "Teach it" in html.split('id="named"')[1]
    assert "(said aloud)" in html
    assert ("Read them before you reveal" in html) is not revealed


def test_ranking_is_at_the_desk_only_after_the_dots_are_revealed(desk: Client, of: Workshop) -> None:
    factories.imperative(of, "Teach it")
    factories.opened(of, StageKind.PRIORITIES)
    assert 'id="named"' not in page(desk, of)
    factories.revealed(of, StageKind.PRIORITIES)
    assert "Teach it" in page(desk, of).split('id="named"')[1]


def test_closing_is_asked_and_says_what_is_undecided(desk: Client, of: Workshop) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    factories.revealed(of, StageKind.SCALE, n=2)
    factories.comment(of, factories.scale(of), "New", state=CommentState.NEW)
    factories.comment(of, factories.scale(of), "Held", state=CommentState.HELD)
    factories.revealed(of, StageKind.PRIORITIES)
    assert f'href="{address("ratings:closing", of)}"' in page(desk, of)
    html = page(desk, of, "ratings:closing")
    assert filled(html) == ["Close the workshop now"]
    assert "1 comment to look at" in html
    assert "1 comment is held" in html
    assert "1 question was open and never revealed: Deliverable 1, Being at the goal." in html
    assert "5 questions were never open: " in html
    assert Stage.objects.get(pk=stage.pk).state == StageState.CLOSED
    of.refresh_from_db()
    assert not of.is_closed
    desk.post(address("workshops:move_to", of, at=factories.stage(of, StageKind.CLOSED)))
    html = page(desk, of)
    assert address("journal", of) in html
    assert address("ratings:journal_pdf", of) in html
    assert "Close the workshop" not in html


def test_closing_with_nothing_undecided_says_so(desk: Client, of: Workshop) -> None:
    for stage in of.stages.all():
        if stage.asks:
            Stage.objects.filter(pk=stage.pk).update(opened_at=timezone.now(), revealed_at=timezone.now())
    assert "Every comment was looked at and every question shown." in page(desk, of, "ratings:closing")


# Keys


def test_every_key_of_the_desk_is_there(desk: Client, of: Workshop) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    set_timer(stage=stage, seconds=60, user=None)
    assert sorted(re.findall(r'data-key="(.)"', page(desk, of))) == sorted("WBPRNTA")


def test_desk_reads_the_same_number_of_queries_for_any_number_of_answers(desk: Client, of: Workshop) -> None:
    factories.opened(of, StageKind.IMPERATIVES)
    counted = []
    for number in (1, 2, 3):
        factories.participant(of)
        factories.imperative(of, f"Do {number}")
        factories.comment(of, factories.scale(of), f"Said {number}")
        with CaptureQueriesContext(connection) as queries:
            page(desk, of)
        counted.append(len(queries))
    assert counted[0] == counted[1] == counted[2] < 30
