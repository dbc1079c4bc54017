"""What the live channel reads from the database, in a thread of its own."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from workshops.choices import Role
from workshops.models import Workshop
from workshops.permissions import Act, phases
from workshops.prepared import Given, Prepared

logger = logging.getLogger(__name__)
_WORKSHOP = Prepared(lambda: Workshop.objects.select_related("edition").filter(code=Given("code")))
LOOKS = [role for role in Role if phases(role, Act.LOOK)]


@dataclass(frozen=True)
class PhoneFragment:
    """What every phone of a workshop shows now, the same for all; what is personal is added on the phone.

    `stage` is the key of the stage. `fresh`: a phone shows it as new, whatever was on it before. `follows_tally`: it
    shows a count, so it is rendered anew when the count changes.
    """

    stage: str
    html: str
    fresh: bool
    follows_tally: bool


class State(NamedTuple):
    """A workshop as the database has it; `fragment` is None when it could not be rendered.

    `people`: the ids of the users who may look at its desk and its wall.
    """

    revision: int
    fragment: PhoneFragment | None
    people: frozenset[int]


def read_state(code: str) -> State | None:
    """Read a workshop and render what its phones show; None when there is no such workshop."""
    workshop = _WORKSHOP.first(code=code)
    if workshop is None:
        return None
    try:
        fragment: PhoneFragment | None = import_string(settings.PHONE_FRAGMENT)(workshop)
    except Exception:  # whatever is wrong with a question, the wall and the desk must go on
        logger.exception("The phones' fragment of a workshop could not be rendered")
        fragment = None
    people = workshop.facilitators.filter(role__in=LOOKS).values_list("user_id", flat=True)
    return State(workshop.revision, fragment, frozenset(people))


def read_revisions(codes: Iterable[str]) -> dict[str, int]:
    """Read the revision of each of these workshops, in one query; a workshop that is gone is left out."""
    return dict(Workshop.objects.filter(code__in=list(codes)).values_list("code", "revision"))
