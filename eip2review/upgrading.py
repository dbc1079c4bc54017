"""Upgrading: the database is brought along to a new version before the server starts, and not under people's hands."""

from __future__ import annotations

import datetime

from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Exists, OuterRef, Q
from django.db.utils import Error
from django.utils import timezone

from workshops.clock import put_forward
from workshops.models import Participant, StageMove, Workshop
from workshops.views.errors import is_away

MORNING = datetime.timedelta(hours=12)
"""A workshop in which a stage was moved so lately has people in the room."""

IN_SESSION = """\
The database was not changed: {rooms}, with people in it, and this version needs {steps} first.
Close the workshop at its desk, then run this again; or go on with the version that you had: the database still fits it.
To change the database in spite of it: {force}"""
UNPREPARED = """\
The database is not of this version, which needs {steps} first.
Run make setup, or on a server manage.py prepare as the user that it runs as. Then run this again."""
LATER = """\
The database is of a later version of Midpoint: {step} is not known here.
Install that version; or restore a backup that was made before it came: manage.py restore FILE --replace."""
OURS = {"ratings", "workshops"}
"""The apps whose migrations tell the version; libraries take theirs together and rename them."""
AWAY = "The database cannot be used ({said}). See that it runs and that its disk has room, then run this again."


def missing_steps(alias: str = DEFAULT_DB_ALIAS) -> int:
    """Return how many migrations the database lacks. Raises django.db.Error when it is away."""
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def later_steps(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return our migrations that only a later version knows. Raises django.db.Error when the database is away."""
    loader = MigrationLoader(connections[alias])
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(f"{app}.{name}" for app, name in unknown if app in OURS)


def rooms_in_session() -> list[str]:
    """Return the workshops that people are in, each as the person at the terminal knows it.

    That is one that phones joined and nobody closed, and where a stage was moved within a MORNING or that is open to
    everybody today; for a day after the clock has jumped forward, by what it showed before too. Only columns are read
    that the first version had: the database may be of any.
    """
    earliest = timezone.now() - put_forward()
    lately = StageMove.objects.filter(stage__workshop=OuterRef("pk"), at__gte=earliest - MORNING)
    joined = Participant.objects.filter(workshop=OuterRef("pk"))
    today = Q(self_paced_until__gte=timezone.localdate(earliest))
    rooms = Workshop.objects.filter(Exists(joined), today | Exists(lately), closed_at=None).order_by("pk")
    return [f"{organisation} ({code})" for organisation, code in rooms.values_list("organisation", "code")]


def refuse_in_session(*, force: str, alias: str = DEFAULT_DB_ALIAS) -> None:
    """Raise CommandError when migrations are missing and a workshop is in session; `force` says how to insist."""
    steps = missing_steps(alias)
    if not steps or StageMove._meta.db_table not in connections[alias].introspection.table_names():
        return
    rooms = rooms_in_session()
    if rooms:
        named = f"{' and '.join(rooms)} {'is' if len(rooms) == 1 else 'are'} in session"
        raise CommandError(IN_SESSION.format(rooms=named, steps=_in_words(steps), force=force))


def refuse_later(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Raise CommandError when the database is of a later version, which this one would not keep as it has to be."""
    if later := later_steps(alias):
        raise CommandError(LATER.format(step=later[-1]))


def refuse_unprepared() -> None:
    """Raise CommandError when the database is of another version. For one that is away the server can wait."""
    try:
        refuse_later()
        steps = missing_steps()
    except Error:
        return
    if steps:
        raise CommandError(UNPREPARED.format(steps=_in_words(steps)))


def refuse_away(error: Error) -> None:
    """Raise CommandError when an error is the database's, which is of another version or away, not the program's."""
    refuse_unprepared()
    if is_away(error):
        raise CommandError(AWAY.format(said=str(error).strip())) from error


def _in_words(steps: int) -> str:
    return "one change to it" if steps == 1 else f"{steps} changes to it"
