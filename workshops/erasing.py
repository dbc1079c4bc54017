"""Erasing: when its date has come a workshop goes, with all that was said in it; a certificate stays."""

from __future__ import annotations

import datetime
import threading

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, connection, transaction
from django.utils.module_loading import import_string
from django.utils.text import capfirst

from workshops.models import Erasure, TrailEntry, Workshop
from workshops.models.workshop import WorkshopQuerySet

_emptied = threading.Event()  # since this process began, and since the last time that it did not work


def due_workshops(today: datetime.date) -> WorkshopQuerySet:
    """Return the workshops whose erase date has come, longest due first."""
    return Workshop.objects.filter(erase_on__lte=today).order_by("erase_on", "pk")


@transaction.atomic
def erase_workshop(*, workshop: Workshop, by: str, user: AbstractBaseUser | None = None) -> Erasure:
    """Delete a workshop with its people, stages, answers, words, decisions, votes and trail; return the certificate.

    The review stays: it holds nothing that anybody answered. What the workshop signed is let go first, and the
    certificate lists it (settings.BEFORE_ERASING). `by` is who erased it, in at most 150 characters;
    `user` is who can see the certificate at the desk.
    """
    locked = Workshop.objects.select_for_update().order_by("pk").get(pk=workshop.pk)
    organisation, date, due = locked.organisation, locked.date, locked.erase_on
    signed = import_string(settings.BEFORE_ERASING)(locked)
    _, rows = locked.delete()
    _, trail = TrailEntry.objects.filter(workshop=workshop.pk).delete()  # the database lets it go now, not before
    rows |= trail
    gone = {label: n for label, n in sorted(rows.items()) if n}
    return Erasure.objects.create(
        organisation=organisation,
        date=date,
        due=due,
        rows=gone,
        signed=signed,
        by=by[:150],
        user_id=user.pk if user else None,
    )


def name_rows(erasure: Erasure) -> list[tuple[str, int]]:
    """Return what was deleted, in words, and how many rows of it; what this version does not know has its old label."""
    return [(_in_words(label), n) for label, n in sorted(erasure.rows.items())]


def _in_words(label: str) -> str:
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name))
    except LookupError:
        return label


def files_may_hold_traces() -> bool:
    """Return whether the files may still hold what was sealed or erased, as far as this process knows."""
    return not _emptied.is_set()


def empty_files() -> bool:
    """Write SQLite's file anew without free pages, and empty its log; call it after commit, outside a transaction.

    Return False when somebody was reading or writing, so that it has to be done again: the running server does it
    within a minute. On PostgreSQL nothing is done.
    """
    _emptied.clear()
    if connection.vendor == "sqlite":
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
        except OperationalError:
            return False
        if not empty_log():
            return False
    _emptied.set()
    return True


def empty_log() -> bool:
    """Take deleted rows out of SQLite's write-ahead log, whose file keeps what was written last; call it after commit.

    Deleted rows in the database itself are overwritten (`secure_delete`). Return False when somebody was reading, so
    that it has to be done again. On PostgreSQL nothing is done: its log and its free pages are its own.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, _pages, _moved) = cursor.fetchone()
    return not busy
