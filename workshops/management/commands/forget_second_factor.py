"""`manage.py forget_second_factor`: let somebody in again whose phone and recovery codes are lost."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from workshops.choices import Deed
from workshops.trail import record_act


class Command(BaseCommand):
    """Take an account's app codes, passkeys and recovery codes away: its password alone lets in again."""

    help = "Forget a user's app codes, passkeys and recovery codes, so that the password alone lets in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the user's name."""
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Forget them and say how many. Raises CommandError when nobody has that name."""
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody here is called {username}.")
        forgotten, _ = Authenticator.objects.filter(user=user).delete()
        record_act(workshop=None, user=user, act=Deed.NO_FACTOR, about="manage.py forget_second_factor")
        self.stdout.write(f"{forgotten} forgotten. Ask {username} to sign in and set up a second factor again.")
