"""`manage.py export_workshop CODE FILE`: everything that is held about a workshop, in one file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from ratings.exporting import NotClosed, export_workshop
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.trail import record_act


class Command(BaseCommand):
    """Write the file; the trail says so."""

    help = "Write everything that is held about a closed workshop into a JSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the workshop and where to write."""
        parser.add_argument("code", help="the workshop's join code")
        parser.add_argument("file", type=Path, help="the file to write; one that is there is not overwritten")

    def handle(self, *args: Any, code: str, file: Path, **options: Any) -> None:
        """Write it; exits with a sentence when there is no such closed workshop, or when the file cannot be written."""
        workshop = Workshop.objects.select_related("edition").filter(code=code).first()
        if workshop is None:
            raise CommandError(f"No workshop has the code {code}.")
        try:
            held = export_workshop(workshop)
            with file.open("x", encoding="utf-8") as opened:
                json.dump(held, opened, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        except NotClosed as error:
            raise CommandError(f"The workshop {code} is not closed. Close it at its desk first.") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        record_act(workshop=workshop, user=None, act=Deed.TOOK_OUT, about="manage.py export_workshop")
        self.stdout.write(f"{sum(map(len, held['rows'].values()))} rows in {file}")
