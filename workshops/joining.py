"""Joining: codes, the ticket that makes joining idempotent, and the participant behind a request.

A phone gets a ticket with the join form, and sends it back with the code. The ticket becomes the phone's token, kept in
a cookie; the database keeps only its hash. Pressing "Join" twice therefore joins once.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from workshops.live import Topic, announce
from workshops.models import Group, Participant, Workshop
from workshops.prepared import Given, Prepared
from workshops.reviewing import freeze_edition

COOKIE_AGE = 14 * 24 * 3600
"""Seconds that a phone is remembered."""
_TICKET = re.compile(r"[A-Za-z0-9_-]{32}")
_WORKSHOP = Prepared(lambda: Workshop.objects.select_related("edition").filter(code=Given("code")))
_PARTICIPANT = Prepared(
    lambda: Participant.objects.select_related("workshop").filter(
        token_hash=Given("token_hash"), workshop__code=Given("code")
    )
)


class UnknownCode(Exception):
    """No workshop has this code."""


class WorkshopClosed(Exception):
    """The workshop with this code has closed; `workshop` says which."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop.code)
        self.workshop = workshop


def new_ticket() -> str:
    """Return a ticket of 192 random bits for one join form."""
    return secrets.token_urlsafe(24)


def clean_code(typed: str) -> str:
    """Return the ASCII digits of what was typed: spaces, dashes and other company are forgiven."""
    return re.sub(r"[^0-9]", "", typed)


def find_open_workshop(code: str) -> Workshop:
    """Return the workshop that can be joined with a code as typed. Raises UnknownCode, WorkshopClosed."""
    workshop = _WORKSHOP.first(code=clean_code(code))
    if workshop is None:
        raise UnknownCode(code)
    if workshop.is_closed:
        raise WorkshopClosed(workshop)
    return workshop


def join_token(workshop: Workshop) -> str:
    """Return what the QR code says beside the six digits, so that nobody can guess it: 128 bits in 22 characters."""
    said = f"{workshop.pk}:{workshop.code}"
    digest = salted_hmac("workshops.joining", said, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def join_path(workshop: Workshop) -> str:
    """Return the path of the join page that the QR code leads to: no limit on guessing ever closes it."""
    return reverse("workshops:join_by_token", args=[workshop.code, join_token(workshop)])


def find_workshop_of_token(code: str, token: str) -> Workshop | None:
    """Return the workshop, closed or not, whose QR code says this; None when there is none."""
    workshop = _WORKSHOP.first(code=code)
    return workshop if workshop and constant_time_compare(token, join_token(workshop)) else None


def join_workshop(*, workshop: Workshop, ticket: str, group: Group | None = None) -> str:
    """Make the ticket's phone a participant, once; return the token to remember. A malformed ticket is replaced."""
    token = ticket if _TICKET.fullmatch(ticket) else new_ticket()
    _participant, created = Participant.objects.get_or_create(
        token_hash=hash_token(workshop.code, token), workshop=workshop, defaults={"group": group}
    )
    if created and workshop.is_open_to_all:  # who joins sees every question at once
        freeze_edition(workshop.edition_id)
    if created:
        announce(workshop, Topic.TALLY)
    return token


def remember_phone(response: HttpResponseBase, workshop: Workshop, token: str) -> None:
    """Leave the token on the phone, out of reach of scripts."""
    response.set_cookie(
        cookie_name(workshop.code),
        token,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
    )


def find_participant(request: HttpRequest, code: str) -> Participant | None:
    """Return the participant that this phone is in the workshop with this code, fetched with it. One query.

    The participant carries the phone's token, without which none of its answers can be found.
    """
    token = request.COOKIES.get(cookie_name(code))
    if not token:
        return None
    participant = _PARTICIPANT.first(token_hash=hash_token(code, token), code=code)
    if participant:
        participant.token = token
    return participant


def count_people(workshop: Workshop) -> int:
    """Return how many phones joined a workshop, those that went with its sealing among them. One query."""
    return workshop.joined + workshop.participants.count()


def count_played(workshop: Workshop) -> int:
    """Return how many of them a rehearsal plays or has played. One query."""
    return workshop.played + workshop.participants.filter(rehearsal=True).count()


def cookie_name(code: str) -> str:
    """Return the name of the cookie that a phone keeps for one workshop."""
    return f"midpoint-{code}"


def hash_token(code: str, token: str) -> str:
    """Return what the database keeps of a phone's token: 64 hexadecimal digits, different in each workshop."""
    return hashlib.sha256(f"{code}:{token}".encode()).hexdigest()
