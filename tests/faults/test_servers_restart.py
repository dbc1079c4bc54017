"""Redis and PostgreSQL are killed under a room of phones that save, and come back: the room goes on by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from threading import Event as Flag
from typing import NamedTuple, ParamSpec, TypeVar
from urllib.parse import urlencode

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from ratings.authorship import author_of
from ratings.models import Score
from tests import factories
from tests.e2e.installation import Installation
from tests.faults.conftest import prepared
from tests.servers import Postgres, Process, app_server, free_port, redis_server
from tests.workshops.conftest import Event, LiveApp
from workshops.choices import StageKind
from workshops.joining import cookie_name
from workshops.live import stream_url
from workshops.models import Participant, Scale, Workshop

P = ParamSpec("P")
T = TypeVar("T")
CSRF = "a" * 32
PHONES = 6
PATIENCE = 60.0  # seconds for a phone to have an answer confirmed, on a busy machine


@dataclass
class Phone:
    """Somebody's phone: it sends an answer until it is confirmed, and then the next one."""

    port: int
    path: str
    cookies: str
    confirmed: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    """The status of each answer that was not confirmed."""

    def save(self, value: int) -> None:
        """Send until the server says that it is saved."""
        deadline = time.monotonic() + PATIENCE
        form = urlencode({"csrfmiddlewaretoken": CSRF, "value": value % 11, "mark": "", "text": ""})
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        while time.monotonic() < deadline:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            connection.request("POST", self.path, form, headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            if answer.status == 200 and answer.headers["Midpoint-Answer"] == "saved":
                self.confirmed.append(value)
                return
            self.refused.append(answer.status)
            time.sleep(0.1)
        raise AssertionError(f"not confirmed: {set(self.refused)}")


class Wall:
    """A wall that reconnects as a browser does, and says then what it has seen."""

    def __init__(self, app: LiveApp, path: str) -> None:
        self.app, self.path = app, path
        self.screen = app.follow(path)
        self.seen = -1

    def event(self) -> Event:
        """Return the next event, over another stream if this one has ended."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                event = self.screen.event()
            except EOFError:
                time.sleep(0.2)
                self.screen = self.app.follow(self.path, last_seen=self.seen)
            else:
                assert event.revision >= self.seen
                self.seen = event.revision
                return event
        raise AssertionError("nothing came")

    def comes_to(self, topic: str) -> Event:
        """Return the next event of a topic."""
        while (event := self.event()).topic != topic:
            pass
        return event


class Morning(NamedTuple):
    """A room in the middle of a question, served by two processes."""

    database: Postgres
    redis: Process | None
    walls: list[Wall]
    phones: list[Phone]
    server: Process
    code: str
    people: list[Participant]
    scale: Scale


@pytest.fixture(scope="module")
def database_url(postgres: Postgres) -> str:
    """A database in a PostgreSQL that loses nothing, and that the tests kill."""
    return prepared(postgres, "restarted")


@contextmanager
def morning(place: Path, database: Postgres, database_url: str, bus: str) -> Iterator[Morning]:
    """Run the product with PostgreSQL, and Redis if that is the bus, and open a question."""
    with ExitStack() as running:
        redis = running.enter_context(redis_server(place, free_port())) if bus == "redis" else None
        env = {"DATABASE_URL": database_url, "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0" if redis else ""}
        servers = [
            running.enter_context(app_server(var_dir=place, SECRET_KEY=settings.SECRET_KEY, **env)) for _ in range(2)
        ]
        code, people, scale, wall = arrange(servers[0], open_question)
        phones = [
            Phone(
                server.port,
                f"/w/{code}/scales/{scale.pk}/score/",
                f"csrftoken={CSRF}; {cookie_name(code)}={one.token}",
            )
            for one, server in zip(people, servers * PHONES, strict=False)
        ]
        apps = [LiveApp(server) for server in servers]
        yield Morning(database, redis, [Wall(app, wall) for app in apps], phones, servers[0], code, people, scale)
        for app in apps:
            app.close_screens()


def arrange(server: Process, what: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Call `what` on a server's database, over a connection of its own."""
    installation = Installation([server])
    try:
        return installation.arrange(what, *arguments, **named)
    finally:
        installation.close()


def open_question() -> tuple[str, list[Participant], Scale, str]:
    """Open a question in a new room; return its code, who is in it, what is asked and its walls' address."""
    of = factories.workshop()
    scale = factories.opened(of, StageKind.SCALE).scale
    assert scale is not None
    return of.code, [factories.participant(of) for _ in range(PHONES)], scale, stream_url(of, "wall")


def open_next(code: str) -> int | None:
    """Open another question, from a process that serves no screens; return the id of its scale."""
    return factories.opened(Workshop.objects.get(code=code), StageKind.SCALE, n=2).scale_id


def answers(people: list[Participant], scale: Scale) -> list[int | None]:
    """Return what each of them has answered; everybody has, and once."""
    return [Score.objects.get(author=author_of(one, Score, scale.pk)).value for one in people]


@contextmanager
def saving(phones: list[Phone]) -> Iterator[None]:
    """Let every phone save one answer after the other meanwhile; raises what went wrong."""
    enough = Flag()

    def save_on(phone: Phone) -> None:
        while not enough.is_set():
            phone.save(len(phone.confirmed))
            enough.wait(0.1)

    with ThreadPoolExecutor(len(phones)) as pool:
        hands = [pool.submit(save_on, phone) for phone in phones]
        try:
            yield
        finally:
            enough.set()
        for hand in hands:
            hand.result()


def until_each_saves(phones: list[Phone]) -> None:
    """Wait until every phone has one more answer confirmed."""
    before = [len(phone.confirmed) for phone in phones]
    deadline = time.monotonic() + PATIENCE
    while any(len(phone.confirmed) <= count + 1 for phone, count in zip(phones, before, strict=True)):
        assert time.monotonic() < deadline, "nobody can save"
        time.sleep(0.05)


def status(app: LiveApp, path: str) -> int:
    """Return the status of a page."""
    return app.get(path)[0]


@pytest.mark.parametrize("bus", ["postgresql", "redis"])
def test_room_goes_on_by_itself_after_its_servers_were_killed(
    place: Path, postgres: Postgres, database_url: str, bus: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), morning(place, postgres, database_url, bus) as here:
        assert [wall.event().topic for wall in here.walls] == ["stage", "stage"]
        with saving(here.phones):
            until_each_saves(here.phones)
            if here.redis:
                here.redis.kill()
                until_each_saves(here.phones)
                here.redis.start()
                until_each_saves(here.phones)
                assert not any(phone.refused for phone in here.phones), "no answer needs Redis"
            here.database.crash()
            deadline = time.monotonic() + PATIENCE
            while not all(phone.refused for phone in here.phones):
                assert time.monotonic() < deadline, "nobody was refused"
                time.sleep(0.05)
            assert {status(wall.app, f"/w/{here.code}/") for wall in here.walls} == {503}
            here.database.start()
            until_each_saves(here.phones)
        assert {code for phone in here.phones for code in phone.refused} == {503}
        last = [phone.confirmed[-1] % 11 for phone in here.phones]
        assert arrange(here.server, answers, here.people, here.scale) == last
        next_scale = arrange(here.server, open_next, here.code)
        assert [wall.comes_to("stage").revision for wall in here.walls] == [2, 2]
        here.phones[0].path = here.phones[0].path.replace(f"/{here.scale.pk}/", f"/{next_scale}/")
        here.phones[0].save(5)
        assert [wall.comes_to("tally").topic for wall in here.walls] == ["tally", "tally"]
