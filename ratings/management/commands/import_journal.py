"""`manage.py import_journal FILE`: a journal kept as plain text or JSON becomes a review and a closed workshop."""

import datetime
import textwrap
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ratings.importing import import_journal
from ratings.journal.build import Journal
from ratings.journal.read import UnreadableText, decode_journal, read_journal
from ratings.journal.reading.content import TITLE_MAX, Entry, ReadJournal
from ratings.journal.record import UnreadableRecord, read_json
from ratings.restoring import Unfit, left_behind, restore_journal
from workshops.choices import ScaleKind
from workshops.models import Workshop

ORGANISATION_MAX = Workshop._meta.get_field("organisation").max_length


class Command(BaseCommand):
    """Read a journal, list what finds no place in it, and keep the rest as a review and a closed workshop."""

    help = (
        "Import a journal kept as plain text, or as JSON (FILE.json) with its numbers. Prints a line a deliverable, "
        "the totals, and the workshop's code; what cannot be placed is listed on stderr with its line; then nothing "
        "is imported unless --lenient is given. What a journal in JSON says and cannot bring along is listed too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what it may not say itself."""
        parser.add_argument("file", type=Path, metavar="FILE", help="text in UTF-8, UTF-16 or cp1252, or JSON")
        parser.add_argument("--organisation", default="", help="whose workshop it was; default: what the file says")
        parser.add_argument(
            "--date", type=iso_date, metavar="YYYY-MM-DD", help="default: the date found in the journal, else today"
        )
        parser.add_argument("--facilitator", metavar="USERNAME", help="the user who will find the workshop at the desk")
        parser.add_argument("--title", default="", help="in place of the journal's own, which becomes the subtitle")
        parser.add_argument("--lenient", action="store_true", help="import what can be placed, list the rest")

    def handle(self, *args: Any, file: Path, lenient: bool, **options: Any) -> None:
        """Import, or exit with a sentence that says why not."""
        options["facilitator"] = find_user(options["facilitator"])
        refuse_longer(options["title"], TITLE_MAX, "title")
        refuse_longer(options["organisation"], ORGANISATION_MAX, "organisation")
        if file.suffix.lower() == ".json":
            self.restore(read_record(file), **options)
        else:
            self.import_text(read_file(file), lenient=lenient, **options)

    def restore(self, journal: Journal, **options: Any) -> None:
        """Make a workshop of a whole journal; exits with a sentence when none can hold it."""
        title = options["title"]
        journal = replace(
            journal,
            organisation=options["organisation"] or journal.organisation,
            date=options["date"] or journal.date,
            title=title or journal.title,
            subtitle=journal.title if title and title != journal.title else journal.subtitle,
        )
        try:
            workshop = restore_journal(journal=journal, facilitator=options["facilitator"])
        except Unfit as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        for number, words in enumerate(left_behind(journal)):
            if number == 0:
                self.stderr.write("Not in the new workshop:", self.style.NOTICE)
            self.stderr.write(f"  {words}", str)
        told = [
            (page.name, {scale.kind: len(scale.comments) for scale in page.scales}) for page in journal.deliverables
        ]
        self.tell(told, len(journal.imperatives), workshop)

    def import_text(self, journal: ReadJournal, *, lenient: bool, **options: Any) -> None:
        """Make a workshop of the words that were read; exits with a sentence when some found no place."""
        self.report(journal, lenient=lenient)
        workshop = import_journal(
            journal=journal,
            organisation=options["organisation"],
            date=options["date"] or journal.date or timezone.localdate(),
            title=options["title"],
            facilitator=options["facilitator"],
        )
        told = [
            (each.name.text, {scale.kind: len(scale.comments) for scale in each.scales})
            for each in journal.deliverables
        ]
        self.tell(told, len(journal.imperatives), workshop)

    def tell(self, told: Sequence[tuple[str, Mapping[ScaleKind, int]]], imperatives: int, workshop: Workshop) -> None:
        """Write a line a deliverable with how many comments each of its scales has, the totals, and the code."""
        for name, counts in told:
            parts = ", ".join(f"{n} on {kind.label.lower()}" for kind, n in counts.items())
            self.stdout.write(f"{name}: {len(counts)} scales, {sum(counts.values())} comments ({parts})")
        self.stdout.write(
            f"{len(told)} deliverables, {sum(len(counts) for _name, counts in told)} scales, "
            f"{sum(sum(counts.values()) for _name, counts in told)} comments, {imperatives} imperatives"
        )
        self.stdout.write(workshop.code)

    def report(self, journal: ReadJournal, *, lenient: bool) -> None:
        """List on stderr what is navigation, not placed, or missing; exit for the last two unless lenient."""
        self.list_lines("Links to other pages, not part of the journal:", journal.navigation)
        self.list_lines("Not placed:", journal.unplaced)
        self.list_lines("Missing:", journal.gaps)
        found = len(journal.unplaced) + len(journal.gaps)
        if found and not lenient:
            raise CommandError(
                f"Nothing was imported: {found} to look at, listed above. "
                "Correct the file, or give --lenient to import the rest."
            )

    def list_lines(self, title: str, entries: Iterable[Entry]) -> None:
        """Write the entries under a title, each with its line; nothing when there are none."""
        for number, entry in enumerate(entries):
            if number == 0:
                self.stderr.write(title, self.style.NOTICE)
            self.stderr.write(f"  line {entry.line}: {textwrap.shorten(entry.text, 100, placeholder=' …')}", str)


def read_record(path: Path) -> Journal:
    """Read the whole journal in a file of JSON. Raises CommandError when there is none in it."""
    try:
        return read_json(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnreadableRecord as error:
        raise CommandError(f"{path}: {error}") from error


def read_file(path: Path) -> ReadJournal:
    """Read the journal in a file. Raises CommandError when there is none in it."""
    try:
        text = decode_journal(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnreadableText as error:
        raise CommandError(f"{path} is not plain text in UTF-8, UTF-16 or cp1252. Save it as plain text.") from error
    if not text.strip("\ufeff\u200b \t\r\n\xa0"):
        raise CommandError(f"{path} is empty.")
    journal = read_journal(text)
    if not journal.deliverables:
        raise CommandError(
            f"{path} has no deliverable: no line says “Being at the goal” or “Making progress towards the goal”."
        )
    return journal


def find_user(username: str | None) -> User | None:
    """Return the user, None for no name. Raises CommandError when there is no such user."""
    if username is None:
        return None
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user “{username}”.")
    return user


def refuse_longer(words: str, longest: int | None, option: str) -> None:
    """Raise CommandError when an option is longer than its place allows."""
    if longest is not None and len(words) > longest:
        raise CommandError(f"--{option} may have {longest} characters; this has {len(words)}.")


def iso_date(text: str) -> datetime.date:
    """Return a date written YYYY-MM-DD. Raises ArgumentTypeError for anything else."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("write the date as YYYY-MM-DD") from error
