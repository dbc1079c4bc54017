"""`manage.py seal_due`: seal the workshops that were closed long enough ago."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ratings.sealing import NotClosed, close_forgotten, due_workshops, forgotten_workshops, seal_workshop
from workshops.clock import JUMPED, LONGEST, steady_for
from workshops.erasing import empty_files
from workshops.models import Workshop


class Command(BaseCommand):
    """Seal what is due, or one workshop at once, and say which."""

    help = (
        "Seal every workshop that was closed SEAL_AFTER minutes ago or longer: from then on nobody can tell whose "
        "answers are whose. One that nobody closed two weeks after its last day is closed first. The running server "
        "does so by itself; this is for an installation that is not running."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do instead of sealing what is due."""
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument("--dry-run", action="store_true", help="say what is due, and seal nothing")
        instead.add_argument("--code", help="seal the closed workshop with this join code now")

    def handle(self, *args: Any, dry_run: bool, code: str | None, **options: Any) -> None:
        """Do it; exits with a sentence for no such closed workshop, a clock that jumped, or traces in the files."""
        if not code and not dry_run and steady_for() < LONGEST:
            raise CommandError(f"{JUMPED} To seal one workshop now: manage.py seal_due --code CODE")
        if not code:
            for workshop in forgotten_workshops() if dry_run else close_forgotten():
                self.stdout.write(f"{'to close' if dry_run else 'closed '} {workshop.code}  {workshop}")
        due = Workshop.objects.filter(code=code) if code else due_workshops()
        if code and not due:
            raise CommandError(f"No workshop has the code {code}.")
        for workshop in due:
            line = f"{workshop.code}  {workshop}"
            if dry_run:
                self.stdout.write(f"due     {line}")
                continue
            try:
                sealed = seal_workshop(workshop=workshop)
            except NotClosed as error:
                raise CommandError(f"The workshop {code} is not closed. Close it at its desk first.") from error
            self.stdout.write(f"sealed  {line}" if sealed else f"was sealed before  {line}")
        if not due:
            self.stdout.write("Nothing is due.")
        if not dry_run and not empty_files():
            raise CommandError("The database was in use, so traces may be left in its files. Run this again.")
