"""`manage.py check_trail CODE`: does the audit trail still say what was written down?"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ratings.trail_sheet import write_trail
from workshops.append_only import guards_stand
from workshops.models import TrailEntry, Workshop
from workshops.trail import chains, first_break


class Command(BaseCommand):
    """Check the chains of a workshop's trail, or those of all accounts; write them out if asked."""

    help = (
        "Check that no entry of a workshop's audit trail was changed or taken out, nor one of the accounts' when no "
        "code is given. What was taken from a chain's end shows only against a link that was noted before: each check "
        "prints the last link of every chain."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the workshop, a link to look for, and where to write."""
        parser.add_argument("code", nargs="?", help="the workshop's join code; without, the trails of accounts")
        parser.add_argument("--noted", metavar="LINK", help="fail unless the trail still has the entry with this link")
        parser.add_argument("--write", metavar="FILE", type=Path, help="write it as CSV; overwrites nothing")

    def handle(self, *args: Any, code: str | None, noted: str | None, write: Path | None, **options: Any) -> None:
        """Check and say how far each chain goes; exits with a sentence for whatever does not hold."""
        workshop = Workshop.objects.filter(code=code).first() if code else None
        if code and workshop is None:
            raise CommandError(f"No workshop has the code {code}.")
        found = list(chains(workshop))
        self._check(found, workshop)
        entries = [entry for chain in found for entry in chain]
        if noted and noted not in {entry.link for entry in entries}:
            raise CommandError("The entry with that link is gone: the trail was cut or written anew since.")
        if not guards_stand():
            raise CommandError("The chains hold, but the database’s guards are down. Run manage.py migrate.")
        if write:
            self._write(write, entries)

    def _check(self, found: list[list[TrailEntry]], workshop: Workshop | None) -> None:
        if workshop and not found:
            raise CommandError("There is no trail. Only a workshop planned before trails were kept may have none.")
        for chain in found:
            name = chain[0].get_strand_display() if workshop else chain[0].by
            broken = first_break(chain)
            if broken:
                raise CommandError(
                    f"{name}: entry {broken.number} does not follow from the one before it. It, or what stood before "
                    "it, was changed or taken out; or the secret key is not the one that it was written with."
                )
            self.stdout.write(f"{name}: {len(chain)} entries hold, the last is {chain[-1].link}")
        if not found:
            self.stdout.write("Nothing is in the trails of accounts.")

    def _write(self, file: Path, entries: list[TrailEntry]) -> None:
        try:
            with file.open("x", encoding="utf-8", newline="") as opened:
                write_trail(opened, entries)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(entries)} entries in {file}")
