"""Two machines, each with its phones, and a cable between them that is pulled and plugged in again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.machines import Machine, two_machines
from tests.servers import app_server, free_port, postgres_server, redis_server
from tests.workshops.conftest import MODULE, Event, LiveApp, Screen, migrate
from tests.workshops.test_live import shown

CODES = map(str, count(482_913))
MOMENT = 2.5  # seconds
SOON = 30.0  # seconds after which everybody must be current, or be told that nothing can be said


class Place(NamedTuple):
    """A machine and the application on it; its phones reach it, whatever happens to the cable."""

    machine: Machine
    app: LiveApp

    def do(self, command: str, **arguments: object) -> Any:
        """Change a workshop here, as a view would."""
        with self.machine.inside():
            return self.app.do(command, **arguments)

    def follow(self, path: str, last_seen: int | None = None) -> Screen:
        """Connect a screen."""
        with self.machine.inside():
            return self.app.follow(path, last_seen=last_seen)

    def comes_to(self, status: int, path: str) -> None:
        """Ask until the answer has this status; each may take as long as a connection needs to be given up."""
        deadline = time.monotonic() + SOON
        found = 0
        while found != status:
            assert time.monotonic() < deadline, f"still {found}"
            with self.machine.inside(), closing(HTTPConnection("127.0.0.1", self.app.port, timeout=SOON)) as connection:
                connection.request("GET", path)
                found = connection.getresponse().status
            time.sleep(0.1)


class Servers(NamedTuple):
    """The two machines, and how applications on either reach the PostgreSQL and the Redis on the first."""

    machines: tuple[Machine, Machine]
    database_url: str
    redis_url: str


@pytest.fixture(scope="module")
def servers(place: Path) -> Iterator[Servers]:
    """Two machines, the first with a migrated PostgreSQL and a Redis."""
    with two_machines() as machines, ExitStack() as running:
        address = machines[0].address
        with machines[0].inside():
            database = running.enter_context(postgres_server(address=f"127.0.0.1,{address}"))
            redis = running.enter_context(redis_server(place, free_port(), address=f"127.0.0.1 {address}"))
            migrate(app_server(var_dir=place, DATABASE_URL=database.url()).env)
        yield Servers(machines, database.url(address), f"redis://{address}:{redis.port}/0")


@pytest.fixture(scope="module")
def places(servers: Servers, place: Path, request: pytest.FixtureRequest) -> Iterator[list[Place]]:
    """An application on each machine, with the bus that a test names."""
    env = {"DATABASE_URL": servers.database_url, "LIVE_RESYNC": "2"}
    if request.param == "redis":
        env["REDIS_URL"] = servers.redis_url
    with ExitStack() as running:
        places = []
        for machine in servers.machines:
            process = app_server(var_dir=place, module=MODULE, **env)
            with machine.inside():
                running.enter_context(process)
            places.append(Place(machine, LiveApp(process)))
            running.callback(places[-1].app.close_screens)
        yield places


@pytest.mark.parametrize("places", ["postgresql", "redis"], indirect=True)
def test_nobody_misses_anything_when_the_cable_is_pulled_for_a_moment(places: list[Place]) -> None:
    (here, there), code = places, next(CODES)
    screens = here.do("make", code=code, venue="hall")
    phone, wall = there.follow(screens["phone"]), there.follow(screens["wall"])
    own_phone = here.follow(screens["phone"])
    assert phone.event() == own_phone.event() == shown(0, "hall")
    assert wall.event().topic == "stage"
    there.machine.pull_cable()
    here.do("move", code=code, venue="attic")
    here.do("tally", code=code)
    assert own_phone.event() == shown(1, "attic")
    time.sleep(MOMENT)
    there.machine.plug_in()
    assert phone.event() == shown(1, "attic")
    assert {wall.event().topic, wall.event().topic} == {"stage", "tally"}
    there.do("move", code=code, venue="cellar")
    assert phone.event() == own_phone.event() == shown(2, "cellar")


@pytest.mark.parametrize("places", ["postgresql"], indirect=True)
def test_who_is_cut_off_for_long_is_told_so_and_comes_back_to_what_is(places: list[Place]) -> None:
    (here, there), code = places, next(CODES)
    screens = here.do("make", code=code, venue="hall")
    phone, far_phone = here.follow(screens["phone"]), there.follow(screens["phone"])
    assert phone.event() == far_phone.event() == shown(0, "hall")
    there.do("hold", code=code)
    here.machine.pull_cable()
    here.do("move", code=code, venue="attic")  # once PostgreSQL has let go of what was begun over there
    assert phone.event() == shown(1, "attic")
    with pytest.raises(EOFError):
        far_phone.event()
    there.comes_to(503, f"{screens['phone']}&poll=1")
    there.comes_to(503, screens["phone"])
    there.comes_to(503, f"/w/{code}/")
    here.do("move", code=code, venue="cellar")
    assert phone.event() == shown(2, "cellar")
    here.machine.plug_in()
    there.comes_to(200, f"{screens['phone']}&poll=1")
    far_phone, far_wall = there.follow(screens["phone"], last_seen=0), there.follow(screens["wall"])
    assert far_phone.event() == shown(2, "cellar"), "the first thing that it hears is what is"
    assert far_wall.event() == Event(2, "stage", {"revision": 2})
    there.do("move", code=code, venue="loft")
    assert phone.event() == far_phone.event() == shown(3, "loft")
    assert far_wall.event().data == {"revision": 3}
    here.do("tally", code=code)
    assert far_wall.event().topic == "tally"
