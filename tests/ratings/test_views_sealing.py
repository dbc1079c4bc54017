"""Sealing at the desk: said before, done at a press, and nothing is offered afterwards that it ended."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from ratings.authorship import signed
from ratings.deciding import hold_words
from ratings.imperatives import merge_imperatives
from ratings.models import Imperative, Vote
from ratings.rehearsal import mark_as_rehearsal
from ratings.sealing import seal_workshop
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Workshop
from workshops.sessions import open_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Return who runs the workshop."""
    return factories.facilitator()


@pytest.fixture
def of(user: User) -> Workshop:
    """Return a workshop with two imperatives that three phones placed dots on."""
    made = factories.workshop(by=user)
    rows = [factories.imperative(made, text) for text in ("Write it down", "Say it aloud")]
    for slot, row in enumerate(rows, start=1):
        for _ in range(3):
            Vote.objects.create(imperative=row, slot=slot, **signed(factories.participant(made), Vote))
    return made


@pytest.fixture
def desk(user: User) -> Client:
    """Return their browser."""
    return factories.desk(user)


def close(of: Workshop) -> None:
    """Close a workshop now."""
    open_stage(stage=factories.stage(of, StageKind.CLOSED), user=None)
    of.refresh_from_db()


def page(desk: Client, name: str, of: Workshop) -> str:
    """Return a page's text, spaces made one."""
    return re.sub(r"\s+", " ", desk.get(address(name, of)).content.decode())


def test_closing_page_says_how_long_it_can_be_undone_and_what_comes_then(desk: Client, of: Workshop) -> None:
    said = page(desk, "ratings:closing", of)
    assert "For 30 minutes you can open it again" in said
    assert "Then it is sealed for good" in said


def test_closed_desk_says_when_it_will_be_sealed_and_seals_at_a_press(desk: Client, of: Workshop) -> None:
    assert address("ratings:seal", of) not in page(desk, "desk", of)
    close(of)
    at = timezone.localtime(of.closed_at or timezone.now()) + timedelta(minutes=30)
    said = page(desk, "desk", of)
    assert f"At {at:%H:%M} on" in said
    assert address("ratings:seal", of) in said
    assert "It cannot be undone" in page(desk, "ratings:seal", of)
    assert not Workshop.objects.get(pk=of.pk).is_sealed
    assert desk.post(address("ratings:seal", of)).headers["Location"] == address("desk", of)
    sealed = page(desk, "desk", of)
    assert f"Sealed on {timezone.localdate():%-d %B %Y}" in sealed
    assert "Go to another stage" not in sealed
    assert 'id="act-back"' not in sealed
    assert address("ratings:seal", of) not in sealed
    assert "Sealed</td>" in desk.get("/desk/").content.decode()
    assert '<td class="num is-extra">6</td>' in desk.get("/desk/").content.decode()
    assert "Workshop sealed" in desk.get(address("ratings:log", of)).content.decode()


def test_desk_says_why_a_workshop_is_not_sealed_by_itself(desk: Client, of: Workshop) -> None:
    of.participants.all().delete()
    close(of)
    assert "No phone joined, so it is not sealed by itself" in page(desk, "desk", of)
    mark_as_rehearsal(workshop=of, token=factories.participant(of).token)
    assert "It was only rehearsed, so it is not sealed by itself" in page(desk, "desk", of)


def test_what_is_pressed_too_late_is_refused_with_a_sentence(desk: Client, of: Workshop) -> None:
    assert "Close the workshop first" in desk.post(address("ratings:seal", of)).content.decode()
    close(of)
    seal_workshop(workshop=of)
    for name in ("workshops:move_to", "ratings:add_aloud", "ratings:paper", "ratings:seal"):
        answer = desk.post(address(name, of))
        assert answer.status_code == 409, name
        assert "This workshop is sealed: what was said stays as it is." in answer.content.decode(), name


def test_imperatives_with_dots_are_neither_merged_nor_parted_and_the_page_says_why(desk: Client, of: Workshop) -> None:
    first, second = Imperative.objects.filter(workshop=of)
    merge_imperatives(leading=first, others=[second])
    close(of)
    assert "Stand alone again" in page(desk, "ratings:imperatives", of)
    seal_workshop(workshop=of)
    said = page(desk, "ratings:imperatives", of)
    assert "This workshop is sealed, so nothing can be merged or parted" in said
    assert not re.search("Stand alone again|Merge the ticked ones|This wording stands", said)
    first, second = Imperative.objects.get(text=first.text), Imperative.objects.get(text=second.text)
    refused = desk.post(address("ratings:merge", of), {"leading": first.pk, "others": [second.pk]})
    assert "what was said stays as it is" in refused.content.decode()
    desk.post(address("ratings:part", of, imperative_id=second.pk))
    assert Imperative.objects.get(text="Say it aloud").merged_into == first


@pytest.mark.parametrize("name", ["ratings:imperative", "ratings:decide_imperative", "ratings:part", "ratings:action"])
def test_imperative_that_got_another_id_leads_back_to_the_list_which_says_why(
    name: str, desk: Client, of: Workshop
) -> None:
    old = address(name, of, imperative_id=Imperative.objects.all()[0].pk)
    close(of)
    seal_workshop(workshop=of)
    method = "GET" if name == "ratings:imperative" else "POST"
    answer = desk.generic(method, old)
    assert answer.headers["Location"] == address("ratings:imperatives", of) + "?sealed=1"
    assert "the workshop was sealed meanwhile" in desk.get(answer.headers["Location"]).content.decode()


def test_comment_that_got_another_id_leads_back_to_the_list_unless_a_part_of_a_page_asks(
    desk: Client, of: Workshop
) -> None:
    old = factories.comment(of, factories.scale(of), "Words")
    paths = [address(name, of, comment_id=old.pk) for name in ("ratings:decide", "ratings:comment")]
    close(of)
    seal_workshop(workshop=of)
    answer = desk.post(paths[0], {"do": "hold"})
    assert answer.headers["Location"] == address("ratings:comments", of) + "?sealed=1"
    assert "Press again" in desk.get(answer.headers["Location"]).content.decode()
    assert desk.post(paths[0], headers={"HX-Request": "true", "HX-Boosted": "true"}).status_code == 302
    assert desk.get(paths[1], headers={"HX-Request": "true"}).status_code == 404


def test_log_of_decisions_says_the_day_alone_afterwards(desk: Client, of: Workshop) -> None:
    hold_words(words=Imperative.objects.all()[0], user=None)
    close(of)
    today = timezone.localdate()
    assert re.search(rf"{today}, ?\d\d:|{today} \d\d:\d\d", page(desk, "ratings:decision_log", of))
    seal_workshop(workshop=of)
    log = page(desk, "ratings:decision_log", of)
    assert str(today) in log
    assert not re.search(r"\d\d:\d\d", log)
    assert not re.search(r"\d\d:\d\d: <strong>Held", page(desk, "ratings:imperatives", of))
