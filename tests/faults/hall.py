"""A room of many phones at the first scale, and what the database has of their answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

from ratings.authorship import author_of
from ratings.choices import Asked
from ratings.models import Comment, Score
from tests import factories
from tests.e2e.installation import Installation
from tests.e2e.rooms import Room, room, ticket_of
from tests.faults.phones import SECRET, Phone, ask
from tests.workshops.conftest import Screen
from workshops.choices import StageKind
from workshops.joining import cookie_name
from workshops.live import stream_url
from workshops.live.keys import Screen as Kind
from workshops.models import Participant, Workshop
from workshops.sessions import open_stage


@dataclass(frozen=True)
class Hall:
    """A workshop whose first scale is open, and the phones in it."""

    installation: Installation
    room: Room
    phones: list[Phone]
    port: int

    def screen(self, kind: Kind, port: int = 0) -> Screen:
        """Connect a screen to the live channel, past its first event."""
        url = self.installation.arrange(lambda: stream_url(self.workshop(), kind))
        screen = Screen(port or self.port, url)
        screen.event()
        return screen

    def workshop(self) -> Workshop:
        """Return the workshop, within `arrange`."""
        return Workshop.objects.get(code=self.room.code)

    def move(self, n: int) -> int:
        """Open the n-th scale, as a desk in another process would; return the revision that screens then hear of."""

        def moved() -> int:
            open_stage(stage=factories.stage(self.workshop(), StageKind.SCALE, n=n), user=None)
            return self.workshop().revision

        return self.installation.arrange(moved)

    def join(self, port: int = 0) -> Phone:
        """Let a phone join as people do, by the code; return it."""
        port, address = port or self.port, f"/join/{self.room.code}/"
        _, _, page = ask(port, "GET", address)
        ticket = re.search(r'name="ticket" value="([^"]+)"', page)
        assert ticket, page
        form = {"csrfmiddlewaretoken": SECRET, "ticket": ticket[1]}
        status, said, _ = ask(port, "POST", address, "", form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 302
        return Phone(port, self.phones[0].path, said["set-cookie"].split(";")[0])

    def goes_on(self, port: int = 0) -> None:
        """See that a phone joins and saves, and that phone and wall follow the room to the next question and back."""
        newcomer, screens = self.join(port), [self.screen("phone", port), self.screen("wall", port)]
        newcomer.save(9)
        assert self.answer_of(newcomer) == newcomer.confirmed
        for n in (2, 1):
            revision = self.move(n)
            for screen in screens:
                while screen.event().revision != revision:
                    pass
        for screen in screens:
            screen.close()

    def answer_of(self, phone: Phone) -> str:
        """Return what the database has of one phone: "7 some words", "" for nothing; fails where it has two answers."""
        return self.installation.arrange(self._read, [phone])[phone.cookie]

    def saved(self) -> dict[str, str]:
        """Return what the database has of each phone, by its cookie."""
        return self.installation.arrange(self._read, self.phones)

    def _read(self, phones: list[Phone]) -> dict[str, str]:
        of = self.workshop()
        scale = factories.scale(of)
        values, texts = dict[str | None, int | None](), dict[str | None, str]()
        for author, value in Score.objects.filter(workshop=of, scale=scale).values_list("author", "value"):
            assert author not in values
            values[author] = value
        for author, text in Comment.objects.filter(workshop=of, scale=scale).values_list("author", "text"):
            assert author not in texts
            texts[author] = text
        found = {}
        for phone in phones:
            who = Participant(workshop=of)
            who.token = phone.cookie.split("=", 1)[1]
            score = author_of(who, Score, scale.pk)
            text = texts.get(author_of(who, Comment, scale.pk, Asked.WHY), "")
            found[phone.cookie] = f"{values[score]} {text}" if score in values else ""
        return found

    def counts(self) -> tuple[int, int]:
        """Return how many scores and comments the workshop has."""

        def count() -> tuple[int, int]:
            of = self.workshop()
            return Score.objects.filter(workshop=of).count(), Comment.objects.filter(workshop=of).count()

        return self.installation.arrange(count)

    def troubles(self) -> list[str]:
        """Return what SQLite finds wrong in its file: nothing, if all is well; PostgreSQL looks after its own."""

        def check() -> list[str]:
            if connection.vendor != "sqlite":
                return []
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                found = [str(row[0]) for row in cursor.fetchall()]
                cursor.execute("PRAGMA foreign_key_check")
                return [line for line in found if line != "ok"] + [str(row) for row in cursor.fetchall()]

        return self.installation.arrange(check)


def hall(installation: Installation, people: int) -> Hall:
    """Return a room of so many phones; nobody has answered yet."""

    def arranged() -> tuple[Room, str, list[str]]:
        here = room(people, StageKind.SCALE, answered=False)
        of = Workshop.objects.get(code=here.code)
        tickets = [ticket_of(of, number) for number in range(people)]
        return here, f"/w/{of.code}/scales/{factories.scale(of).pk}/score/", tickets

    here, path, tickets = installation.arrange(arranged)
    port = installation.ports[0]
    return Hall(
        installation, here, [Phone(port, path, f"{cookie_name(here.code)}={ticket}") for ticket in tickets], port
    )
