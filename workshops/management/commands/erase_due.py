"""`manage.py erase_due`: erase the workshops whose date has come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workshops.clock import JUMPED, LONGEST, steady_for
from workshops.erasing import due_workshops, empty_log, erase_workshop
from workshops.models import Erasure, Workshop
from workshops.trail import forget_accounts


class Command(BaseCommand):
    """Erase what is due, old entries in the trails of accounts too, or one workshop at once; print the certificates."""

    help = (
        "Erase every workshop whose erase date has come, with all that was said in it, and print a certificate for "
        "each; entries in the trails of accounts go after KEEP_DAYS. Run it every night. What is erased cannot be "
        "brought back, except from a backup."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do instead of erasing what is due."""
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument("--dry-run", action="store_true", help="say what is due, and erase nothing")
        instead.add_argument("--code", help="erase the workshop with this join code now, whatever its date")
        instead.add_argument(
            "--certificates", action="store_true", help="print the certificates of all that was erased"
        )

    def handle(self, *args: Any, dry_run: bool, code: str | None, certificates: bool, **options: Any) -> None:
        """Do it; exits with a sentence for no such workshop, a clock that jumped, or traces left in the log."""
        if certificates:
            self._print(Erasure.objects.order_by("pk"))
            return
        due = Workshop.objects.filter(code=code) if code else due_workshops(timezone.localdate())
        if code and not due:
            raise CommandError(f"No workshop has the code {code}.")
        if dry_run:
            lines = [f"{workshop.code}  due {workshop.erase_on}  {workshop}" for workshop in due]
            self.stdout.write("\n".join(lines) or "Nothing is due.")
            return
        if not code and steady_for() < LONGEST:
            raise CommandError(f"{JUMPED} To erase one workshop now: manage.py erase_due --code CODE")
        if not code:
            forget_accounts()
        self._print([erase_workshop(workshop=workshop, by="manage.py erase_due") for workshop in due])
        if not empty_log():
            raise CommandError("Erased, but the database's log was being read. Run this again to empty the log too.")

    def _print(self, erasures: Any) -> None:
        for erasure in erasures:
            rows = ", ".join(f"{label.split('.')[-1]} {n}" for label, n in sorted(erasure.rows.items()))
            self.stdout.write(f"Certificate {erasure.pk}: the workshop of {erasure.organisation} on {erasure.date}")
            self.stdout.write(f"  erased {erasure.at:%Y-%m-%d %H:%M} UTC by {erasure.by}; it was due on {erasure.due}")
            self.stdout.write(f"  rows: {rows}")
        if not erasures:
            self.stdout.write("Nothing was erased.")
