"""Plan a workshop: the workshop, its groups and its stages from a review's edition."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from workshops.choices import Deed, Role, StageKind, StageState
from workshops.live import Topic, announce
from workshops.models import Edition, Facilitator, Group, Stage, Workshop
from workshops.trail import record_act

KEPT = datetime.timedelta(days=settings.KEEP_DAYS)


def new_code() -> str:
    """Return a join code of six digits that no workshop has; the first is never 0, so that nobody drops it."""
    while True:
        code = str(100_000 + secrets.randbelow(900_000))
        if not Workshop.objects.filter(code=code).exists():
            return code


def erase_date(date: datetime.date) -> datetime.date:
    """Return the day on which a workshop of this date is erased, if nothing else is said; at most the last there is."""
    return min(date, datetime.date.max - KEPT) + KEPT


@transaction.atomic
def plan_workshop(
    *,
    edition: Edition,
    organisation: str,
    date: datetime.date,
    venue: str = "",
    groups: Iterable[str] = (),
    self_paced_until: datetime.date | None = None,
    erase_on: datetime.date | None = None,
    facilitator: AbstractBaseUser | None = None,
) -> Workshop:
    """Make a workshop of an edition with all its stages; the lobby is open. Effect: the edition's stages are fixed.

    `facilitator` becomes its owner.

    The stages are the lobby; for each deliverable its scales, its RAG rating and a look at it together; the map;
    imperatives; priorities; closed. With `self_paced_until` all questions are open until the end of that day.
    Without `erase_on` everything is kept for KEEP_DAYS after `date`.
    """
    workshop = Workshop.objects.create(
        edition=edition,
        organisation=organisation,
        venue=venue,
        date=date,
        code=new_code(),
        self_paced_until=self_paced_until,
        erase_on=erase_on or erase_date(date),
    )
    if facilitator is not None:
        Facilitator.objects.create(workshop=workshop, user_id=facilitator.pk, role=Role.OWNER)
    names = dict.fromkeys(name.strip() for name in groups if name.strip())
    Group.objects.bulk_create(Group(workshop=workshop, name=name, position=n) for n, name in enumerate(names, start=1))
    plan_stages(workshop)
    record_act(workshop=workshop, user=facilitator, act=Deed.PLANNED)
    return workshop


@transaction.atomic
def change_details(*, workshop: Workshop, user: AbstractBaseUser, **details: Any) -> None:
    """Save new values of a workshop's details, those that differ; the trail says which. All are fields of Workshop.

    Effect: every screen is told, as the wall shows some of them.
    """
    before = Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)
    changed = [name for name, value in details.items() if getattr(before, name) != value]
    for name, value in details.items():
        setattr(workshop, name, value)
    if changed:
        workshop.save(update_fields=changed)
        names = [str(Workshop._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
        record_act(workshop=workshop, user=user, act=Deed.DETAILS, about=", ".join(names))
        announce(workshop, Topic.STAGE)


def plan_stages(workshop: Workshop) -> None:
    """Lay out a workshop's stages from its edition as it is now. The lobby opens; nobody has answered anything yet."""
    stages = [Stage(kind=StageKind.LOBBY, state=StageState.OPEN)]
    for deliverable in workshop.edition.deliverables.prefetch_related("scales"):
        stages += [
            Stage(kind=StageKind.SCALE, deliverable=deliverable, scale=scale) for scale in deliverable.scales.all()
        ]
        stages += [Stage(kind=kind, deliverable=deliverable) for kind in (StageKind.RAG, StageKind.TOGETHER)]
    stages += [
        Stage(kind=kind) for kind in (StageKind.MAP, StageKind.IMPERATIVES, StageKind.PRIORITIES, StageKind.CLOSED)
    ]
    for position, stage in enumerate(stages):
        stage.workshop, stage.position = workshop, position
    workshop.stages.all().delete()
    Stage.objects.bulk_create(stages)
