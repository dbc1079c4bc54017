"""Two machines, each with its phones, and a cable between them that is pulled and plugged in again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.machines import Machine, two_machines
from tests.servers import app_server, free_port, postgres_server, redis_server
from tests.workshops.conftest import MODULE, Event, LiveApp, Screen, migrate
from tests.workshops.test_live import shown

CODE = "482913"
SOON = 15.0  # seconds after which everybody must be current, or be told that nothing can be said


class Place(NamedTuple):
    """A machine and the application on it; its phones reach it, whatever happens to the cable."""

    machine: Machine
    app: LiveApp

    def do(self, command: str, **arguments: object) -> Any:
        """Change a workshop here, as a view would."""
        with self.machine.inside():
            return self.app.do(command, code=CODE, **arguments)

    def follow(self, path: str, last_seen: int | None = None) -> Screen:
        """Connect a screen."""
        with self.machine.inside():
            return self.app.follow(path, last_seen=last_seen)

    def status(self, path: str) -> int:
        """Return the status of an answer."""
        with self.machine.inside():
            return self.app.get(path)[0]

    def comes_to(self, status: int, path: str) -> None:
        """Ask until the answer has this status."""
        deadline = time.monotonic() + SOON
        while (found := self.status(path)) != status:
            assert time.monotonic() < deadline, f"still {found}"
            time.sleep(0.2)


@contextmanager
def two_places(var_dir: Path, bus: str) -> Iterator[tuple[Place, Place]]:
    """Run an application on each of two machines; PostgreSQL, and Redis if it is the bus, are on the first."""
    with ExitStack() as running:
        one, other = running.enter_context(two_machines())
        everywhere = f"127.0.0.1,{one.address}"
        with one.inside():
            database = running.enter_context(postgres_server(address=everywhere))
            env = {"DATABASE_URL": database.url(one.address), "LIVE_RESYNC": "2"}
            if bus == "redis":
                redis = redis_server(var_dir, free_port(), address=everywhere.replace(",", " "))
                running.enter_context(redis)
                env["REDIS_URL"] = f"redis://{one.address}:{redis.port}/0"
            migrate(app_server(var_dir=var_dir, **env).env)
        places = []
        for machine in (one, other):
            with machine.inside():
                process = app_server(var_dir=var_dir, module=MODULE, **env)
                process.start()
            running.callback(process.kill)
            places.append(Place(machine, LiveApp(process)))
        yield places[0], places[1]
        for place in places:
            place.app.close_screens()


@pytest.mark.parametrize("bus", ["postgresql", "redis"])
def test_room_on_two_machines_goes_on_after_the_cable_was_pulled(place: Path, bus: str) -> None:
    with two_places(place, bus) as (here, there):
        screens = here.do("make", venue="hall")
        phone, far_phone = here.follow(screens["phone"]), there.follow(screens["phone"])
        far_wall = there.follow(screens["wall"])
        assert phone.event() == far_phone.event() == shown(0, "hall")
        assert far_wall.event().topic == "stage"

        there.machine.pull_cable()  # for a moment: no stream ends, and nothing is missed
        here.do("move", venue="attic")
        here.do("tally")
        assert phone.event() == shown(1, "attic")
        there.machine.plug_in()
        assert far_phone.event() == shown(1, "attic")
        assert {far_wall.event().topic, far_wall.event().topic} == {"stage", "tally"}

        here.machine.pull_cable()  # for long: whoever is cut off is told so, the others go on
        here.do("move", venue="cellar")
        assert phone.event() == shown(2, "cellar")
        with pytest.raises(EOFError):
            far_phone.event()
        there.comes_to(503, f"{screens['phone']}&poll=1")
        assert there.status(screens["phone"]) == there.status("/w/482913/") == 503
        here.do("move", venue="loft")
        assert phone.event() == shown(3, "loft")

        here.machine.plug_in()
        there.comes_to(200, f"{screens['phone']}&poll=1")
        far_phone, far_wall = there.follow(screens["phone"], last_seen=1), there.follow(screens["wall"])
        assert far_phone.event() == shown(3, "loft"), "the first thing that it hears is what is"
        assert far_wall.event() == Event(3, "stage", {"revision": 3})
        there.do("move", venue="hall")
        assert phone.event() == far_phone.event() == shown(4, "hall")
        assert far_wall.event().data == {"revision": 4}
        here.do("tally")
        assert far_wall.event().topic == "tally"
