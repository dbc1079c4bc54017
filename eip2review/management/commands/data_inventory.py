"""`manage.py data_inventory`: write what is stored, where and for how long, from the models."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from eip2review.inventory_page import unlisted, write_inventory

PAGE: Path = settings.BASE_DIR / "docs" / "data-inventory.md"


class Command(BaseCommand):
    """Write the page, or look whether it is up to date."""

    help = "Write docs/data-inventory.md: what is stored, where and for how long, for every field of every model."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether only to look."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Do it; exits with a sentence when a model or a field is not described, or the page is out of date."""
        wrong = unlisted()
        if wrong:
            raise CommandError("Say in eip2review/inventory.py what these hold: " + "; ".join(wrong))
        page = write_inventory()
        if not check:
            PAGE.write_text(page)
        elif not PAGE.exists() or PAGE.read_text() != page:
            raise CommandError("docs/data-inventory.md is out of date. Run manage.py data_inventory.")
