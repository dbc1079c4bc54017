"""The server is killed while a room answers: what was confirmed is there, once, and the room goes on by itself."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from ratings.rehearsal import mark_as_rehearsal
from ratings.rehearsing.player import Player, Words
from ratings.rehearsing.room import Room
from tests.e2e.installation import Installation
from tests.e2e.rooms import WORDS
from tests.faults.conftest import prepared
from tests.faults.hall import hall
from tests.faults.phones import Phone
from tests.servers import Postgres, app_server

CLIENTS = 50
KILLS = 3
SPEED = 20  # times as fast as people are, in the rehearsal


class Burst:
    """The phones answer so many times in all; `done` counts what was confirmed."""

    def __init__(self, phones: list[Phone], saves: int) -> None:
        self.phones = phones
        self.saves = saves
        self.done = 0
        self._lock = Lock()

    def client(self, number: int) -> None:
        """Let one client's phones answer in turn, each until it is confirmed."""
        mine = self.phones[number::CLIENTS]
        for turn in range(self.saves // CLIENTS):
            phone = mine[turn % len(mine)]
            phone.save((turn + number) % 11, f"what I said in turn {turn}" if turn % 3 else "")
            with self._lock:
                self.done += 1

    def reached(self, share: float) -> bool:
        """Whether this share of all has been confirmed."""
        return self.done >= self.saves * share


@pytest.fixture(scope="module")
def on_postgresql(
    place: Path, postgres: Postgres, redis_url: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """One process on PostgreSQL and Redis."""
    env = {"DATABASE_URL": prepared(postgres, "killed"), "REDIS_URL": redis_url, "SECRET_KEY": settings.SECRET_KEY}
    with django_db_blocker.unblock(), app_server(var_dir=place, **env) as server:
        installation = Installation([server])
        yield installation
        installation.close()


@pytest.mark.parametrize(("where", "people", "saves"), [("installation", 100, 500), ("on_postgresql", 200, 2_000)])
def test_what_was_confirmed_before_a_kill_is_there_once_and_the_room_goes_on(
    request: pytest.FixtureRequest, where: str, people: int, saves: int
) -> None:
    installation: Installation = request.getfixturevalue(where)
    here = hall(installation, people)
    burst, server = Burst(here.phones, saves), installation.servers[0]
    with ThreadPoolExecutor(CLIENTS) as threads:
        clients = [threads.submit(burst.client, number) for number in range(CLIENTS)]
        for kill in range(1, KILLS + 1):
            while not burst.reached(kill / (KILLS + 1)):
                assert not wait(clients, 0.02).done, "a client gave up"
            server.kill()
            known = {phone.cookie: (phone.under_way, phone.confirmed) for phone in here.phones}
            found = here.saved()
            assert {cookie for cookie, answers in known.items() if found[cookie] not in answers} == set()
            server.start()
        for client in clients:
            client.result()

    assert burst.done == saves
    assert sum(phone.tries for phone in here.phones) > saves
    assert here.saved() == {phone.cookie: phone.confirmed for phone in here.phones}
    with_words = sum(not phone.confirmed.endswith(" ") for phone in here.phones)
    assert here.counts() == (people, with_words)
    assert here.troubles() == []
    here.goes_on()


def test_rehearsal_waits_for_a_server_that_was_killed_and_goes_on(installation: Installation) -> None:
    here = hall(installation, 1)
    server, told, people = installation.servers[0], list[bool](), 30

    def admit(token: str) -> None:
        assert installation.arrange(lambda: mark_as_rehearsal(workshop=here.workshop(), token=token))

    def everybody_has_answered() -> bool:
        return here.counts()[0] == people

    def sleep(seconds: float) -> None:
        if played.tally.joined == people // 2 and not told:
            server.kill()
            starting.submit(server.start)
        time.sleep(seconds / SPEED)

    chance = random.Random(7)
    words = Words(WORDS, chance)
    played = Room(
        players=[
            Player(server=installation.url, code=here.room.code, words=words, chance=chance) for _ in range(people)
        ],
        admit=admit,
        is_over=everybody_has_answered,
        chance=chance,
        tell=told.append,
        clock=lambda: time.monotonic() * SPEED,
        sleep=sleep,
    )
    with ThreadPoolExecutor(1) as starting:
        played.play(60 * SPEED)
    assert told == [False, True]
    assert (played.tally.joined, here.counts()[0]) == (people, people)
    marked = installation.arrange(lambda: list(here.workshop().participants.values_list("rehearsal", flat=True)))
    assert sorted(marked) == [False] + [True] * people
