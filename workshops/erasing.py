"""Erasing: when its date has come a workshop goes, with all that was said in it; a certificate stays."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, connection, transaction
from django.utils.module_loading import import_string

from workshops.models import Erasure, Workshop
from workshops.models.workshop import WorkshopQuerySet


def due_workshops(today: datetime.date) -> WorkshopQuerySet:
    """Return the workshops whose erase date has come, longest due first."""
    return Workshop.objects.filter(erase_on__lte=today).order_by("erase_on", "pk")


@transaction.atomic
def erase_workshop(*, workshop: Workshop, by: str, user: AbstractBaseUser | None = None) -> Erasure:
    """Delete a workshop with its people, stages, answers, words, decisions and votes; return the certificate.

    The review stays: it holds nothing that anybody answered. What the workshop signed is let go first, and the
    certificate lists it (settings.BEFORE_ERASING). `by` is who erased it, in at most 150 characters;
    `user` is who can see the certificate at the desk.
    """
    locked = Workshop.objects.select_for_update().order_by("pk").get(pk=workshop.pk)
    organisation, date, due = locked.organisation, locked.date, locked.erase_on
    signed = import_string(settings.BEFORE_ERASING)(locked)
    _, rows = locked.delete()
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


def empty_files() -> bool:
    """Write SQLite's file anew without free pages, and empty its log; call it after commit, outside a transaction.

    Return False when somebody was reading or writing, so that it has to be done again. On PostgreSQL nothing is done.
    """
    if connection.vendor != "sqlite":
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    except OperationalError:
        return False
    return empty_log()


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
