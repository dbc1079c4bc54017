"""`manage.py take_in FILE`: take in a workshop that was packed at another Midpoint."""

import getpass
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from ratings.carrying.contents import Unreadable
from ratings.carrying.forms import refusal
from ratings.carrying.locking import LARGEST, CannotOpen
from ratings.carrying.taking_in import CannotTakeIn, take_in


class Command(BaseCommand):
    """Take it in, once, and say what its code is here."""

    help = (
        "Take in a workshop from a file that was packed at another Midpoint: at its desk, or with manage.py carry. "
        "Asks for the passphrase, or reads it from the first line of the standard input. Prints the workshop's code."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and who owns the workshop here."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--owner", required=True, metavar="USERNAME", help="the user who owns the workshop here")

    def handle(self, *args: Any, file: Path, owner: str, **options: Any) -> None:
        """Take it in, or exit with a sentence that says why not."""
        user = User.objects.filter(username=owner).first()
        if user is None:
            raise CommandError(f"There is no user “{owner}”.")
        try:
            with file.open("rb") as opened:
                packed = opened.read(LARGEST + 1)
            taken = take_in(file=packed, passphrase=_ask(), owner=user)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (CannotOpen, CannotTakeIn, Unreadable) as error:
            raise CommandError(f"Nothing was taken in. {refusal(error)}") from error
        if taken.broken:
            where = ", ".join(taken.broken)
            self.stderr.write(f"Its audit trail did not hold any more when it was packed: {where}.", self.style.NOTICE)
        self.stdout.write(taken.workshop.code)


def _ask() -> str:
    """Return the passphrase as typed; not shown while it is typed at a terminal."""
    return getpass.getpass("Passphrase: ") if sys.stdin.isatty() else sys.stdin.readline()
