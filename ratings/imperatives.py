"""Record the one or two things that must happen next, and the three dots a participant places on them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from ratings.authorship import signed, unordered_id
from ratings.choices import FROM_PHONES, PRINTED, VOTES_EACH, CommentState
from ratings.deciding import first_state
from ratings.models import Action, Imperative, Vote
from ratings.showing import Dots
from workshops.choices import Deed, StageKind
from workshops.controls import lock_workshop
from workshops.live import Topic, announce
from workshops.models import Deliverable, Participant, Stage, Workshop
from workshops.sessions import Sealed, require_open
from workshops.trail import record_act


@dataclass(frozen=True)
class ImperativeAnswer:
    """What a participant typed in one slot: the words ("" for nothing) and the deliverables it is for."""

    text: str
    deliverables: Collection[Deliverable] = ()


@dataclass(frozen=True)
class RankedImperative:
    """An imperative at its place (from 1) in the order of votes; equals stand in printing order and share no place.

    `entered` of the votes came on paper. `votes` is None where dots are not counted, or too few to show any.
    """

    place: int
    imperative: Imperative
    votes: int | None
    entered: int = 0
    merged: tuple[Imperative, ...] = ()

    @property
    def action(self) -> Action | None:
        """Who does it by when; None while nobody was named."""
        return getattr(self.imperative, "action", None)


class TooManyVotes(Exception):
    """More dots were placed than a participant has."""


class ImperativeGone(Exception):
    """An imperative is no longer in the list: removed, held back, or merged into another."""


def on_show(workshop: Workshop) -> QuerySet[Imperative]:
    """Return the imperatives that are neither held nor hidden, nor merged into one that is."""
    leads = Q(merged_into=None) | Q(merged_into__state__in=PRINTED)
    return Imperative.objects.filter(leads, workshop=workshop, state__in=PRINTED)


def to_vote_on(workshop: Workshop) -> QuerySet[Imperative]:
    """Return the imperatives that stand for themselves in the list to vote on."""
    return Imperative.objects.filter(workshop=workshop, state__in=PRINTED, merged_into=None)


@transaction.atomic
def record_imperatives(*, participant: Participant, answers: Sequence[ImperativeAnswer]) -> Stage:
    """Save a participant's imperatives, one a slot; an empty one is taken back unless somebody has voted for it.

    One that may name somebody is held until a facilitator decides; one kept back stays so in other words too. Raises
    StageClosed when imperatives are not being gathered.
    """
    workshop = participant.workshop
    stage = require_open(workshop, kind=StageKind.IMPERATIVES)
    by = signed(participant, Imperative)
    mine = Imperative.objects.filter(author=by["author"])
    for slot, answer in enumerate(answers, start=1):
        if not answer.text:
            mine.filter(slot=slot, votes=None).delete()
            continue
        before = mine.filter(slot=slot).first()
        said = {"text": answer.text} | _state(before, answer.text)
        imperative, _ = Imperative.objects.update_or_create(
            author=by["author"],
            slot=slot,
            defaults=said,
            create_defaults={
                "pk": unordered_id(),
                "workshop": workshop,
                "position": secrets.randbelow(2**31),
                **by,
                **said,
            },
        )
        imperative.deliverables.set(answer.deliverables)
    announce(workshop, Topic.TALLY)
    return stage


def _state(before: Imperative | None, text: str) -> dict[str, object]:
    """Return the fields that other words change: somebody has to look at what was kept back."""
    if before is None:
        return first_state(text)
    if before.text == text:
        return {}
    return first_state(text) if before.state in PRINTED else {"state": CommentState.HELD, "flagged": True}


@transaction.atomic
def place_votes(*, participant: Participant, imperatives: Collection[Imperative]) -> Stage:
    """Place a participant's dots, one on each imperative given, in place of those before; return the stage.

    A dot on an imperative that is kept back stays while it is not needed. Raises StageClosed when votes are not being
    gathered, TooManyVotes for more than three, ImperativeGone when one cannot be voted for any more.
    """
    workshop = participant.workshop
    stage = require_open(workshop, kind=StageKind.PRIORITIES)
    if len(imperatives) > VOTES_EACH:
        raise TooManyVotes(len(imperatives))
    chosen = [imperative.pk for imperative in imperatives]
    if _locked(to_vote_on(workshop), chosen) != set(chosen):
        raise ImperativeGone
    by = signed(participant, Vote)
    mine = Vote.objects.filter(author=by["author"])
    aside = mine.exclude(imperative__in=on_show(workshop)).values_list("imperative", flat=True).order_by("slot")
    dots = [*chosen, *aside][:VOTES_EACH]
    mine.delete()
    Vote.objects.bulk_create(
        Vote(pk=unordered_id(), imperative_id=key, slot=slot, **by) for slot, key in enumerate(dots, start=1)
    )
    announce(workshop, Topic.TALLY)
    return stage


def _locked(rows: QuerySet[Imperative], keys: Collection[int]) -> set[int]:
    """Return which of these are among the rows; they stay so until the transaction ends."""
    found = rows.filter(pk__in=keys).select_for_update(of=("self",), no_key=True).order_by("pk")
    return {row.pk for row in found}


def rank_imperatives(workshop: Workshop, dots: Dots | None = None) -> list[RankedImperative]:
    """Return a workshop's imperatives: in order of the `dots` that may be shown; without, in printing order, uncounted.

    Those merged into another stand with it, in `merged`; its dots are the people who placed one on any of them, and
    all dots on paper. What is held or hidden is left out, with what was merged into it. Two queries.
    """
    rows = Imperative.objects.filter(workshop=workshop, state__in=PRINTED)
    shown = list(rows.select_related("action").prefetch_related("deliverables"))
    counts = dots is not None and dots.are_shown
    dots = dots or Dots()
    merged: dict[int | None, list[Imperative]] = {}
    for row in shown:
        merged.setdefault(row.merged_into_id, []).append(row)
    ranked = [
        (row, others, *dots.on(row.pk, *(other.pk for other in others)))
        for row in merged.get(None, [])
        for others in [merged.get(row.pk, [])]
    ]
    ranked.sort(key=lambda each: -each[2])  # stable: equals stay in printing order
    return [
        RankedImperative(place, row, placed if counts else None, entered, tuple(others))
        for place, (row, others, placed, entered) in enumerate(ranked, start=1)
    ]


@transaction.atomic
def merge_imperatives(
    *, leading: Imperative, others: Collection[Imperative], user: AbstractBaseUser | None = None
) -> None:
    """Let one imperative stand for others that say the same; their words are kept, and so are their dots.

    What had been merged into one of the others goes with it. Imperatives of another workshop are left alone. Raises
    ImperativeGone when the leading one is not there any more, or kept back; Sealed as `_require_countable`.
    """
    _require_countable(leading.workshop, [leading, *others])
    rows = Imperative.objects.filter(workshop=leading.workshop_id)
    keys = [other.pk for other in others if other.pk != leading.pk]
    if not _locked(rows.filter(state__in=PRINTED), [leading.pk]):
        raise ImperativeGone
    rows.filter(merged_into__in=keys).exclude(pk=leading.pk).update(merged_into=leading)
    rows.filter(pk__in=keys).update(merged_into=leading)
    rows.filter(pk=leading.pk).update(merged_into=None)
    record_act(workshop=leading.workshop, user=user, act=Deed.MERGED)
    announce(leading.workshop, Topic.STAGE)


@transaction.atomic
def part_imperative(*, imperative: Imperative, user: AbstractBaseUser | None = None) -> None:
    """Let an imperative that was merged stand for itself again. Raises Sealed as `_require_countable`."""
    _require_countable(imperative.workshop, [imperative, *filter(None, [imperative.merged_into])])
    if Imperative.objects.filter(pk=imperative.pk).exclude(merged_into=None).update(merged_into=None):
        record_act(workshop=imperative.workshop, user=user, act=Deed.PARTED)
    announce(imperative.workshop, Topic.STAGE)


def _require_countable(workshop: Workshop, rows: Collection[Imperative]) -> None:
    """Let nothing be merged or parted where nobody knows any more which dots are one person's. Raises Sealed.

    That is in a sealed workshop, where phones placed dots on these imperatives or on what was merged into them.
    """
    lock_workshop(workshop.pk, None)
    keys = [row.pk for row in rows]
    dots = Vote.objects.filter(Q(imperative__in=keys) | Q(imperative__merged_into__in=keys), source__in=FROM_PHONES)
    workshop.refresh_from_db(fields=["sealed_on"])
    if workshop.is_sealed and dots.exists():
        raise Sealed(workshop.code)


@transaction.atomic
def plan_action(*, imperative: Imperative, owner: str, due: date | None, user: AbstractBaseUser | None = None) -> None:
    """Give an imperative an owner and a date; without an owner the action is taken back."""
    record_act(workshop=imperative.workshop, user=user, act=Deed.ACTION)
    if owner:
        Action.objects.update_or_create(imperative=imperative, defaults={"owner": owner, "due": due})
    else:
        Action.objects.filter(imperative=imperative).delete()
