"""Who has which role in a workshop. A workshop is never left without an owner."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from workshops.choices import Deed, Role
from workshops.controls import lock_workshop
from workshops.live import Topic, announce
from workshops.models import Facilitator, Workshop
from workshops.trail import record_act


class LastOwner(Exception):
    """The workshop would be left without an owner; nothing was changed."""


def list_people(workshop: Workshop) -> list[Facilitator]:
    """Return who has a role, with their users: owners first, then by user name. One query."""
    people = workshop.facilitators.select_related("user").order_by("user__username")
    return sorted(people, key=lambda person: Role.values.index(person.role))


@transaction.atomic
def give_role(
    *,
    workshop: Workshop,
    user: AbstractBaseUser,
    role: Role,
    by: AbstractBaseUser | None = None,
    act: Deed = Deed.ROLE,
) -> None:
    """Give a user a role in a workshop, in the place of the one that they have. Raises LastOwner.

    `by` is who gives it, and `act` what the trail calls that.
    """
    workshop = lock_workshop(workshop.pk, None)
    if role != Role.OWNER:
        _leave_an_owner(workshop, user)
    Facilitator.objects.update_or_create(workshop=workshop, user_id=user.pk, defaults={"role": role})
    if role == Role.READER:
        _take_controls(workshop, user)
    if role != Role.OWNER:
        _take_invitations(workshop, user)
    record_act(workshop=workshop, user=by, act=act, about=f"{user.get_username()}, {role.label}")


@transaction.atomic
def remove_person(*, workshop: Workshop, user: AbstractBaseUser, by: AbstractBaseUser | None = None) -> None:
    """Take a user's role away: for them there is nothing at the workshop's address any more. Raises LastOwner."""
    workshop = lock_workshop(workshop.pk, None)
    _leave_an_owner(workshop, user)
    workshop.facilitators.filter(user_id=user.pk).delete()
    _take_controls(workshop, user)
    _take_invitations(workshop, user)
    record_act(workshop=workshop, user=by, act=Deed.REMOVED, about=user.get_username())


def _leave_an_owner(workshop: Workshop, user: AbstractBaseUser) -> None:
    owners = set(workshop.facilitators.filter(role=Role.OWNER).values_list("user", flat=True))
    if owners == {user.pk}:
        raise LastOwner(workshop.code)


def _take_controls(workshop: Workshop, user: AbstractBaseUser) -> None:
    """Leave the controls to whoever acts first, where this user had them, and tell the screens: theirs hear no more."""
    if workshop.controls_id == user.pk:
        workshop.controls = None
        workshop.save(update_fields=["controls"])
    announce(workshop, Topic.STAGE)


def _take_invitations(workshop: Workshop, user: AbstractBaseUser) -> None:
    """Withdraw what somebody who may not invite any more has invited others to."""
    workshop.invitations.filter(made_by_id=user.pk).delete()
