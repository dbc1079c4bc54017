"""`manage.py restore FILE`: a backup becomes this installation's database."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from eip2review.keeping.failures import KeepingFailed
from eip2review.keeping.restoring import Restored, restore_backup
from ratings.sealing import due_workshops as due_to_seal
from workshops.erasing import due_workshops


class Command(BaseCommand):
    """Restore, say where the database before is, and what is due in the one that came back."""

    requires_system_checks = []
    help = (
        "Restore a backup that manage.py backup wrote. The server has to be stopped. The file is checked whole, "
        "brought up to this version and compared before anything is replaced; a restore that is cut off leaves the "
        "database as it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what to do where something is in the way."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="put aside what is in this installation")
        parser.add_argument("--erase-due", action="store_true", help="erase what is past its erase date at once")
        parser.add_argument(
            "--lost-key", action="store_true", help="restore though the secret key of the trails is nowhere any more"
        )

    def handle(self, *args: Any, file: Path, replace: bool, erase_due: bool, lost_key: bool, **options: Any) -> None:
        """Do it; exits with a sentence when nothing was changed."""
        try:
            restored = restore_backup(file.expanduser().absolute(), replace=replace, lost_key=lost_key)
        except KeepingFailed as error:
            raise CommandError(str(error)) from error
        made_at = timezone.localtime(datetime.datetime.fromisoformat(restored.manifest.made_at))
        rows = sum(restored.manifest.survey.rows.values())
        self.stdout.write(f"Restored: {rows:,} rows as they were on {made_at:%Y-%m-%d at %H:%M}.")
        self._tell_aside(restored)
        for line in restored.broken:
            self.stderr.write(f"Does not hold, as in the backup: {line}", self.style.NOTICE)
        for workshop in restored.back:
            self.stdout.write(
                f"Erased since the backup, and back: {workshop.code}  {workshop}. If it is the same workshop: "
                f"manage.py erase_due --code {workshop.code}"
            )
        if waiting := due_to_seal().count():
            self.stdout.write(f"{waiting} to seal: the server does so when it starts, or manage.py seal_due.")
        self._tell_due(erase=erase_due)

    def _tell_aside(self, restored: Restored) -> None:
        if restored.aside is None:
            return
        how = "delete that file" if connection.vendor == "sqlite" else f"DROP SCHEMA {restored.aside} CASCADE"
        self.stdout.write(f"What was here before is in {restored.aside}. When it is not needed: {how}.")

    def _tell_due(self, *, erase: bool) -> None:
        due = list(due_workshops(timezone.localdate()))
        for workshop in due:
            self.stdout.write(f"Past its erase date, {workshop.erase_on}: {workshop.code}  {workshop}")
        if due and erase:
            call_command("erase_due", stdout=self.stdout)
        elif due:
            self.stdout.write("To erase them: manage.py erase_due")
