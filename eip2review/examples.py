"""What a new installation starts with: the default review, and two illustrative workshops of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from itertools import count, repeat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ratings.authorship import signed
from ratings.choices import Asked, CommentState
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.sealing import seal_workshop
from workshops.choices import Role
from workshops.joining import hash_token, new_ticket
from workshops.models import Deliverable, Edition, Facilitator, Participant, Review, Scale, Workshop
from workshops.planning import plan_workshop
from workshops.reviewing import SCALE_FIELDS, latest_edition, write_review
from workshops.sessions import open_stage, reveal_stage

DEFAULT_REVIEW: Path = settings.BASE_DIR / "fixtures" / "default_review.json"
ILLUSTRATION: Path = settings.BASE_DIR / "fixtures" / "illustrative_workshop.json"
CANT_SAY = "-"
"""How the illustration writes a RAG rating of somebody who could not say."""


@transaction.atomic
def load_default_review() -> Edition:
    """Return the latest edition of the default review, having written the review if it was not there."""
    records = json.loads(DEFAULT_REVIEW.read_text())
    edition = _fields(records, "workshops.edition")[0]
    review = Review.objects.filter(owner=None, editions__number=1, editions__title=edition["title"]).first()
    if review is not None:
        return latest_edition(review)
    rows = [dict(row) for row in _fields(records, "workshops.deliverable")]
    for scale in _fields(records, "workshops.scale"):
        rows[scale["deliverable"] - 1] |= {f"{scale['kind']}_{field}": scale[field] for field in SCALE_FIELDS}
    words = {field: words for field, words in edition.items() if field not in ("review", "number")}
    return write_review(owner=None, review=None, edition=words, deliverables=rows)


@transaction.atomic
def load_example(*, facilitator: AbstractBaseUser) -> tuple[Workshop, Workshop]:
    """Return the illustrative workshops, which this user now runs: one sealed with its answers, one in its lobby.

    What is already there stays as it is, whatever has become of it since.
    """
    edition = load_default_review()
    told = json.loads(ILLUSTRATION.read_text())
    closed = _find(edition, told) or _play(edition, told, facilitator)
    ready = _find(edition, told["ready"]) or plan_workshop(
        edition=edition,
        organisation=told["ready"]["organisation"],
        venue=told["ready"]["venue"],
        date=timezone.localdate(),
        groups=told["ready"]["groups"],
    )
    for workshop in (closed, ready):
        Facilitator.objects.get_or_create(workshop=workshop, user_id=facilitator.pk, defaults={"role": Role.OWNER})
    return closed, ready


def _fields(records: list[dict[str, Any]], model: str) -> list[dict[str, Any]]:
    return [record["fields"] for record in records if record["model"] == model]


def _find(edition: Edition, told: dict[str, Any]) -> Workshop | None:
    workshops = Workshop.objects.filter(edition__review_id=edition.review_id, organisation=told["organisation"])
    return workshops.order_by("pk").first()


def _play(edition: Edition, told: dict[str, Any], facilitator: AbstractBaseUser) -> Workshop:
    """Plan the workshop, give it people and their answers, and take it through its stages to the end."""
    workshop = plan_workshop(
        edition=edition,
        organisation=told["organisation"],
        venue=told["venue"],
        date=datetime.date.fromisoformat(told["date"]),
        groups=[name for name, _ in told["groups"]],
    )
    people = _seat_people(workshop, dict(told["groups"]))
    starts = count(1)
    for number, deliverable in enumerate(edition.deliverables.prefetch_related("scales"), start=1):
        answers = told["deliverables"][deliverable.key]
        for scale in deliverable.scales.all():
            _answer_scale(scale, _mixed(people, next(starts)), people, answers[scale.kind], workshop)
        _answer_rag(deliverable, _mixed(people, number), answers["rag"], workshop)
    _name_imperatives(workshop, people, told["imperatives"])
    for stage in workshop.stages.all():
        open_stage(stage=stage, user=facilitator)
        if stage.asks:
            reveal_stage(stage=stage, user=facilitator)
    workshop.refresh_from_db()
    seal_workshop(workshop=workshop)
    return workshop


def _seat_people(workshop: Workshop, sizes: dict[str, int]) -> list[Participant]:
    people = []
    for group in workshop.groups.all():
        for _ in range(sizes[group.name]):
            token = new_ticket()
            people.append(Participant(workshop=workshop, group=group, token_hash=hash_token(workshop.code, token)))
            people[-1].token = token
    return Participant.objects.bulk_create(people)


def _mixed(people: list[Participant], start: int) -> Iterator[Participant]:
    """Yield everybody once in steps of seven from a start, so that no group holds all the high scores."""
    for place in range(len(people)):
        yield people[(start + 7 * place) % len(people)]


def _answer_scale(
    scale: Scale, mixed: Iterator[Participant], people: list[Participant], answers: dict[str, Any], workshop: Workshop
) -> None:
    Score.objects.bulk_create(
        Score(workshop=workshop, scale=scale, value=value, **signed(participant, Score, scale.pk))
        for participant, value in zip(mixed, answers["scores"], strict=True)
    )
    Comment.objects.bulk_create(
        Comment(
            workshop=workshop,
            scale=scale,
            text=comment["text"],
            mark=comment.get("mark", ""),
            state=CommentState.SHOWN,
            position=people.index(participant),
            **signed(participant, Comment, scale.pk, Asked.WHY),
        )
        for participant, comment in zip(_mixed(people, 0), answers["comments"], strict=False)
    )


def _answer_rag(deliverable: Deliverable, mixed: Iterator[Participant], letters: str, workshop: Workshop) -> None:
    RagRating.objects.bulk_create(
        RagRating(
            workshop=workshop,
            deliverable=deliverable,
            value=letter.removeprefix(CANT_SAY),
            **signed(participant, RagRating, deliverable.pk),
        )
        for participant, letter in zip(mixed, letters, strict=True)
    )


def _name_imperatives(workshop: Workshop, people: list[Participant], told: list[dict[str, Any]]) -> None:
    """Name each imperative and deal out its dots: everybody in turn gets the next, so none gets two of the same."""
    deliverables = {deliverable.key: deliverable for deliverable in workshop.edition.deliverables.all()}
    imperatives = Imperative.objects.bulk_create(
        Imperative(
            workshop=workshop, text=row["text"], position=people.index(participant), **signed(participant, Imperative)
        )
        for participant, row in zip(_mixed(people, 0), told, strict=False)
    )
    dots: list[Imperative] = []
    for imperative, row in zip(imperatives, told, strict=True):
        imperative.deliverables.set(deliverables[key] for key in row["deliverables"])
        dots += repeat(imperative, row["votes"])
    Vote.objects.bulk_create(
        Vote(imperative=imperative, slot=dot // len(people) + 1, **signed(people[dot % len(people)], Vote))
        for dot, imperative in enumerate(dots)
    )
