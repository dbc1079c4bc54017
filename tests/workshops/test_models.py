"""What the database refuses of reviews, workshops and participants, and what their models say of themselves."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone

from tests import factories
from tests.constraints import breach, constraints_of
from workshops.choices import Deed, Move, ScaleKind, StageKind, StageState, Strand
from workshops.joining import hash_token
from workshops.models import (
    Deliverable,
    Edition,
    Facilitator,
    Group,
    Invitation,
    Participant,
    Review,
    Scale,
    Stage,
    StageMove,
    TrailEntry,
    Workshop,
)

pytestmark = pytest.mark.django_db


def _same_edition(of: Workshop) -> None:
    Edition.objects.create(review=of.edition.review, number=of.edition.number)


def _same_key(of: Workshop) -> None:
    first = of.edition.deliverables.all()[0]
    Deliverable.objects.create(edition=of.edition, key=first.key, position=9, name="Another")


def _same_position_in_edition(of: Workshop) -> None:
    Deliverable.objects.create(edition=of.edition, key="another", position=1, name="Another")


def _second_scale_of_a_kind(of: Workshop) -> None:
    Scale.objects.create(deliverable=of.edition.deliverables.all()[0], kind=ScaleKind.BEING)


def _unknown_scale_kind(of: Workshop) -> None:
    Scale.objects.filter(kind=ScaleKind.BEING).update(kind="average")


def _code(code: str) -> Callable[[Workshop], object]:
    return lambda of: Workshop.objects.filter(pk=of.pk).update(code=code)


def _second_facilitator_row(of: Workshop) -> None:
    Facilitator.objects.create(workshop=of, user=factories.facilitator("the same"))
    Facilitator.objects.create(workshop=of, user=Facilitator.objects.get(workshop=of).user)


def _unknown_role(of: Workshop) -> None:
    Facilitator.objects.create(workshop=of, user=factories.facilitator(), role="guest")


def _invitation(**changes: object) -> Callable[[Workshop], object]:
    def make(of: Workshop) -> None:
        values = {"workshop": of, "role": "reader", "made_by": factories.facilitator(), "expires_at": timezone.now()}
        Invitation.objects.create(**(values | changes))

    return make


def _same_group(of: Workshop) -> None:
    Group.objects.create(workshop=of, name="Early help", position=1)
    Group.objects.create(workshop=of, name="Early help", position=2)


def _same_position_in_workshop(of: Workshop) -> None:
    Stage.objects.create(workshop=of, position=0, kind=StageKind.MAP)


def _entry(**changes: object) -> Callable[[Workshop], object]:
    def make(of: Workshop) -> None:
        values = {"workshop": of, "strand": Strand.SESSION, "number": 7, "act": Deed.PEEKED, "at": timezone.now()}
        TrailEntry.objects.create(**(values | changes))

    return make


def _entry_of_an_account(of: Workshop, **changes: object) -> None:
    _entry(workshop=None, strand=Strand.ACCOUNT, by="ann", keep_until=of.date, **changes)(of)


def _two_entries_of_an_account(of: Workshop) -> None:
    _entry_of_an_account(of)
    _entry_of_an_account(of)


def _two_open_stages(of: Workshop) -> None:
    of.stages.filter(kind=StageKind.MAP).update(state=StageState.OPEN)


def _open_and_revealed(of: Workshop) -> None:
    of.stages.filter(kind=StageKind.RAG, position=3).update(state=StageState.REVEALED)


def _unknown_state(of: Workshop) -> None:
    of.stages.filter(kind=StageKind.MAP).update(state="paused")


def _scale_stage_without_scale(of: Workshop) -> None:
    of.stages.filter(kind=StageKind.SCALE).update(scale=None)


def _timer_that_runs_and_stands_still(of: Workshop) -> None:
    of.stages.filter(kind=StageKind.MAP).update(ends_at=timezone.now(), paused_left=60)


def _stage_that_closes_without_timer(of: Workshop) -> None:
    of.stages.filter(kind=StageKind.MAP).update(closes_itself=True)


def _other_stage_with_scale(of: Workshop) -> None:
    of.stages.filter(kind=StageKind.RAG).update(scale=Scale.objects.all()[0])


BREACHES: list[tuple[str, Callable[[Workshop], object]]] = [
    ("one_edition_a_number", _same_edition),
    ("edition_has_a_threshold", lambda of: Edition.objects.filter(pk=of.edition_id).update(threshold=0)),
    ("one_deliverable_a_key", _same_key),
    ("one_deliverable_a_position", _same_position_in_edition),
    ("one_scale_a_kind", _second_scale_of_a_kind),
    ("scale_kind_is_known", _unknown_scale_kind),
    ("one_entry_a_number", _entry(number=1)),
    ("one_entry_an_account_and_number", _two_entries_of_an_account),
    ("entry_is_of_a_workshop_or_an_account", _entry(workshop=None)),
    ("entry_is_of_a_workshop_or_an_account", _entry(strand=Strand.ACCOUNT)),
    ("entry_on_words_says_nothing_of_them", _entry(strand=Strand.WORDS, about="Words")),
    ("code_has_six_digits", _code("48291")),
    ("code_has_six_digits", _code("48291a")),
    ("code_has_six_digits", _code("")),
    ("one_facilitator_a_user", _second_facilitator_row),
    ("role_is_known", _unknown_role),
    ("invitation_to_a_workshop_has_a_role", _invitation(role="")),
    ("invitation_to_a_workshop_has_a_role", _invitation(role="guest")),
    ("invitation_to_a_workshop_has_a_role", _invitation(workshop=None)),
    ("one_group_a_name", _same_group),
    ("one_stage_a_position", _same_position_in_workshop),
    ("one_current_stage_a_workshop", _two_open_stages),
    ("one_current_stage_a_workshop", _open_and_revealed),
    ("stage_state_is_known", _unknown_state),
    ("scale_stages_have_a_scale", _scale_stage_without_scale),
    ("scale_stages_have_a_scale", _other_stage_with_scale),
    ("a_timer_runs_or_stands_still", _timer_that_runs_and_stands_still),
    ("only_a_timer_closes_a_stage", _stage_that_closes_without_timer),
]


@pytest.mark.parametrize(("constraint", "break_it"), BREACHES)
def test_constraint_refuses_what_breaks_it(constraint: str, break_it: Callable[[Workshop], object]) -> None:
    of = factories.workshop()
    with pytest.raises(IntegrityError, match=breach("workshops", constraint)):
        break_it(of)


def test_every_constraint_is_broken_above() -> None:
    assert {name for name, _ in BREACHES} == set(constraints_of("workshops"))


def test_two_workshops_may_each_have_a_current_stage() -> None:
    one, other = factories.workshop(), factories.workshop()
    assert [stage.workshop for stage in Stage.objects.filter(state=StageState.OPEN).order_by("pk")] == [one, other]


def test_code_belongs_to_one_workshop() -> None:
    one, other = factories.workshop(), factories.workshop()
    with pytest.raises(IntegrityError):
        Workshop.objects.filter(pk=other.pk).update(code=one.code)


def test_token_hash_belongs_to_one_participant() -> None:
    of = factories.workshop()
    Participant.objects.create(workshop=of, token_hash=hash_token(of.code, "x"))
    with pytest.raises(IntegrityError):
        Participant.objects.create(workshop=of, token_hash=hash_token(of.code, "x"))


def test_edition_that_a_workshop_uses_cannot_be_deleted() -> None:
    of = factories.workshop()
    with pytest.raises(ProtectedError):
        of.edition.review.delete()


def test_group_that_goes_leaves_its_participants() -> None:
    of = factories.workshop(groups=("Early help",))
    group = of.groups.get()
    participant = factories.participant(of)
    Participant.objects.filter(pk=participant.pk).update(group=group)
    group.delete()
    participant.refresh_from_db()
    assert participant.group is None


def test_reviews_visible_to_a_user_are_shared_ones_and_their_own() -> None:
    mine, theirs = factories.facilitator(), factories.facilitator()
    shared = factories.edition().review
    own = factories.edition(owner=mine).review
    factories.edition(owner=theirs)
    assert set(Review.objects.visible_to(mine.pk)) == {shared, own}


def test_workshops_of_a_user_are_those_they_have_a_role_in() -> None:
    user = factories.facilitator()
    own = factories.workshop(by=user)
    factories.workshop(by=factories.facilitator())
    assert list(Workshop.objects.of(user.pk)) == [own]


def test_workshops_stand_newest_first() -> None:
    old, new = factories.workshop(date=date(2025, 1, 1)), factories.workshop(date=date(2026, 1, 1))
    assert list(Workshop.objects.all()) == [new, old]


def test_spaced_code_is_two_threes() -> None:
    assert Workshop(code="482913").spaced_code == "482 913"


def test_deliverable_label_is_its_short_name_where_it_has_one() -> None:
    assert Deliverable(name="Safety planning", short_name="Plans").label == "Plans"
    assert Deliverable(name="Safety planning").label == "Safety planning"


def test_scales_stand_in_the_order_they_are_asked() -> None:
    deliverable = factories.edition(1).deliverables.get()
    assert [scale.kind for scale in deliverable.scales.all()] == [ScaleKind.BEING, ScaleKind.PROGRESS]


@pytest.mark.parametrize(
    ("kind", "asks"),
    [
        (StageKind.LOBBY, False),
        (StageKind.SCALE, True),
        (StageKind.RAG, True),
        (StageKind.TOGETHER, False),
        (StageKind.MAP, False),
        (StageKind.IMPERATIVES, True),
        (StageKind.PRIORITIES, True),
        (StageKind.CLOSED, False),
    ],
)
def test_stage_asks_where_phones_answer(kind: StageKind, asks: bool) -> None:
    assert Stage(kind=kind).asks is asks


@pytest.mark.parametrize(
    ("state", "is_open", "is_revealed", "is_current"),
    [
        (StageState.WAITING, False, False, False),
        (StageState.OPEN, True, False, True),
        (StageState.REVEALED, False, True, True),
        (StageState.CLOSED, False, False, False),
    ],
)
def test_stage_knows_its_state(state: StageState, is_open: bool, is_revealed: bool, is_current: bool) -> None:
    stage = Stage(state=state)
    assert (stage.is_open, stage.is_revealed, stage.is_current) == (is_open, is_revealed, is_current)


def test_models_say_what_they_are() -> None:
    of = factories.workshop(by=factories.facilitator("Ann"), groups=("Early help",))
    first = of.stages.select_related("scale")[1]
    assert str(of) == "Carreg Bay Council, 2026-05-14"
    assert str(of.edition) == "Half way there (1)"
    assert str(of.edition.review) == "Half way there"
    assert str(of.edition.deliverables.all()[0]) == "Deliverable 1"
    assert str(first.scale) == "Deliverable 1: Being at the goal"
    assert str(first) == "Being at the goal"
    assert str(of.stages.all()[0]) == "Lobby"
    assert str(of.facilitators.get()) == "Ann"
    assert str(of.groups.get()) == "Early help"
    assert str(Participant(pk=7)) == "participant 7"
    assert str(StageMove(stage=first, move=Move.REVEAL)) == "Being at the goal: Revealed"
