"""The audit trail: every act of somebody with an account is written down, in chains that tell of tampering.

A workshop has two chains. What concerns people's words has one of its own, where an entry says the day, who and what
was done, and nothing else: between two entries with exact times its place would tell the hour of a comment. Each
account has a chain too, for what concerns no workshop.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from workshops.choices import ABOUT_WORDS, CHANGES, Deed, Move, Strand
from workshops.models import TrailEntry, Workshop

ABOUT_MAX = 200


class WasCarried(Exception):
    """The workshop was packed to go on elsewhere: here it is not changed any more. `workshop` says which."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop.code)
        self.workshop = workshop


@transaction.atomic
def record_act(
    *, workshop: Workshop | None, user: AbstractBaseUser | None, act: Deed | Move, about: str = ""
) -> TrailEntry:
    """Write an act down in the trail of a workshop, or of the user's account where it concerns none; return the entry.

    `about` says in a few words what it was done to, cut at 200 characters: a stage, a file, a person with an account,
    never what a participant said; of acts on words it is dropped. `user` None did it by command, or is the machine.
    Effect: the workshop stays locked until the transaction ends. Operations that lock more of it lock it first. Raises
    WasCarried where the act would change a workshop that goes on elsewhere.
    """
    now, name = timezone.now(), user.get_username() if user else ""
    if workshop is None:
        list(User.objects.select_for_update(no_key=True).filter(username=name).order_by("pk").values("pk"))
        entry = TrailEntry(strand=Strand.ACCOUNT, about=about, at=now)
        entry.keep_until = timezone.localdate() + datetime.timedelta(days=settings.KEEP_DAYS)
        chain = TrailEntry.objects.filter(workshop=None, by=name)
    else:
        locked = Workshop.objects.select_for_update(no_key=True).filter(pk=workshop.pk).order_by("pk")
        carried = any(locked.values_list("carried_on", flat=True))
        if carried and act in CHANGES:
            raise WasCarried(Workshop.objects.get(pk=workshop.pk))
        entry = TrailEntry(workshop_id=workshop.pk, strand=Strand.SESSION, about=about, at=now)
        if act in ABOUT_WORDS:
            entry.strand, entry.about = Strand.WORDS, ""
            entry.at = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        chain = TrailEntry.objects.filter(workshop=workshop.pk, strand=entry.strand)
    before = chain.order_by("number").last()
    entry.act, entry.by, entry.about = act.value, name, entry.about[:ABOUT_MAX]
    entry.number = before.number + 1 if before else 1
    entry.link = _link(before.link if before else "", entry)
    entry.save(force_insert=True)
    return entry


def chain_anew(entries: Iterable[TrailEntry]) -> None:
    """Write the entries of a trail that was kept elsewhere, a chain after the other, each in its order.

    They say what they said; their links are this installation's own. A number that was missing there is missing here.
    """
    before: dict[str, str] = {}
    for entry in entries:
        entry.link = before[entry.strand] = _link(before.get(entry.strand, ""), entry)
        entry.save(force_insert=True)


def record_once(*, workshop: Workshop, user: AbstractBaseUser, act: Deed, about: str) -> None:
    """Write down what a page may do again and again, the first time that a user does it."""
    done = TrailEntry.objects.filter(workshop=workshop, act=act, by=user.get_username(), about=about[:ABOUT_MAX])
    if not done.exists():
        record_act(workshop=workshop, user=user, act=act, about=about)


def trail_of(workshop: Workshop) -> QuerySet[TrailEntry]:
    """Return the trail of a workshop, newest first; what is kept to the day stands after the rest of that day."""
    return TrailEntry.objects.filter(workshop=workshop)


def chains(workshop: Workshop | None) -> Iterator[list[TrailEntry]]:
    """Yield the chains of a workshop's trail, or those of all accounts, each in its order. One query."""
    entries = TrailEntry.objects.filter(workshop=workshop).order_by("strand", "by", "number")
    if workshop:
        entries = entries.order_by("strand", "number")
    for _key, chain in groupby(entries, key=lambda entry: (entry.strand, "" if entry.workshop_id else entry.by)):
        yield list(chain)


def first_break(chain: Iterable[TrailEntry]) -> TrailEntry | None:
    """Return the first entry of a chain that does not follow from the one before it; None when all do.

    An entry that was changed does not, nor does the one after an entry that was taken out; what was taken from the end
    no chain can tell. Of an account's, the oldest that is left is taken as it stands: those before had their time.
    """
    before, number = "", 0
    for entry in chain:
        if entry.workshop_id is None and number == 0 and entry.number > 1:
            before, number = entry.link, entry.number
            continue
        if entry.number != number + 1 or not constant_time_compare(entry.link, _link(before, entry)):
            return entry
        before, number = entry.link, entry.number
    return None


def newest_holds() -> bool:
    """Return whether the trail that was added to last holds with this process's secret key. Two queries."""
    newest = TrailEntry.objects.order_by("pk").last()
    return newest is None or not any(first_break(chain) for chain in chains(newest.workshop))


def forget_accounts() -> int:
    """Delete what the trails of accounts have kept for its time, oldest first; return how many entries went."""
    today = timezone.localdate()
    kept_before = TrailEntry.objects.filter(
        workshop=None, by=OuterRef("by"), number__lt=OuterRef("number"), keep_until__gte=today
    )
    due = TrailEntry.objects.filter(~Exists(kept_before), workshop=None, keep_until__lt=today)
    return due.delete()[0]


def _link(before: str, entry: TrailEntry) -> str:
    """Return what an entry's link has to be: HMAC-SHA-256 of the link before it and of all that it says.

    It is keyed with the installation's secret key: whoever has the database alone cannot make another chain.
    """
    kept = entry.keep_until.isoformat() if entry.keep_until else None
    at = entry.at.astimezone(datetime.UTC).isoformat()
    said = [before, entry.workshop_id, entry.strand, entry.number, entry.act, entry.about, entry.by, at, kept]
    return salted_hmac("workshops.trail", json.dumps(said), algorithm="sha256").hexdigest()
