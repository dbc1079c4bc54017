"""Take in a workshop that was packed elsewhere: once, as a whole or not at all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils import timezone

from ratings.carrying.checking import read_contents
from ratings.carrying.contents import Contents, unfit
from ratings.carrying.locking import unlock
from ratings.carrying.parts import CARRIED, Model
from ratings.models import Imperative, SignedJournal
from ratings.showing import follow_imperatives
from workshops.choices import Deed, Role
from workshops.models import Arrival, Deliverable, Edition, Facilitator, Review, Scale, TrailEntry, Workshop
from workshops.planning import new_code
from workshops.reviewing import freeze_edition
from workshops.trail import chain_anew, record_act

AT_ONCE = 500
"""Rows that are written in one statement."""

Rows = dict[Model, list[models.Model]]
"""What is written: the rows of each model, in the order of the file."""


class CannotTakeIn(Exception):
    """This workshop cannot be taken in here; nothing was done."""


class AlreadyHere(CannotTakeIn):
    """It was taken in before, on the day `on`, and may be erased since (`workshop` None); or it comes from here."""

    def __init__(self, workshop: Workshop | None, on: datetime.date | None) -> None:
        super().__init__("taken in before")
        self.workshop, self.on = workshop, on


class PastItsTime(CannotTakeIn):
    """The day on which it was to be erased, `on`, has come."""

    def __init__(self, on: datetime.date) -> None:
        super().__init__("to be erased")
        self.on = on


@dataclass(frozen=True)
class TakenIn:
    """What was taken in: the workshop, the code that it had, and whether its review was here; where its trail broke."""

    workshop: Workshop
    old_code: str
    review_was_here: bool
    signed: int
    broken: tuple[str, ...]


def take_in(*, file: bytes, passphrase: str, owner: User) -> TakenIn:
    """Make the workshop in a locked file one of this installation, as `write_packed` does; raises CannotOpen too."""
    return write_packed(packed=unlock(file, passphrase), owner=owner)


def write_packed(*, packed: bytes, owner: User) -> TakenIn:
    """Make the workshop that was packed one of this installation, owned by `owner`; the trail says so.

    It gets another join code where a workshop here has its own. The review is one that `owner` can plan from and that
    says the same, and else a new one of theirs. In one transaction. Raises Unreadable and CannotTakeIn.
    """
    contents = read_contents(packed)
    _require_new(contents)
    try:
        with transaction.atomic():
            return _write(contents, owner)
    except IntegrityError as error:
        _require_new(contents)  # somebody else took it in at the same moment
        raise unfit("rows") from error
    except (DatabaseError, OverflowError) as error:
        raise unfit("rows") from error


def _require_new(contents: Contents) -> None:
    """Raise CannotTakeIn where this workshop was taken in before, is still here, or should be nowhere any more."""
    carry_id, erase_on = contents.workshop["carry_id"], contents.workshop["erase_on"]
    arrival = Arrival.objects.select_related("workshop").filter(carry_id=carry_id).first()
    if arrival:
        raise AlreadyHere(arrival.workshop, arrival.on)
    if own := Workshop.objects.filter(carry_id=carry_id).first():
        raise AlreadyHere(own, None)
    if erase_on <= timezone.localdate():
        raise PastItsTime(erase_on)


def _write(contents: Contents, owner: User) -> TakenIn:
    arrival = Arrival.objects.create(carry_id=contents.workshop["carry_id"], on=timezone.localdate())
    here = _review_here(contents, owner)
    written = here or _new_review(contents, owner)
    for model in CARRIED:
        if model not in written:
            written[model] = _insert(model, _rows(model, contents, written))
    workshop = cast(Workshop, written[Workshop][0])
    Imperative.objects.bulk_update(_merged(contents, written), ["merged_into"], batch_size=AT_ONCE)
    follow_imperatives(workshop, {n: row.pk for n, row in enumerate(written[Imperative])})
    Facilitator.objects.create(workshop=workshop, user=owner, role=Role.OWNER)
    signed = len(written[SignedJournal])
    arrival.workshop, arrival.editions = (
        workshop,
        max((row["number"] for row in contents.rows[SignedJournal]), default=0),
    )
    arrival.save(update_fields=["workshop", "editions"])
    old_code = contents.workshop["code"]
    record_act(workshop=workshop, user=owner, act=Deed.TAKEN_IN, about=_about(old_code, contents.broken))
    return TakenIn(
        workshop=workshop,
        old_code=old_code,
        review_was_here=here is not None,
        signed=signed,
        broken=contents.broken,
    )


def _about(old_code: str, broken: tuple[str, ...]) -> str:
    """Return what the trail says of it: the code that it had, and where the trail did not hold when it was packed."""
    return f"code {old_code}" + (f"; its trail was broken at {', '.join(broken)}" if broken else "")


def _review_here(contents: Contents, owner: User) -> Rows | None:
    """Return the rows of an edition that says word for word what the packed one says, frozen; None without one.

    It is of a review that `owner` can plan from.
    """
    words = {name: value for name, value in contents.edition.items() if name not in ("number", "frozen_at")}
    editions = Edition.objects.filter(review__in=Review.objects.visible_to(owner.pk), **words)
    for edition in editions.select_for_update(of=("self",)).order_by("pk"):
        if rows := _as_packed(edition, contents):
            freeze_edition(edition.pk)
            return rows
    return None


def _as_packed(edition: Edition, contents: Contents) -> Rows | None:
    """Return an edition with its deliverables and scales in the order of the packed ones; None if one says another."""
    deliverables = {each.position: each for each in edition.deliverables.all()}
    scales = {
        (each.deliverable.position, each.kind): each
        for each in Scale.objects.filter(deliverable__edition=edition).select_related("deliverable")
    }
    places = [row["position"] for row in contents.rows[Deliverable]]
    kinds = [(places[row["deliverable"]], row["kind"]) for row in contents.rows[Scale]]
    if sorted(places) != sorted(deliverables) or sorted(kinds) != sorted(scales):
        return None
    rows: Rows = {
        Edition: [edition],
        Deliverable: [deliverables[place] for place in places],
        Scale: [scales[kind] for kind in kinds],
    }
    same = all(
        getattr(row, name) == value
        for model in (Deliverable, Scale)
        for row, values in zip(rows[model], contents.rows[model], strict=True)
        for name, value in values.items()
        if name not in ("edition", "deliverable")
    )
    return rows if same else None


def _new_review(contents: Contents, owner: User) -> Rows:
    """Write a review of `owner`, whose one edition, frozen, says what the packed one says; return its rows."""
    review = Review.objects.create(owner=owner, title=contents.edition["title"])
    frozen_at = contents.edition["frozen_at"] or timezone.now()
    written: Rows = {Edition: [Edition.objects.create(**contents.edition | {"review": review, "frozen_at": frozen_at})]}
    for model in (Deliverable, Scale):
        written[model] = _insert(model, _rows(model, contents, written))
    return written


def _rows(model: Model, contents: Contents, written: Rows) -> list[models.Model]:
    """Return the rows of a model, which point to rows that are written; a workshop has a code that nobody else has."""
    links = {
        field.name: written.get(field.related_model, [])
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    }

    def here(name: str, value: Any) -> Any:
        if name not in links or value is None:
            return value
        return links[name][value] if links[name] else None  # its own model's: `_merged` sets it

    rows = [model(**{name: here(name, value) for name, value in values.items()}) for values in contents.rows[model]]
    for row in rows:
        if isinstance(row, Workshop) and Workshop.objects.filter(code=row.code).exists():
            row.code = new_code()
    return rows


def _insert(model: Model, rows: list[models.Model]) -> list[models.Model]:
    """Write rows as they stand, and return them: what was done then is not dated today."""
    if model is TrailEntry:
        chain_anew(cast(list[TrailEntry], rows))
    elif any(getattr(field, "auto_now_add", False) for field in model._meta.concrete_fields):
        for row in rows:
            row.save_base(raw=True, force_insert=True)
    else:
        model._base_manager.bulk_create(rows, batch_size=AT_ONCE)
    return rows


def _merged(contents: Contents, written: Rows) -> list[Imperative]:
    """Return the imperatives that stand with another, pointing to it."""
    rows = cast(list[Imperative], written[Imperative])
    merged = []
    for row, values in zip(rows, contents.rows[Imperative], strict=True):
        if values["merged_into"] is not None:
            row.merged_into = rows[values["merged_into"]]
            merged.append(row)
    return merged
