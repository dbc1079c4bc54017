"""`manage.py journal CODE --output FILE`: write a workshop's journal."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ratings.journal.build import build_journal
from ratings.journal.export import export_html
from ratings.journal.press import JournalFailed, print_journal
from workshops.models import Workshop


class Command(BaseCommand):
    """Write the journal of one workshop as PDF or HTML, as the file's name says."""

    help = "Write the journal of the workshop with this code, as .pdf or .html."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the code, spaces or not, and the file."""
        parser.add_argument("code", metavar="CODE", help="the six digits of the workshop's join code")
        parser.add_argument(
            "--output", metavar="FILE", type=Path, required=True, help="where to write: a .pdf or .html file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; raise CommandError with what to do about it when it cannot be written."""
        output: Path = options["output"]
        if output.suffix.lower() not in (".pdf", ".html"):
            raise CommandError(f"A journal is a .pdf or an .html file, not “{output.suffix or output.name}”.")
        code = "".join(options["code"].split())
        workshop = Workshop.objects.select_related("edition").filter(code=code).first()
        if workshop is None:
            raise CommandError(f"No workshop has the code {options['code']}. Look again at the desk.")
        journal = build_journal(workshop)
        try:
            content = print_journal(journal) if output.suffix.lower() == ".pdf" else export_html(journal).encode()
            output.write_bytes(content)
        except (JournalFailed, OSError) as error:
            raise CommandError(f"The journal was not written: {error}") from error
        self.stdout.write(f"{output}: {journal.title}, {journal.organisation}")
