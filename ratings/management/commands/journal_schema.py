"""`manage.py journal_schema`: write what a journal's JSON holds, from the journal itself."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ratings.journal.record import schema_json

FILE: Path = settings.BASE_DIR / "docs" / "journal.schema.json"


class Command(BaseCommand):
    """Write the description anew after a field of the journal came, went or changed."""

    help = "Write docs/journal.schema.json: what a journal's JSON holds, as JSON Schema."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        FILE.write_text(schema_json())
