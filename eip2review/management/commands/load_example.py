"""`manage.py load_example`: something to look at, and something to try."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from eip2review.examples import load_example


class Command(BaseCommand):
    """Load the illustrative workshops; run again it changes nothing."""

    help = "Load two illustrative workshops of the default review: one closed, with its answers; one ready to run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who runs the two workshops."""
        parser.add_argument("--facilitator", required=True, metavar="USERNAME", help="the user who runs both")

    def handle(self, *args: Any, facilitator: str, **options: Any) -> None:
        """Print each workshop with its code. Exits with a sentence when there is no such user."""
        user = User.objects.filter(username=facilitator).first()
        if user is None:
            raise CommandError(f"There is no user “{facilitator}”.")
        closed, ready = load_example(facilitator=user)
        self.stdout.write(f"{closed.organisation}, closed: {closed.code}")
        self.stdout.write(f"{ready.organisation}, ready to run: {ready.code}")
