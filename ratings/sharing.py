"""Links to a signed journal for leadership without an account. The database keeps the token's hash alone."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ratings.models import ShareLink, SignedJournal
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.trail import record_act


class LinkOver(Exception):
    """Nobody has made such a link, or it was revoked, or its time has run out: whoever follows it is not told which."""


class NotSigned(Exception):
    """There is no signed journal to share."""


def share_links(workshop: Workshop) -> QuerySet[ShareLink]:
    """Return every link that was made for a workshop, newest first."""
    return ShareLink.objects.filter(workshop=workshop).select_related("made_by", "signed")


@transaction.atomic
def share_journal(
    *, workshop: Workshop, by: User, label: str, expires_on: datetime.date, number: int | None = None
) -> str:
    """Make a link to an edition by its number, or to whichever was signed last; return its token, once and never again.

    Raises NotSigned.
    """
    signed = SignedJournal.objects.filter(workshop=workshop, **({"number": number} if number else {})).first()
    if signed is None:
        raise NotSigned(workshop.code)
    token = secrets.token_urlsafe(32)
    ShareLink.objects.create(
        workshop=workshop,
        signed=signed if number else None,
        label=label,
        token_hash=_hash(token),
        made_by=by,
        expires_on=expires_on,
    )
    record_act(workshop=workshop, user=by, act=Deed.SHARED, about=label)
    return token


def follow_link(token: str) -> tuple[ShareLink, SignedJournal]:
    """Return the link with a token and the journal that it leads to today. Raises LinkOver."""
    links = ShareLink.objects.select_related("workshop__edition")
    link = links.filter(token_hash=_hash(token), revoked_on=None, expires_on__gte=timezone.localdate()).first()
    if link is None:
        raise LinkOver
    editions = SignedJournal.objects.filter(workshop=link.workshop)
    return link, editions.get(pk=link.signed_id) if link.signed_id else editions.latest("number")


def count_opening(link: ShareLink) -> None:
    """Count that a link was opened: how often, and the day; nothing of who or from where."""
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_on=timezone.localdate())


@transaction.atomic
def revoke_link(link: ShareLink, *, by: User) -> None:
    """Let a link lead nowhere any more. What was read or downloaded is not called back."""
    if ShareLink.objects.filter(pk=link.pk, revoked_on=None).update(revoked_on=timezone.localdate()):
        record_act(workshop=link.workshop, user=by, act=Deed.REVOKED, about=link.label)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
