"""A small named cast: a review, a workshop under way, its facilitator and its phones."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from ratings.choices import CommentState, Source
from ratings.journal.build import build_journal
from ratings.journal.record import content_json, fingerprint_of
from ratings.models import Comment, Imperative, RagRating, Score, ShareLink, SignedFile, SignedJournal
from workshops.choices import Role, ScaleKind, StageKind
from workshops.joining import cookie_name, hash_token, join_workshop, new_ticket
from workshops.models import Edition, Facilitator, Participant, Review, Scale, Stage, Workshop
from workshops.planning import plan_workshop
from workshops.reviewing import SCALE_FIELDS, write_review
from workshops.sessions import open_stage, reveal_stage

_numbers = count(1)


def facilitator(name: str = "") -> User:
    """Return a user who may sign in with the password "open sesame 10"."""
    return User.objects.create_user(name or f"facilitator-{next(_numbers)}", password="open sesame 10")


def member(of: Workshop, role: Role) -> User:
    """Return a new user with a role in a workshop."""
    user = facilitator()
    Facilitator.objects.create(workshop=of, user=user, role=role)
    return user


def deliverable_row(name: str, **changes: str) -> dict[str, str]:
    """Return a deliverable as `write_review` takes it."""
    row = {"key": "", "name": name, "short_name": "", "lead": f"Why {name.lower()} matters."}
    for kind in ScaleKind:
        row |= {f"{kind}_{field}": f"{name} {kind} {field}"[:26] for field in SCALE_FIELDS}
    return row | changes


def edition(
    deliverables: int = 2, *, owner: User | None = None, asks_higher: bool = False, threshold: int = 1
) -> Edition:
    """Return an edition of a new review with so many deliverables, named Deliverable 1, 2 …; no number is too small."""
    written = write_review(
        owner=owner or facilitator(),
        review=None,
        edition={
            "title": "Half way there",
            "imperative_question": "What must happen next?",
            "asks_higher": asks_higher,
            "threshold": threshold,
        },
        deliverables=[deliverable_row(f"Deliverable {n}") for n in range(1, deliverables + 1)],
    )
    if owner is None:
        Review.objects.filter(pk=written.review_id).update(owner=None)
    return written


def workshop(
    *,
    deliverables: int = 2,
    by: User | None = None,
    groups: tuple[str, ...] = (),
    asks_higher: bool = False,
    threshold: int = 1,
    **fields: Any,
) -> Workshop:
    """Return a workshop in its lobby, run by `by`."""
    values: dict[str, Any] = {
        "organisation": "Carreg Bay Council",
        "venue": "Harbour Hall",
        "date": date(2026, 5, 14),
    } | fields
    of = edition(deliverables, asks_higher=asks_higher, threshold=threshold)
    return plan_workshop(edition=of, facilitator=by, groups=groups, **values)


def planned(of: Edition) -> Workshop:
    """Return another workshop of an edition, in its lobby."""
    return plan_workshop(edition=of, organisation="Another Council", date=date(2026, 6, 1))


def participant(of: Workshop) -> Participant:
    """Return a phone that has joined."""
    token = join_workshop(workshop=of, ticket=new_ticket())
    joined = Participant.objects.filter(workshop=of).latest("pk")
    joined.token = token
    return joined


def holder(phone: Client, of: Workshop) -> Participant:
    """Return whom a browser that has joined answers as."""
    token = phone.cookies[cookie_name(of.code)].value
    found = of.participants.select_related("workshop__edition").get(token_hash=hash_token(of.code, token))
    found.token = token
    return found


def afresh(phone: Participant) -> Participant:
    """Return a phone as its next request would: with nothing remembered of the workshop."""
    found = Participant.objects.select_related("workshop__edition").get(pk=phone.pk)
    found.token = phone.token
    return found


def phone(of: Workshop) -> Client:
    """Return a browser that has joined: it carries its participant's cookie."""
    client = Client()
    client.cookies[cookie_name(of.code)] = join_workshop(workshop=of, ticket=new_ticket())
    return client


def desk(user: User) -> Client:
    """Return a browser that has signed in."""
    client = Client()
    client.force_login(user)
    return client


def stage(of: Workshop, kind: StageKind, *, n: int = 1) -> Stage:
    """Return the n-th stage of a kind."""
    return of.stages.select_related("deliverable", "scale").filter(kind=kind)[n - 1]


def scale(of: Workshop, *, n: int = 1) -> Scale:
    """Return the n-th scale in the order they are asked."""
    found = stage(of, StageKind.SCALE, n=n).scale
    assert found is not None
    return found


def opened(of: Workshop, kind: StageKind, *, n: int = 1) -> Stage:
    """Return the n-th stage of a kind, opened."""
    open_stage(stage=stage(of, kind, n=n), user=None)
    return stage(of, kind, n=n)


def revealed(of: Workshop, kind: StageKind, *, n: int = 1) -> Stage:
    """Return the n-th stage of a kind, opened and revealed."""
    reveal_stage(stage=opened(of, kind, n=n), user=None)
    return stage(of, kind, n=n)


def scores(of: Workshop, scale: Scale, *values: int | None) -> list[Score]:
    """Record scores as counted from paper, without phones or an open stage."""
    rows = [Score(workshop=of, scale=scale, value=value, source=Source.PAPER) for value in values]
    return Score.objects.bulk_create(rows)


def rags(of: Workshop, at: Stage, letters: str) -> list[RagRating]:
    """Record RAG ratings as counted from paper: one a letter, "-" for "can't say"."""
    rows = [
        RagRating(workshop=of, deliverable=at.deliverable, value=letter.strip("-"), source=Source.PAPER)
        for letter in letters
    ]
    return RagRating.objects.bulk_create(rows)


def comment(
    of: Workshop, scale: Scale, text: str, *, mark: str = "", state: CommentState = CommentState.SHOWN
) -> Comment:
    """Record a comment as said aloud."""
    position = Comment.objects.filter(workshop=of).count()
    return Comment.objects.create(
        workshop=of, scale=scale, text=text, mark=mark, state=state, source=Source.ALOUD, position=position
    )


def imperative(of: Workshop, text: str) -> Imperative:
    """Record an imperative as said aloud."""
    position = Imperative.objects.filter(workshop=of).count()
    return Imperative.objects.create(workshop=of, text=text, source=Source.ALOUD, position=position)


def signed_journal(of: Workshop, *, number: int = 1, name: str = "Ada Lovelace", record: str = "") -> SignedJournal:
    """Record a journal as signed off, as it is now or as a record says, with two small files."""
    content, at = record or content_json(build_journal(of)), timezone.now()
    signed = SignedJournal.objects.create(
        workshop=of,
        number=number,
        fingerprint=fingerprint_of(content),
        record=content,
        signed_by=name,
        signed_as="Director of Children’s Services",
        signed_at=at,
        entered_by="ada",
        checked_by="grace",
        checked_at=at,
    )
    for suffix in ("pdf", "md"):
        data = f"Edition {number} of {of} as {suffix}".encode()
        SignedFile.objects.create(
            signed=signed, suffix=suffix, content_type=f"x/{suffix}", data=data, sha256=sha256(data).hexdigest()
        )
    return signed


def share_link(of: Workshop, **changes: Any) -> ShareLink:
    """Record a link to whichever journal was signed last; nobody knows its token."""
    values = {"label": "The cabinet member", "token_hash": f"{next(_numbers):064x}", "expires_on": timezone.localdate()}
    return ShareLink.objects.create(workshop=of, **values | changes)
