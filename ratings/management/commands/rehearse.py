"""`manage.py rehearse CODE`: a room full of people, so that a facilitator can rehearse alone."""

import json
import random
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from ratings.rehearsal import mark_as_rehearsal, remove_rehearsal
from ratings.rehearsing.player import NotJoined, Player, Words
from ratings.rehearsing.room import Room
from workshops.joining import clean_code
from workshops.models import Workshop

P = ParamSpec("P")
R = TypeVar("R")

SENTENCES: Path = settings.BASE_DIR / "fixtures" / "rehearsal_words.json"
PEOPLE_MAX = 500


class Command(BaseCommand):
    """Play people through the pages that phones use, or remove those who were played."""

    help = (
        "Play people who join a workshop, rate, comment and vote, following whichever stage is open, until the "
        "workshop closes or Ctrl-C. They are marked as rehearsal: --remove takes them away with all they answered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the workshop, how many people, where the server is, and for how long."""
        parser.add_argument("code", metavar="CODE", help="the workshop's join code")
        parser.add_argument("--people", type=number_of_people, default=40, help=f"1 to {PEOPLE_MAX}; default: 40")
        parser.add_argument("--url", default=default_url(), help="where phones open it; default: %(default)s")
        parser.add_argument("--seconds", type=float, help="stop after so many seconds")
        parser.add_argument("--remove", action="store_true", help="remove the people played, and all they answered")

    def handle(self, *args: Any, code: str, people: int, url: str, **options: Any) -> None:
        """Play or remove; exits with a sentence when there is no such workshop or no such server."""
        workshop = Workshop.objects.filter(code=clean_code(code)).first()
        if workshop is None:
            raise CommandError(f"No workshop has the code {code}.")
        if options["remove"]:
            self.remove(workshop)
        elif workshop.is_closed:
            raise CommandError(f"The workshop {workshop.code} has closed: nobody can join it.")
        elif urlsplit(url).scheme not in ("http", "https"):
            raise CommandError("--url is an address such as http://127.0.0.1:8000")
        else:
            self.play(workshop, people, url, options["seconds"])

    def remove(self, workshop: Workshop) -> None:
        """Remove the people played and say what went with them."""
        removed = remove_rehearsal(workshop=workshop)
        self.stdout.write(
            f"Removed from {workshop}: {removed.people} people, {removed.scores} scores, {removed.comments} comments, "
            f"{removed.rag_ratings} RAG ratings, {removed.imperatives} imperatives, {removed.votes} votes."
        )

    def play(self, workshop: Workshop, people: int, url: str, seconds: float | None) -> None:
        """Play until the workshop closes, the time is over, or somebody presses Ctrl-C."""
        chance = random.Random()  # noqa: S311 (a play, no secret)
        words = Words(json.loads(SENTENCES.read_text()), chance)
        players = [Player(server=url, code=workshop.code, words=words, chance=chance) for _ in range(people)]

        @waiting_for_the_database
        def admit(token: str) -> None:
            if not mark_as_rehearsal(workshop=workshop, token=token):
                raise CommandError(
                    f"The server at {url} keeps its workshops elsewhere: the person who joined it could not be marked "
                    "as rehearsal, so nobody else will join. Run this where the server's database is."
                )

        @waiting_for_the_database
        def is_over() -> bool:
            return not Workshop.objects.filter(pk=workshop.pk, closed_at=None).exists()

        self.stdout.write(f"{people} people are on their way to {workshop}. Ctrl-C stops them.")

        def tell(is_back: bool) -> None:
            self.stdout.write("The server answers again." if is_back else "The server is away; they wait for it.")
            self.stdout.flush()

        room = Room(players=players, admit=admit, is_over=is_over, chance=chance, tell=tell)
        try:
            room.play(seconds)
        except KeyboardInterrupt:
            self.stdout.write("")
        except NotJoined as error:
            raise CommandError(f"The server at {url} did not let the first person in.") from error
        except HTTPError as error:
            raise CommandError(
                f"The server at {url} refuses phones at that address, with {error.code}. Give the one that they open, "
                "as --url https://midpoint.example.org"
            ) from error
        except OSError as error:
            raise CommandError(f"The server at {url} does not answer ({error}). Start it with: make run") from error
        tally = room.tally
        self.stdout.write(
            f"{tally.joined} people joined and answered {tally.answers} times; {tally.lost} requests failed."
        )
        self.stdout.write(f"To remove them with everything they said: manage.py rehearse {workshop.code} --remove")


def default_url() -> str:
    """Return where this installation is served, if nobody says otherwise."""
    return settings.PUBLIC_URL or f"http://127.0.0.1:{settings.PORT or 8000}"


def waiting_for_the_database(act: Callable[P, R]) -> Callable[P, R]:
    """Return the act, so that it raises ConnectionError, as of a server that does not answer, for a database away."""

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return act(*args, **kwargs)
        except OperationalError as error:
            connection.close()
            raise ConnectionError("the database is away") from error

    return done


def number_of_people(text: str) -> int:
    """Return a number from 1 to PEOPLE_MAX. Raises ArgumentTypeError for anything else."""
    if not text.isdecimal() or not 1 <= int(text) <= PEOPLE_MAX:
        raise ArgumentTypeError(f"give a number from 1 to {PEOPLE_MAX}")
    return int(text)
