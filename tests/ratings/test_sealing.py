"""Sealing: afterwards nobody can tell whose answers are whose, from the database and its files neither."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from eip2review.examples import load_example
from ratings.aloud import add_comment, add_imperative, count_rags, count_scores, count_votes, opened_stages
from ratings.authorship import signed
from ratings.choices import Asked, Source
from ratings.deciding import hold_words, show_words
from ratings.imperatives import merge_imperatives, part_imperative, plan_action, rank_imperatives
from ratings.journal.build import build_journal
from ratings.models import Action, Comment, Imperative, RagRating, Score, Theme, Vote, WordsDecision
from ratings.rehearsal import mark_as_rehearsal, remove_rehearsal
from ratings.sealing import NotClosed, due_workshops, seal_due, seal_workshop
from ratings.showing import show_dots
from ratings.tallies import tally_stage
from tests import factories
from workshops.choices import Move, StageKind
from workshops.joining import count_people
from workshops.models import Participant, StageMove, Workshop
from workshops.sessions import Sealed, open_stage

pytestmark = pytest.mark.django_db

ANSWERS: list[type[Any]] = [Score, Comment, RagRating, Imperative, Vote]


def rows_of(of: Workshop, model: type[Any]) -> Any:
    """Return a workshop's answers of one kind, in the order of their ids."""
    return model.objects.filter(**{"imperative__workshop" if model is Vote else "workshop": of}).order_by("pk")


def close(of: Workshop, *, minutes: int = 0) -> Workshop:
    """Close a workshop, so many minutes ago; return it as it is then."""
    open_stage(stage=factories.stage(of, StageKind.CLOSED), user=None)
    Workshop.objects.filter(pk=of.pk).update(closed_at=timezone.now() - timedelta(minutes=minutes))
    of.refresh_from_db()
    return of


def answer(of: Workshop, people: int = 12) -> list[Participant]:
    """Let people of two groups answer it all, one after the other: the value of each answer says who gave it when."""
    groups = list(of.groups.all())
    phones = []
    for n in range(people):
        phone = factories.participant(of)
        phone.group = groups[n % 2]
        phone.save()
        phones.append(phone)
        for at in (1, 2):
            scale = factories.scale(of, n=at)
            Score.objects.create(workshop=of, scale=scale, value=n % 11, **signed(phone, Score, scale.pk))
            said = f"{at} was said by {n:02}"
            by = signed(phone, Comment, scale.pk, Asked.WHY)
            Comment.objects.create(workshop=of, scale=scale, text=said, position=(n * 7) % people, **by)
        rated = of.edition.deliverables.all()[0]
        RagRating.objects.create(
            workshop=of, deliverable=rated, value="RAG"[n % 3], **signed(phone, RagRating, rated.pk)
        )
        named = []
        for slot in (1, 2):
            imperative = Imperative.objects.create(
                workshop=of, text=f"Do {slot} of {n:02}", slot=slot, position=2 * n + slot, **signed(phone, Imperative)
            )
            imperative.deliverables.set([rated])
            named.append(imperative)
        for slot, imperative in enumerate(named, start=1):
            Vote.objects.create(imperative=imperative, slot=slot, **signed(phone, Vote))
    return phones


@pytest.fixture
def of() -> Workshop:
    """Return a workshop of two groups that is under way and has been answered."""
    made = factories.workshop(groups=("Early help", "Duty"))
    factories.opened(made, StageKind.SCALE)
    return made


def test_authors_participants_and_tokens_go_and_what_was_said_stays_with_its_group(of: Workshop) -> None:
    answer(of)
    said = {
        model: Counter((str(row), row.group_id, row.source) for row in rows_of(of, model))
        for model in (Score, Comment, RagRating, Imperative)
    }
    dots = Counter((row.imperative.text, row.group_id) for row in rows_of(of, Vote))
    assert seal_workshop(workshop=close(of))
    for model in ANSWERS:
        assert set(rows_of(of, model).values_list("author", flat=True)) == {None}
    for model, before in said.items():
        assert Counter((str(row), row.group_id, row.source) for row in rows_of(of, model)) == before
    assert Counter((row.imperative.text, row.group_id) for row in rows_of(of, Vote)) == dots
    assert not of.participants.exists()
    assert set(rows_of(of, Imperative).values_list("slot", flat=True)) == {1}
    assert set(rows_of(of, Vote).values_list("slot", flat=True)) == {None}
    assert of.sealed_on == timezone.localdate()


