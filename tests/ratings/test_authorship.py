"""Whose answer it is: found by the phone that gave it, and by nobody who has the database alone."""

from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from ratings.authorship import author_of, signed
from ratings.choices import Asked, Source
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.models.answer import Answer
from ratings.rehearsal import mark_as_rehearsal
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db

ANSWERS: list[type[Any]] = [Score, Comment, RagRating, Imperative, Vote]


def test_these_are_all_answers_there_are() -> None:
    assert {model for model in apps.get_models() if issubclass(model, Answer)} == set(ANSWERS)


def answer_everything(of: Workshop, phone: Client) -> None:
    """Answer every question of a workshop on a phone, what one point higher would look like among them."""
    for n in range(1, 5):
        scale = factories.opened(of, StageKind.SCALE, n=n).scale_id
        phone.post(address("ratings:save_score", of, scale_id=scale), {"value": str(n), "text": f"Words {n}"})
        factories.revealed(of, StageKind.SCALE, n=n)
        phone.post(address("ratings:save_higher", of, scale_id=scale), {"higher": f"Higher {n}"})
    for n in (1, 2):
        rated = factories.opened(of, StageKind.RAG, n=n).deliverable_id
        phone.post(address("ratings:save_rag", of, deliverable_id=rated), {"value": "A"})
    factories.opened(of, StageKind.IMPERATIVES)
    phone.post(address("ratings:save_imperatives", of), {"text_1": "First", "text_2": "Second"})
    factories.opened(of, StageKind.PRIORITIES)
    listed = [str(row.pk) for row in Imperative.objects.filter(workshop=of)]
    phone.post(address("ratings:save_votes", of), {"imperative": listed[:2]})


def authors() -> list[str]:
    """Return the author of every answer there is."""
    return [author for model in ANSWERS for author in model.objects.values_list("author", flat=True)]


@pytest.fixture
def of() -> Workshop:
    """Return a workshop in which every question can be asked."""
    return factories.workshop(groups=("Early help", "Duty"), asks_higher=True)


def test_each_question_has_an_author_of_its_own(of: Workshop) -> None:
    answer_everything(of, factories.phone(of))
    times = Counter(authors())
    # four scores, four comments, four of one point higher, two ratings; one author for imperatives, one for dots
    assert sorted(times.values()) == [1] * 14 + [2, 2]


def test_two_phones_share_no_author(of: Workshop) -> None:
    first, second = factories.participant(of), factories.participant(of)
    scale = factories.scale(of).pk
    assert author_of(first, Score, scale) == author_of(first, Score, scale)
    assert author_of(first, Score, scale) != author_of(second, Score, scale)


def test_author_differs_by_kind_scale_question_and_workshop(of: Workshop) -> None:
    phone, scale, other = factories.participant(of), factories.scale(of).pk, factories.scale(of, n=2).pk
    elsewhere = factories.participant(factories.workshop())
    elsewhere.token = phone.token
    every = {
        author_of(phone, Score, scale),
        author_of(phone, Score, other),
        author_of(phone, Comment, scale, Asked.WHY),
        author_of(phone, Comment, scale, Asked.HIGHER),
        author_of(phone, RagRating, scale),
        author_of(phone, Imperative),
        author_of(phone, Vote),
        author_of(elsewhere, Vote),
    }
    assert len(every) == 8
    assert all(len(author) == 64 and set(author) <= set("0123456789abcdef") for author in every)


def test_participant_without_its_token_has_no_author(of: Workshop) -> None:
    phone = factories.participant(of)
    with pytest.raises(ValueError, match="only a phone's own request"):
        author_of(Participant.objects.get(pk=phone.pk), Score, 1)


def test_no_column_leads_from_an_answer_to_a_phone(of: Workshop) -> None:
    """Neither a foreign key nor a value in common; the group is the only thing that both have."""
    phone = factories.phone(of)
    answer_everything(of, phone)
    for model in ANSWERS:
        related = {field.related_model for field in model._meta.get_fields() if field.related_model}
        assert Participant not in related
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM workshops_participant")
        of_phones = {str(value) for row in cursor.fetchall() for value in row if len(str(value)) > 9}
    assert of_phones
    assert not of_phones & set(authors())
    token = factories.holder(phone, of).token
    assert token not in of_phones | set(authors())


def test_group_is_copied_and_stays_when_it_is_gone_from_the_phone(of: Workshop) -> None:
    group = of.groups.all()[1]
    phone = factories.phone(of)
    of.participants.update(group=group)
    answer_everything(of, phone)
    of.participants.all().delete()
    assert [set(model.objects.values_list("group", flat=True)) for model in ANSWERS] == [{group.pk}] * 5


def test_group_that_is_deleted_leaves_the_answers(of: Workshop) -> None:
    phone = factories.participant(of)
    phone.group = of.groups.all()[0]
    Vote.objects.create(imperative=factories.imperative(of, "Do it"), slot=1, **signed(phone, Vote))
    phone.group.delete()
    assert Vote.objects.get().group is None


def test_what_a_played_phone_answers_is_marked(of: Workshop) -> None:
    phone = factories.phone(of)
    assert mark_as_rehearsal(workshop=of, token=factories.holder(phone, of).token)
    answer_everything(of, phone)
    assert [set(model.objects.values_list("source", flat=True)) for model in ANSWERS] == [{Source.PLAYED}] * 5
    assert authors()
