"""`manage.py migrate`: Django's, which here does not change the database under people's hands."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from eip2review.upgrading import refuse_in_session, refuse_later


class Command(migrate.Command):
    """Migrate, unless a workshop is in session or the database is of a later version."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to migrate all the same."""
        super().add_arguments(parser)
        parser.add_argument("--force", action="store_true", help="migrate also while a workshop is in session")

    def handle(self, *args: Any, force: bool = False, **options: Any) -> None:
        """Do it; exits with a sentence that names the workshops in session, or the later version."""
        refuse_later(options["database"])
        if not (force or options["plan"] or options["check_unapplied"]):
            refuse_in_session(force="manage.py migrate --force", alias=options["database"])
        super().handle(*args, **options)
