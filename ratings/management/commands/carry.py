"""`manage.py carry CODE FILE`: pack a finished workshop into a file that goes on elsewhere."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ratings.carrying.contents import Unreadable
from ratings.carrying.locking import TooLarge, new_passphrase
from ratings.carrying.packing import NotSealed, carry_workshop
from ratings.sealing import NotClosed, seal_workshop
from workshops.models import Workshop


class Command(BaseCommand):
    """Write the file, and print the passphrase that opens it, once."""

    help = (
        "Pack everything that is held about a sealed workshop into a file, to be taken in by another Midpoint with "
        "manage.py take_in, or at its desk. Prints the passphrase: it is shown once, and does not travel with the "
        "file. What stays here is a copy to read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the workshop and where to write."""
        parser.add_argument("code", help="the workshop's join code")
        parser.add_argument("file", type=Path, help="the file to write; one that is there is not overwritten")
        parser.add_argument("--seal", action="store_true", help="seal a closed workshop first; it cannot be undone")

    def handle(self, *args: Any, code: str, file: Path, seal: bool, **options: Any) -> None:
        """Write it; exits with a sentence when there is no such finished workshop, or the file cannot be written."""
        workshop = Workshop.objects.filter(code=code).first()
        if workshop is None:
            raise CommandError(f"No workshop has the code {code}.")
        passphrase = new_passphrase()
        try:
            if seal:
                seal_workshop(workshop=workshop)
            with transaction.atomic():
                packed = carry_workshop(workshop=workshop, passphrase=passphrase, user=None)
                _write(file, packed)
        except NotClosed as error:
            raise CommandError(f"The workshop {code} is not closed. Close it at its desk first.") from error
        except NotSealed as error:
            raise CommandError(f"The workshop {code} is not sealed. Give --seal to seal it first, for good.") from error
        except TooLarge as error:
            raise CommandError("What is held about this workshop is more than a file may hold.") from error
        except Unreadable as error:
            raise CommandError(f"What is held here would be refused there. {error}") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(packed)} bytes in {file}. Its passphrase, which you see only now:")
        self.stdout.write(passphrase)


def _write(file: Path, packed: bytes) -> None:
    """Write a new file that its owner alone can read, down to the disk."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(packed)
        opened.flush()
        os.fsync(descriptor)
