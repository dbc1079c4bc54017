"""`manage.py verify_journal FILE`: whether a file is what was signed off here."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ratings.verifying import Facts, verify_file


class Command(BaseCommand):
    """Says what a file is; ends with an error unless it is, to the byte, what was signed."""

    help = "Say whether a file is a journal that was signed off here, to the byte."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Print the verdict."""
        try:
            verdict = verify_file(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        lines = [str(verdict.match.label), *map(_line, verdict.facts)]
        if not verdict.is_what_was_signed:
            raise CommandError("\n".join(lines))
        self.stdout.write("\n".join(lines))


def _line(facts: Facts) -> str:
    """Return what is said of one edition."""
    which = f"Edition {facts.number}, workshop of {facts.organisation} on {facts.held_on.isoformat()}"
    if facts.is_erased:
        return f"{which}, erased since. Signed off on {facts.signed_on.isoformat()}. Fingerprint {facts.fingerprint}"
    counts = f"superseded by edition {facts.superseded_by}" if facts.superseded_by else "the edition that counts"
    signed = f"Signed off by {facts.signed_by}, {facts.signed_as}, on {facts.signed_on.isoformat()}"
    elsewhere = f", at another Midpoint; taken in here on {facts.taken_in_on.isoformat()}" if facts.taken_in_on else ""
    return f"{which}: {counts}. {signed}{elsewhere}. Fingerprint {facts.fingerprint}"