def test_ids_are_new_and_their_order_is_not_that_of_saving(of: Workshop) -> None:
    answer(of, 24)
    before = {model: [row.pk for row in rows_of(of, model)] for model in ANSWERS}
    words = {model: [row.text for row in rows_of(of, model)] for model in (Comment, Imperative)}
    through = Imperative.deliverables.through.objects
    tied = list(through.order_by("pk").values_list("imperative__text", flat=True))
    seal_workshop(workshop=close(of))
    for model in ANSWERS:
        assert len(rows_of(of, model)) == len(before[model])
        assert not {row.pk for row in rows_of(of, model)} & set(before[model])
    for model in (Comment, Imperative):
        now = [row.text for row in rows_of(of, model)]
        assert now != words[model]
        assert sorted(now) == sorted(words[model])
    now = list(through.order_by("pk").values_list("imperative__text", flat=True))
    assert now != tied
    assert sorted(now) == sorted(tied)


def test_what_points_to_words_follows_them(of: Workshop) -> None:
    answer(of, 4)
    first, second, third = rows_of(of, Imperative)[:3]
    comment = rows_of(of, Comment)[2]
    comment.theme = Theme.objects.create(workshop=of, deliverable=comment.scale.deliverable, name="Time")
    comment.save()
    merge_imperatives(leading=first, others=[third])
    plan_action(imperative=first, owner="Director", due=None)
    hold_words(words=second, user=None)
    show_words(words=comment, user=None)
    seal_workshop(workshop=close(of))
    leading = Imperative.objects.get(text=first.text)
    assert [other.text for other in leading.merged.all()] == [third.text]
    assert Action.objects.get().imperative == leading
    assert list(leading.deliverables.all()) == [of.edition.deliverables.all()[0]]
    decided = {row.comment or row.imperative for row in WordsDecision.objects.all()}
    assert {str(row) for row in decided} == {second.text, comment.text}
    assert Theme.objects.get().comments.get().text == comment.text
    assert Imperative.objects.get(text=second.text).state == "held"


def test_printing_order_stays(of: Workshop) -> None:
    answer(of)
    before = [str(row) for row in Comment.objects.filter(workshop=of, scale=factories.scale(of))]
    seal_workshop(workshop=close(of))
    assert [str(row) for row in Comment.objects.filter(workshop=of, scale=factories.scale(of))] == before


def test_decisions_keep_their_order_for_each_comment_and_lose_their_time(of: Workshop) -> None:
    answer(of)
    comments = list(rows_of(of, Comment))
    for comment in comments:
        hold_words(words=comment, user=None)
    for comment in comments:
        show_words(words=Comment.objects.get(pk=comment.pk), user=None)
    about = [str(row.comment) for row in WordsDecision.objects.order_by("pk")]
    seal_workshop(workshop=close(of))
    now = list(WordsDecision.objects.order_by("pk"))
    assert [str(row.comment) for row in now] != about
    for comment in Comment.objects.filter(workshop=of):
        assert list(comment.decisions.order_by("pk").values_list("decision", flat=True)) == ["hold", "show"]
    assert {timezone.localtime(row.at).time().isoformat() for row in now} == {"00:00:00"}
    assert {timezone.localtime(row.at).date() for row in now} == {timezone.localdate()}


def test_nothing_of_another_workshop_changes(of: Workshop) -> None:
    other = factories.workshop(groups=("A", "B"))
    answer(other, 3)
    answer(of, 3)
    kinds: list[type[Any]] = [*ANSWERS, Participant]
    before = {model: list(rows_of(other, model).values()) for model in kinds}
    seal_workshop(workshop=close(of))
    assert {model: list(rows_of(other, model).values()) for model in kinds} == before


def test_second_dot_of_a_person_on_what_was_merged_is_not_counted_after_sealing(of: Workshop) -> None:
    answer(of, 2)
    first, second, third, _fourth = rows_of(of, Imperative)
    merge_imperatives(leading=first, others=[second, third])
    Vote.objects.create(imperative=second, source=Source.PAPER)
    before = [(row.imperative.text, row.votes, row.entered) for row in rank_imperatives(of, show_dots(of))]
    assert before[0] == (first.text, 3, 1)
    seal_workshop(workshop=close(of))
    assert [(row.imperative.text, row.votes, row.entered) for row in rank_imperatives(of, show_dots(of))] == before
    assert Vote.objects.count() == 4


def test_dot_on_what_is_printed_is_kept_before_one_on_what_is_not(of: Workshop) -> None:
    answer(of, 1)
    first, second = rows_of(of, Imperative)
    merge_imperatives(leading=second, others=[first])
    hold_words(words=first, user=None)
    seal_workshop(workshop=close(of))
    assert [row.imperative.text for row in rows_of(of, Vote)] == [second.text]


