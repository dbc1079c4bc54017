"""Dots and merges that meet an imperative which is removed, kept back or merged in the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from ratings.choices import CommentState, Reason
from ratings.deciding import hold_words
from ratings.imperatives import (
    ImperativeGone,
    merge_imperatives,
    place_votes,
)
from ratings.models import Imperative, Vote
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

WHY = str(Reason.PERSON.label)
ALIKE = ("Meet every month with the partners", "A meeting every month with partners", "Meet the partners every month")


@pytest.fixture
def ann() -> User:
    return factories.facilitator("ann")


@pytest.fixture
def desk(ann: User) -> Client:
    return factories.desk(ann)


@pytest.fixture
def of(ann: User) -> Workshop:
    return factories.workshop(by=ann)


def named(of: Workshop, *texts: str) -> list[Imperative]:
    return [factories.imperative(of, text) for text in texts]


class Removing:
    """An execute wrapper that removes imperatives once the form was checked: as the save locks its stage or rows."""

    def __init__(self, marker: str) -> None:
        self.marker, self.done = marker, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.done and self.marker in sql and "SELECT" in sql:
            self.done = True
            Imperative.objects.all().delete()
        return execute(sql, params, many, context)


@pytest.mark.parametrize("script", [True, False])
def test_vote_on_an_imperative_removed_between_check_and_save_is_a_sentence(of: Workshop, script: bool) -> None:
    (row,) = named(of, "Do it")
    phone = factories.phone(of)
    stage = factories.opened(of, StageKind.PRIORITIES)
    headers = {"HX-Request": "true"} if script else {}
    removing = Removing('ORDER BY "workshops_stage"."position"')
    with connection.execute_wrapper(removing):
        answer = phone.post(address("ratings:save_votes", of), {"imperative": [row.pk]}, headers=headers)
    assert removing.done
    assert answer.status_code == 200
    assert "One of these is no longer in the list. Look at the list again." in answer.content.decode()
    assert answer.headers.get("Midpoint-Answer") == ("refused" if script else None)
    assert not Vote.objects.exists()
    assert stage.is_open


def test_vote_on_an_imperative_kept_back_or_merged_meanwhile_is_refused_and_changes_no_dot(of: Workshop) -> None:
    first, second, third = named(of, "One", "Two", "Three")
    factories.opened(of, StageKind.PRIORITIES)
    phone = factories.participant(of)
    place_votes(participant=phone, imperatives=[third])
    hold_words(words=first, user=None)
    merge_imperatives(leading=third, others=[second])
    for gone in (first, second):
        with pytest.raises(ImperativeGone):
            place_votes(participant=phone, imperatives=[third, gone])
    assert list(Vote.objects.values_list("imperative", flat=True)) == [third.pk]


def test_dot_on_a_kept_imperative_stays_while_it_is_not_needed(of: Workshop) -> None:
    rows = named(of, "One", "Two", "Three", "Four")
    factories.opened(of, StageKind.PRIORITIES)
    phone = factories.participant(of)
    place_votes(participant=phone, imperatives=rows[:3])
    hold_words(words=rows[0], user=None)
    place_votes(participant=phone, imperatives=[rows[1]])
    assert set(Vote.objects.values_list("imperative", flat=True)) == {rows[0].pk, rows[1].pk}
    place_votes(participant=phone, imperatives=rows[1:])
    assert set(Vote.objects.values_list("imperative", flat=True)) == {row.pk for row in rows[1:]}


def test_merge_with_a_leader_that_is_gone_is_a_sentence(of: Workshop, desk: Client) -> None:
    first, second = named(of, "One", "Two")
    removing = Removing('ratings_imperative"."state" IN')
    Imperative.objects.filter(pk=first.pk).update(state=CommentState.HELD)
    with pytest.raises(ImperativeGone):
        merge_imperatives(leading=first, others=[second])
    Imperative.objects.update(state=CommentState.NEW)
    sent = {"leading": first.pk, "others": [second.pk]}
    with connection.execute_wrapper(removing):
        answer = desk.post(address("ratings:merge", of), sent)
    assert answer.status_code == 200
    assert "One of these is no longer in the list." in answer.content.decode()
