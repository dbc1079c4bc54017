"""Answers and moves that meet in the database at the same moment: only a database with several writers can show it."""

from collections.abc import Callable

import pytest
from django.db import connection

from ratings.authorship import author_of, signed
from ratings.imperatives import ImperativeAnswer, ImperativeGone, place_votes, record_imperatives
from ratings.models import Imperative, Score, Vote
from ratings.rehearsal import Removed, remove_rehearsal
from ratings.scoring import record_score
from ratings.summaries import summarise_scale
from tests import factories
from tests.at_once import at_once
from workshops.choices import Move, StageKind, StageState
from workshops.joining import join_workshop, new_ticket
from workshops.models import Edition, Participant, StageMove
from workshops.reviewing import write_review
from workshops.sessions import IllegalMove, StageClosed, open_stage, reveal_stage, take_down

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture(autouse=True)
def _several_writers(transactional_db: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: DATABASE_URL names no database where two can meet")


@pytest.mark.parametrize("move", [Move.REVEAL, Move.OPEN])
def test_answers_sent_while_the_stage_closes_are_counted_or_refused(move: Move) -> None:
    for _ in range(ROUNDS):
        of = factories.workshop(deliverables=1)
        phones = [factories.participant(of) for _ in range(6)]
        stage = factories.opened(of, StageKind.SCALE)
        assert stage.scale is not None
        scale, after = stage.scale, factories.stage(of, StageKind.RAG)

        def close() -> int:
            if move == Move.REVEAL:
                reveal_stage(stage=stage, user=None)  # noqa: B023 (it runs within this round)
            else:
                open_stage(stage=after, user=None)  # noqa: B023
            return summarise_scale(of, scale).answers  # noqa: B023

        def save(phone: Participant) -> Callable[[], object]:
            return lambda: record_score(participant=phone, scale=scale, value=7, text="Words")  # noqa: B023

        seen, *saves = at_once(close, *map(save, phones))
        confirmed = [outcome for outcome in saves if outcome == stage]
        refused = [outcome for outcome in saves if isinstance(outcome, StageClosed)]
        assert len(confirmed) + len(refused) == 6, "".join(map(str, [seen, *saves]))
        assert Score.objects.filter(workshop=of).count() == len(confirmed)
        assert seen == len(confirmed), "the room saw fewer answers than were confirmed"


def test_two_moves_at_once_leave_one_current_stage_and_are_both_recorded() -> None:
    for _ in range(ROUNDS):
        of = factories.workshop(deliverables=1)
        stages = [factories.stage(of, kind) for kind in (StageKind.RAG, StageKind.MAP, StageKind.IMPERATIVES)]
        acts = [lambda stage=stage: open_stage(stage=stage, user=None) for stage in stages]
        assert at_once(*acts) == [None, None, None]
        assert of.stages.filter(state__in=[StageState.OPEN, StageState.REVEALED]).count() == 1
        assert set(StageMove.objects.filter(stage__workshop=of).values_list("stage", flat=True)) == {
            stage.pk for stage in stages
        }


def test_revealing_twice_at_once_is_one_move() -> None:
    of = factories.workshop(deliverables=1)
    stage = factories.opened(of, StageKind.SCALE)
    assert at_once(*[lambda: reveal_stage(stage=stage, user=None)] * 4) == [None] * 4
    assert StageMove.objects.filter(stage=stage, move=Move.REVEAL).count() == 1


def test_revealing_and_going_on_at_once_end_in_one_of_two_orders() -> None:
    for _ in range(ROUNDS):
        of = factories.workshop(deliverables=1)
        stage, after = factories.opened(of, StageKind.SCALE), factories.stage(of, StageKind.RAG)
        shown, went = at_once(
            lambda: reveal_stage(stage=stage, user=None),  # noqa: B023
            lambda: open_stage(stage=after, user=None),  # noqa: B023
        )
        stage.refresh_from_db()
        assert went is None
        assert stage.state == StageState.CLOSED
        assert isinstance(shown, IllegalMove) is (stage.revealed_at is None)


def test_review_written_while_a_colleague_opens_one_of_its_stages_is_planned_anew_or_kept() -> None:
    for _ in range(ROUNDS):
        of = factories.workshop(deliverables=1)
        review, stage = of.edition.review, factories.stage(of, StageKind.SCALE)
        words = {"title": "Half way", "imperative_question": "What next?"}
        rows = [factories.deliverable_row("Plans"), factories.deliverable_row("Visits")]
        written, opened = at_once(
            lambda: write_review(owner=None, review=review, edition=words, deliverables=rows),  # noqa: B023
            lambda: open_stage(stage=stage, user=None),  # noqa: B023
        )
        assert isinstance(written, Edition), written
        assert opened is None or isinstance(opened, IllegalMove), opened
        assert written.number == (2 if opened is None else 1)


def test_answer_sent_twice_at_once_counts_once_and_the_tabs_agree() -> None:
    of = factories.workshop(deliverables=1)
    phone = factories.participant(of)
    stage = factories.opened(of, StageKind.SCALE)
    assert stage.scale is not None
    scale = stage.scale
    acts = [lambda value=value: record_score(participant=phone, scale=scale, value=value) for value in range(4)]
    assert at_once(*acts) == [stage] * 4
    assert Score.objects.get(author=author_of(phone, Score, factories.scale(of).pk)).value in range(4)


def test_imperatives_sent_twice_at_once_count_once() -> None:
    of = factories.workshop(deliverables=1)
    phone = factories.participant(of)
    stage = factories.opened(of, StageKind.IMPERATIVES)
    answers = [ImperativeAnswer("First", of.edition.deliverables.all()), ImperativeAnswer("Second")]
    assert at_once(*[lambda: record_imperatives(participant=phone, answers=answers)] * 3) == [stage] * 3
    assert sorted(row.text for row in Imperative.objects.filter(author=author_of(phone, Imperative))) == [
        "First",
        "Second",
    ]


def test_joining_twice_at_once_joins_once_also_while_the_stage_moves() -> None:
    of = factories.workshop(deliverables=1)
    ticket = new_ticket()
    join = [lambda: join_workshop(workshop=of, ticket=ticket)] * 3
    stage = factories.opened(of, StageKind.SCALE)
    assert (
        at_once(*join, lambda: reveal_stage(stage=stage, user=None), lambda: take_down(stage=stage, user=None))[:3]
        == [ticket] * 3
    )
    assert Participant.objects.filter(workshop=of).count() == 1


def test_dots_placed_while_their_imperatives_are_removed_are_saved_or_refused() -> None:
    for _ in range(ROUNDS):
        of = factories.workshop(deliverables=1)
        played, *phones = [factories.participant(of) for _ in range(5)]
        played.rehearsal = True
        played.save()
        rows = [Imperative.objects.create(workshop=of, text="One", **signed(played, Imperative))]
        rows.append(factories.imperative(of, "Two"))
        stage = factories.opened(of, StageKind.PRIORITIES)

        def vote(phone: Participant) -> Callable[[], object]:
            return lambda: place_votes(participant=phone, imperatives=rows)  # noqa: B023 (it runs within this round)

        removed, *votes = at_once(lambda: remove_rehearsal(workshop=of), *map(vote, phones))  # noqa: B023
        assert isinstance(removed, Removed), removed
        refused = [outcome for outcome in votes if isinstance(outcome, ImperativeGone)]
        confirmed = [outcome for outcome in votes if outcome == stage]
        assert len(confirmed) + len(refused) == 4, "".join(map(str, votes))
        assert Vote.objects.filter(imperative__workshop=of).count() == len(confirmed)
        assert not Imperative.objects.filter(pk=rows[0].pk).exists()
