"""Write reviews: editions that may change until a workshop has opened them, and after that make the next edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from workshops.choices import Deed, ScaleKind
from workshops.models import Deliverable, Edition, Review, Scale, Workshop
from workshops.planning import plan_stages
from workshops.trail import record_act

SCALE_FIELDS = ("anchor_ten", "anchor_zero", "short_ten", "short_zero")


def freeze_edition(edition_id: int) -> None:
    """Let an edition never change again, from now on; an edition that is frozen already keeps its date."""
    Edition.objects.filter(pk=edition_id, frozen_at=None).update(frozen_at=timezone.now())


def latest_edition(review: Review) -> Edition:
    """Return the newest wording of a review: the one that new workshops take."""
    return review.editions.latest("number")


@transaction.atomic
def write_review(
    *,
    owner: AbstractBaseUser | None,
    review: Review | None,
    edition: Mapping[str, Any],
    deliverables: Sequence[Mapping[str, Any]],
) -> Edition:
    """Save what a review says; return the edition that now says it.

    A new review when `review` is None; without an owner everybody may use it. The latest edition is rewritten in place
    while no workshop has opened it (workshops planned from it get their stages anew); a frozen one stays, and the next
    edition is made. Each of `deliverables` has `key` ("" for a new one), `name`, `short_name`, `lead`, and the fields
    of both scales prefixed `being_` and `progress_`.
    """
    if review is None:
        review = Review.objects.create(owner_id=owner.pk if owner else None, title=edition["title"])
    # A session's move locks its workshop first and the edition last: in the same order, neither waits for the other.
    list(
        Workshop.objects.select_for_update(no_key=True, of=("self",))
        .filter(edition__review=review)
        .order_by("pk")
        .values("pk")
    )
    latest = review.editions.select_for_update().order_by("-number").first()
    if latest is not None and latest.frozen_at is None:
        target = latest
    else:
        target = Edition(review=review, number=latest.number + 1 if latest else 1)
    for field, value in edition.items():
        setattr(target, field, value)
    target.save()
    Review.objects.filter(pk=review.pk).update(title=target.title)
    for workshop in target.workshops.all():
        workshop.stages.all().delete()  # they hold on to the deliverables about to be rewritten
    target.deliverables.all().delete()
    _write_deliverables(target, deliverables)
    for workshop in target.workshops.all():
        plan_stages(workshop)
    if owner is not None:
        record_act(workshop=None, user=owner, act=Deed.REVIEW, about=f"{target.title} ({target.number})")
    return target


def _write_deliverables(edition: Edition, deliverables: Sequence[Mapping[str, Any]]) -> None:
    keys: set[str] = set()
    for position, row in enumerate(deliverables, start=1):
        wanted = row["key"] or slugify(row["name"])[:50] or "deliverable"
        numbered = (f"{wanted[:50]}-{number}" for number in count(position))
        key = next(key for key in chain([wanted], numbered) if key not in keys)
        keys.add(key)
        deliverable = Deliverable.objects.create(
            edition=edition,
            position=position,
            key=key,
            name=row["name"],
            short_name=row["short_name"],
            lead=row["lead"],
        )
        Scale.objects.bulk_create(
            Scale(deliverable=deliverable, kind=kind, **{field: row[f"{kind}_{field}"] for field in SCALE_FIELDS})
            for kind in ScaleKind
        )


def describe_deliverables(edition: Edition) -> list[dict[str, str]]:
    """Return an edition's deliverables as `write_review` takes them. Two queries."""
    rows = []
    for deliverable in edition.deliverables.prefetch_related("scales"):
        row = {field: getattr(deliverable, field) for field in ("key", "name", "short_name", "lead")}
        for scale in deliverable.scales.all():
            row |= {f"{scale.kind}_{field}": getattr(scale, field) for field in SCALE_FIELDS}
        rows.append(row)
    return rows