def test_nothing_is_merged_or_parted_afterwards_where_phones_placed_dots(of: Workshop) -> None:
    answer(of, 2)
    first, second, third, fourth = rows_of(of, Imperative)
    merge_imperatives(leading=first, others=[second])
    Vote.objects.filter(imperative__in=[third, fourth]).delete()
    seal_workshop(workshop=close(of))
    first, second, third, fourth = (Imperative.objects.get(text=row.text) for row in (first, second, third, fourth))
    with pytest.raises(Sealed):
        merge_imperatives(leading=third, others=[first])
    with pytest.raises(Sealed):
        part_imperative(imperative=second)
    merge_imperatives(leading=third, others=[fourth])
    part_imperative(imperative=Imperative.objects.get(pk=fourth.pk))


def test_sealed_workshop_takes_nothing_and_does_not_open_again(of: Workshop) -> None:
    answer(of, 2)
    seal_workshop(workshop=close(of))
    scale, named = factories.scale(of), rows_of(of, Imperative)[0]
    before = {model: rows_of(of, model).count() for model in ANSWERS}
    stale = Workshop.objects.get(pk=of.pk)
    stale.sealed_on = None
    with pytest.raises(Sealed):
        add_comment(workshop=stale, scale=scale, text="Late", source=Source.ALOUD)
    with pytest.raises(Sealed):
        add_imperative(workshop=stale, text="Late", source=Source.ALOUD)
    with pytest.raises(Sealed):
        count_scores(workshop=stale, scale=scale, counts={3: 4})
    with pytest.raises(Sealed):
        count_rags(workshop=stale, stage=factories.stage(of, StageKind.RAG), counts={"R": 1})
    with pytest.raises(Sealed):
        count_votes(workshop=stale, counts={named.pk: 4})
    for stage in of.stages.exclude(kind=StageKind.CLOSED):
        with pytest.raises(Sealed):
            open_stage(stage=stage, user=None)
    assert opened_stages(of) == []
    assert {model: rows_of(of, model).count() for model in ANSWERS} == before
    assert Workshop.objects.get(pk=of.pk).is_closed


def test_open_workshop_is_not_sealed_and_a_sealed_one_not_again(of: Workshop) -> None:
    answer(of, 2)
    with pytest.raises(NotClosed):
        seal_workshop(workshop=of)
    assert of.participants.count() == 2
    user = factories.facilitator()
    assert seal_workshop(workshop=close(of), user=user)
    ids = [row.pk for row in rows_of(of, Score)]
    assert not seal_workshop(workshop=of, user=None)
    assert [row.pk for row in rows_of(of, Score)] == ids
    assert StageMove.objects.get(stage__workshop=of, move=Move.SEAL).user == user


def test_people_are_counted_as_before(of: Workshop) -> None:
    answer(of, 5)
    close(of)
    closing = factories.stage(of, StageKind.CLOSED)
    before = tally_stage(of, closing)
    seal_workshop(workshop=of)
    assert count_people(of) == 5
    assert tally_stage(of, closing) == before
    assert count_people(Workshop.objects.get(pk=of.pk)) == 5


@pytest.mark.parametrize(("minutes", "due"), [(29, False), (30, True), (31, True)])
def test_workshop_is_due_when_it_was_closed_long_enough(minutes: int, due: bool, of: Workshop) -> None:
    answer(of, 1)
    close(of, minutes=minutes)
    assert list(due_workshops()) == [of] * due
    assert seal_due() == [of] * due
    assert list(due_workshops()) == []


@pytest.mark.parametrize(
    ("days", "paced", "forgotten"), [(14, None, False), (15, None, True), (15, 14, False), (30, 15, True)]
)
def test_workshop_that_nobody_closed_is_closed_after_two_weeks_and_then_sealed(
    days: int, paced: int | None, forgotten: bool, of: Workshop
) -> None:
    answer(of, 1)
    today = timezone.localdate()
    until = None if paced is None else today - timedelta(days=paced)
    Workshop.objects.filter(pk=of.pk).update(date=today - timedelta(days=days), self_paced_until=until)
    assert seal_due() == []
    assert not Workshop.objects.get(pk=of.pk).is_closed, "its stages are moved, so its date is mistaken"
    StageMove.objects.filter(stage__workshop=of).update(at=timezone.now() - timedelta(days=15))
    assert seal_due() == []
    of.refresh_from_db()
    assert of.is_closed is forgotten
    assert not of.is_sealed
    if forgotten:
        close(of, minutes=31)
        assert seal_due() == [of]


