"""The database, what is due in it, and what carries notices between processes."""

from __future__ import annotations

import datetime
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from eip2review.doctor.findings import Check, Finding, broken, fine, look
from eip2review.keeping.postgresql import STAGED
from eip2review.upgrading import later_steps, missing_steps
from ratings.journal.printing import SILENT, abandoned
from ratings.sealing import due_workshops as due_to_seal
from workshops.append_only import guards_stand
from workshops.erasing import due_workshops
from workshops.trail import newest_holds

PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1"}
OVERDUE = datetime.timedelta(minutes=5)
ASIDE = "-before-*"


def database() -> Finding:
    """Look whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        where = "its file and the rights of its folder" if connection.vendor == "sqlite" else "DATABASE_URL"
        return broken(f"The database does not answer: {type(error).__name__}.", f"Look at {where}.")
    return fine(f"{connection.display_name} answers.")


def migrations() -> Finding:
    """Look whether the database is of this version."""
    if later := later_steps():
        return broken(f"The database is of a later version: {later[-1]}.", "Install that version.")
    if waiting := missing_steps():
        return broken(f"{waiting} migrations are not applied.", "Back up, then make setup.")
    return fine("The database is of this version.")


def durability() -> Finding:
    """Look whether SQLite keeps what it was told, and forgets what it was told to forget."""
    if connection.vendor != "sqlite":
        return fine("PostgreSQL looks after what it has confirmed.")
    for name, wanted in PRAGMAS.items():
        if (found := _pragma(name)) != wanted:
            return broken(
                f"SQLite has {name}={found}, not {wanted}: what was saved can be lost, or what was erased can stay.",
                "Keep the database on a disk of this machine, not on a network share, and run it with these settings.",
            )
    return fine("SQLite writes through to the disk, and overwrites what is deleted.")


def integrity() -> Finding:
    """Look whether SQLite's file is whole."""
    if connection.vendor != "sqlite":
        return fine("PostgreSQL looks after its files.")
    try:
        found = _pragma("quick_check")
    except DatabaseError as error:
        found = str(error)
    if found != "ok":
        return broken(f"The database is damaged: {found.splitlines()[0]}.", "Stop the server; restore the last backup.")
    return fine("The database is whole.")


def guards() -> Finding:
    """Look whether the database itself refuses changes to the trail."""
    if not guards_stand():
        return broken("The database would let the trail be changed.", "Run manage.py migrate, then check_trail.")
    return fine("The database refuses changes to the trail.")


def trails() -> Finding:
    """Look whether the trail that was added to last holds with this secret key."""
    if not newest_holds():
        return broken(
            "The newest trail does not hold: it was changed, or written with another secret key.",
            "Give every process the same SECRET_KEY. If they have it, manage.py check_trail says where it breaks.",
        )
    return fine("The newest trail holds with this secret key.")


def due() -> Finding:
    """Look whether something should have been erased, sealed or printed."""
    erase = due_workshops(timezone.localdate()).count()
    if erase:
        return look(f"{erase} workshops are past their erase date.", "Run manage.py erase_due, and every night.")
    closed_before = timezone.now() - datetime.timedelta(minutes=settings.SEAL_AFTER) - OVERDUE
    if sealing := due_to_seal().filter(closed_at__lt=closed_before).count():
        return look(f"{sealing} workshops should be sealed by now.", "Start the server, or run manage.py seal_due.")
    if abandoned().exists():
        return look(
            f"Nothing has been heard for {SILENT // datetime.timedelta(minutes=1)} minutes of a journal at the press.",
            "The server takes it up again within a minute; where none runs, run manage.py print_due.",
        )
    return fine("Nothing is overdue.")


def kept_aside() -> Finding:
    """Look whether a database that was replaced is still there: nobody erases what is due in it."""
    found = _aside()
    if found:
        return look(
            f"A restore kept what was there before: {', '.join(found)}.",
            "Delete it when it is not needed: nothing in it is ever erased.",
        )
    return fine("No database that was replaced is left.")


def cut_off() -> Finding:
    """Look whether a restore that was killed has left what it had read: nobody erases what is due in it either."""
    if connection.vendor == "sqlite":
        found = Path(f"{connection.settings_dict['NAME']}.restoring")
        left, how = found.name if found.exists() else "", "delete that file"
    else:
        left, how = STAGED if _schemas(STAGED) else "", f"DROP SCHEMA {STAGED} CASCADE"
    if left:
        return look(
            f"A restore that was cut off, or is running, has left {left}.",
            f"If none is running: restore again, or {how}.",
        )
    return fine("No restore was cut off.")


def bus() -> Finding:
    """Look whether Redis answers, where there is one."""
    if not settings.REDIS_URL:
        return fine("No Redis is set: one process, or PostgreSQL carries what others should know.")
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return broken(f"Redis does not answer: {type(error).__name__}.", "Start it, or look at REDIS_URL.")
    return fine("Redis answers.")


def _pragma(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return str(cursor.fetchone()[0])


def _aside() -> list[str]:
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return sorted(found.name for found in path.parent.glob(f"{path.stem}{ASIDE}{path.suffix}"))
    return _schemas(r"before\_2%")


def _schemas(like: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE %s ORDER BY 1", [like])
        return [name for (name,) in cursor.fetchall()]


CHECKS: list[tuple[str, Check]] = [
    ("database", database),
    ("migrations", migrations),
    ("durability", durability),
    ("integrity", integrity),
    ("guards", guards),
    ("trails", trails),
    ("due", due),
    ("kept aside", kept_aside),
    ("restore", cut_off),
    ("bus", bus),
]
