"""`manage.py backup FILE`: all of this installation in one file, while the server runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from eip2review.keeping.failures import KeepingFailed
from eip2review.keeping.making import make_backup, name_backup, rotate


class Command(BaseCommand):
    """Write a backup, open it again and compare; say what is in it and what about it needs attention."""

    requires_system_checks = []
    help = (
        "Back this installation up into one file: the database as it is at one moment, and the secret key if it is "
        "kept in VAR_DIR. The server may run. The file is opened again and compared before it gets its name; nothing "
        "is overwritten. It is as confidential as the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to write, and how many to keep."""
        parser.add_argument("target", type=Path, metavar="FILE", help="with --keep: a folder")
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="write into the folder FILE under a name with the time, and leave the newest N there; an older one "
            "that could tell whose answers are whose in a workshop sealed since goes at once",
        )

    def handle(self, *args: Any, target: Path, keep: int | None, **options: Any) -> None:
        """Do it; exits with a sentence when there is no good backup."""
        if keep is not None and keep < 1:
            raise CommandError("--keep takes 1 or more: the newest backup always stays.")
        target = target.expanduser().absolute()
        file = target if keep is None else name_backup(target)
        try:
            manifest = make_backup(file)
        except KeepingFailed as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.survey.rows.values())
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, {rows:,} rows in {len(manifest.survey.rows)} tables")
        for cleared in rotate(file, manifest, keep) if keep else ():
            why = "it could tell whose answers are whose in a workshop sealed since" if cleared.links else "old enough"
            self.stdout.write(f"deleted {cleared.path.name}: {why}")
        if manifest.survey.linked:
            self.stderr.write(
                f"It holds {len(manifest.survey.linked)} workshops not sealed: whose answers are whose can be told "
                "from this file. Delete it once they are sealed and a newer backup is there.",
                self.style.NOTICE,
            )
        if manifest.survey.broken is None:
            self.stderr.write("Trails and signatures were not checked: the database is of an earlier version.", str)
        for line in manifest.survey.broken or ():
            self.stderr.write(f"Does not hold, in the database as in the backup: {line}", self.style.NOTICE)