def test_workshop_that_nobody_answered_waits_to_be_run_however_old_its_date_is(of: Workshop) -> None:
    Workshop.objects.filter(pk=of.pk).update(date=timezone.localdate() - timedelta(days=100))
    mark_as_rehearsal(workshop=of, token=factories.participant(of).token)
    factories.participant(of)
    Score.objects.create(workshop=of, scale=factories.scale(of), value=3, source=Source.PLAYED)
    assert seal_due() == []
    assert not Workshop.objects.get(pk=of.pk).is_closed


def test_delay_is_a_setting(of: Workshop, settings: Any) -> None:
    answer(of, 1)
    close(of, minutes=5)
    settings.SEAL_AFTER = 5
    assert list(due_workshops()) == [of]


def test_workshop_that_was_only_rehearsed_or_that_nobody_joined_can_still_be_run(of: Workshop) -> None:
    close(of, minutes=100)
    assert seal_due() == []
    phone = factories.participant(of)
    mark_as_rehearsal(workshop=of, token=phone.token)
    assert seal_due() == []
    open_stage(stage=factories.stage(of, StageKind.SCALE), user=None)
    assert not Workshop.objects.get(pk=of.pk).is_closed


def test_rehearsal_that_was_forgotten_can_be_removed_after_sealing(of: Workshop) -> None:
    person, played = answer(of, 2)
    mark_as_rehearsal(workshop=of, token=played.token)
    for model in ANSWERS:
        rows_of(of, model).filter(author__in=_authors(of, played)).update(source=Source.PLAYED)
    seal_workshop(workshop=close(of))
    assert (count_people(of), build_journal(of).is_rehearsal) == (2, True)
    removed = remove_rehearsal(workshop=of)
    assert (removed.people, removed.scores, removed.comments, removed.imperatives) == (1, 2, 2, 2)
    of.refresh_from_db()
    assert (count_people(of), build_journal(of).is_rehearsal) == (1, False)
    assert remove_rehearsal(workshop=of).people == 0
    assert person.group_id == rows_of(of, Score)[0].group_id


def _authors(of: Workshop, phone: Participant) -> set[str]:
    scales = [factories.scale(of, n=n).pk for n in (1, 2)]
    rated = of.edition.deliverables.all()[0]
    return {
        *(signed(phone, Score, scale)["author"] for scale in scales),
        *(signed(phone, Comment, scale, Asked.WHY)["author"] for scale in scales),
        signed(phone, RagRating, rated.pk)["author"],
        signed(phone, Imperative)["author"],
        signed(phone, Vote)["author"],
    }


def test_example_and_what_is_imported_are_sealed_at_once() -> None:
    closed, ready = load_example(facilitator=factories.facilitator())
    assert (closed.is_sealed, ready.is_sealed) == (True, False)
    assert not closed.participants.exists()
    assert count_people(closed) > 20


def seal_command(**options: Any) -> str:
    """Run the command and return what it prints."""
    out = StringIO()
    call_command("seal_due", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_command_says_what_it_seals_and_can_be_run_again(of: Workshop) -> None:
    assert seal_command() == "Nothing is due.\n"
    answer(of, 1)
    with pytest.raises(CommandError, match="is not closed"):
        seal_command(code=of.code)
    close(of, minutes=31)
    assert seal_command(dry_run=True) == f"due     {of.code}  {of}\n"
    assert not Workshop.objects.get(pk=of.pk).is_sealed
    assert seal_command() == f"sealed  {of.code}  {of}\n"
    assert Workshop.objects.get(pk=of.pk).is_sealed
    assert seal_command(code=of.code) == f"was sealed before  {of.code}  {of}\n"
    with pytest.raises(CommandError, match="No workshop has the code 000000"):
        seal_command(code="000000")
    old = factories.workshop(groups=("A", "B"))
    answer(old, 1)
    Workshop.objects.filter(pk=old.pk).update(date=timezone.localdate() - timedelta(days=15))
    old.refresh_from_db()
    assert seal_command(dry_run=True) == f"to close {old.code}  {old}\nNothing is due.\n"
    assert seal_command() == f"closed  {old.code}  {old}\nNothing is due.\n"


@pytest.mark.parametrize("people", [1, 6])
def test_sealing_takes_few_queries(people: int, of: Workshop, django_assert_max_num_queries: Any) -> None:
    answer(of, people)
    close(of)
    with django_assert_max_num_queries(85 if connection.vendor == "sqlite" else 105):
        seal_workshop(workshop=of)
