"""Measure the check for possible names."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ratings.names.measuring import SENTENCES, measure, read_sentences


class Command(BaseCommand):
    """Print precision and recall on marked sentences; with --verbosity 2 also each miss."""

    help = "Measure the check for possible names on sentences with marked names, and print precision and recall."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a file of marked sentences."""
        parser.add_argument("file", nargs="?", type=Path, default=SENTENCES, help="one sentence a line, {names} marked")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        sentences = read_sentences(options["file"])
        result = measure(sentences)
        self.stdout.write(f"{len(sentences)} sentences, {result.marked} marked")
        self.stdout.write(f"precision {result.precision:.3f}: {result.right} of {result.found} findings are right")
        self.stdout.write(f"recall    {result.recall:.3f}: {result.caught} of {result.marked} were found")
        for kind, (marked, caught) in result.by_kind.items():
            self.stdout.write(f"  {kind.value:9} {caught} of {marked}")
        if options["verbosity"] > 1:
            for what, lines in (("Missed", result.missed), ("Wrong", result.wrong)):
                for line in lines:
                    self.stdout.write(f"{what}: {line}")
