"""Invitations: the only way to an account, and to a role in a workshop.

Whoever invites passes the link on as they like: nothing is sent from here. The database keeps the token's hash alone.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from workshops.choices import Deed, Role
from workshops.controls import lock_workshop
from workshops.models import Invitation, Workshop
from workshops.people import give_role
from workshops.trail import record_act

LIFETIME = datetime.timedelta(days=7)


class InvitationOver(Exception):
    """Nobody has made such an invitation, or it was used or withdrawn, or its time has run out."""


def open_invitations(workshop: Workshop | None) -> QuerySet[Invitation]:
    """Return the invitations that can still be used: to a workshop, or to this installation alone."""
    invitations = Invitation.objects.filter(workshop=workshop, expires_at__gt=timezone.now())
    return invitations.select_related("made_by")


@transaction.atomic
def invite(*, by: AbstractBaseUser, workshop: Workshop | None = None, role: Role | None = None) -> str:
    """Make an invitation and return its token, which nobody can look up again. Effect: those that ran out go."""
    Invitation.objects.filter(expires_at__lte=timezone.now()).delete()
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        workshop=workshop,
        role=role or "",
        token_hash=_hash(token),
        made_by_id=by.pk,
        expires_at=timezone.now() + LIFETIME,
    )
    record_act(workshop=workshop, user=by, act=Deed.INVITED, about=str(role.label) if role else "")
    return token


def find_invitation(token: str) -> Invitation:
    """Return the invitation that can be used with a token, with its workshop. Raises InvitationOver."""
    invitations = Invitation.objects.select_related("workshop__edition")
    invitation = invitations.filter(token_hash=_hash(token), expires_at__gt=timezone.now()).first()
    if invitation is None:
        raise InvitationOver
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, user: AbstractBaseUser) -> Workshop | None:
    """Use an invitation up: the user gets its role, unless theirs allows more. Return its workshop, if it has one.

    Raises InvitationOver.
    """
    invitation = find_invitation(token)
    workshop = invitation.workshop
    if workshop:
        lock_workshop(workshop.pk, None)
    deleted, _rows = Invitation.objects.filter(pk=invitation.pk).delete()
    if not deleted:  # somebody else was quicker
        raise InvitationOver
    if workshop:
        role = Role(invitation.role)
        held = workshop.facilitators.filter(user_id=user.pk).values_list("role", flat=True).first()
        if held is None or Role.values.index(role) < Role.values.index(held):
            give_role(workshop=workshop, user=user, role=role, by=user, act=Deed.JOINED)
        else:
            record_act(workshop=workshop, user=user, act=Deed.JOINED)
    else:
        record_act(workshop=None, user=user, act=Deed.JOINED)
    return workshop


@transaction.atomic
def open_account(*, token: str, username: str, password: str) -> User:
    """Make an account for whoever follows an invitation, and accept it. Raises InvitationOver, and makes none."""
    user = User.objects.create_user(username, password=password)
    accept_invitation(token=token, user=user)
    return user


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: AbstractBaseUser) -> None:
    """Take an invitation back: its link leads nowhere any more."""
    record_act(workshop=invitation.workshop, user=by, act=Deed.WITHDREW, about=invitation.get_role_display())
    invitation.delete()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
