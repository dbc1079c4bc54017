"""`manage.py journal CODE --output FILE`: write a workshop's journal."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ratings.journal.build import build_journal
from ratings.journal.formats import FORMATS
from ratings.journal.press import JournalFailed
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.trail import record_act


class Command(BaseCommand):
    """Write the journal of one workshop in the format that the file's name says."""

    help = f"Write the journal of the workshop with this code, as {', '.join(FORMATS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the code, spaces or not, and the file."""
        parser.add_argument("code", metavar="CODE", help="the six digits of the workshop's join code")
        parser.add_argument(
            "--output", metavar="FILE", type=Path, required=True, help="where to write; the name’s end says what"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; raise CommandError with what to do about it when it cannot be written."""
        output: Path = options["output"]
        kind = FORMATS.get(output.suffix.lower().removeprefix("."))
        if kind is None:
            raise CommandError(f"A journal comes as {', '.join(FORMATS)}, and not as “{output.suffix or output.name}”.")
        code = "".join(options["code"].split())
        workshop = Workshop.objects.select_related("edition").filter(code=code).first()
        if workshop is None:
            raise CommandError(f"No workshop has the code {options['code']}. Look again at the desk.")
        journal = build_journal(workshop)
        try:
            output.write_bytes(kind.write(journal))
        except (JournalFailed, OSError) as error:
            raise CommandError(f"The journal was not written: {error}") from error
        about = f"manage.py journal, {output.suffix.lower()}"
        record_act(workshop=workshop, user=None, act=Deed.TOOK_OUT, about=about)
        self.stdout.write(f"{output}: {journal.title}, {journal.organisation}")
