"""Workshops in every state that a workshop can be in, each with somebody in every role."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial

from django.utils import timezone

from tests import factories
from tests.test_endpoints import Cast, make_cast
from workshops.choices import Phase, StageKind
from workshops.erasing import erase_workshop
from workshops.reviewing import freeze_edition


def _opened(kind: StageKind) -> Cast:
    cast = make_cast()
    return cast._replace(at=factories.opened(cast.of, kind))


def _revealed(kind: StageKind) -> Cast:
    cast = make_cast()
    type(cast.of.edition).objects.filter(pk=cast.of.edition_id).update(asks_higher=True)
    return cast._replace(at=factories.revealed(cast.of, kind))


def _self_paced() -> Cast:
    cast = make_cast()
    cast.of.self_paced_until = timezone.localdate() + datetime.timedelta(days=3)
    cast.of.save(update_fields=["self_paced_until"])
    return cast


def _erased() -> Cast:
    """Of the workshop nothing is left but its certificate and the addresses that people remember."""
    cast = make_cast(Phase.CLOSED)
    erase_workshop(workshop=cast.of, by="the owner")
    return cast


SCENES: dict[str, Callable[[], Cast]] = {
    "not begun": make_cast,
    **{f"open at {kind}": partial(_opened, kind) for kind in StageKind},
    **{f"revealed at {kind}": partial(_revealed, kind) for kind in (StageKind.SCALE, StageKind.RAG)},
    "self-paced": _self_paced,
    "closed": partial(make_cast, Phase.CLOSED),
    "sealed": partial(make_cast, Phase.SEALED),
    "erased": _erased,
}


def set_scene(name: str) -> Cast:
    """Return a new cast of a scene; with somebody new to all of it, and the installation's staff."""
    cast = SCENES[name]()
    freeze_edition(cast.of.edition_id)  # the cast has answers before anything was open
    staff = factories.facilitator()
    staff.is_staff = True
    staff.save(update_fields=["is_staff"])
    others = {"newcomer": factories.desk(factories.facilitator()), "staff": factories.desk(staff)}
    return cast._replace(browsers={**cast.browsers, **others})
