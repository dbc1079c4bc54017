"""The live channel of several processes, through a real Redis, and through PostgreSQL alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers import ROOT, Process, app_server, free_port, redis_server
from tests.workshops.conftest import MODULE, Event, LiveApp, migrate
from tests.workshops.test_live import ended, shown
from workshops.live.bus import MOST, Notice, Topic, message_of

ANNOUNCE = """
import django
django.setup()
from tests.workshops.live_app import move
move({code!r}, "attic")
"""


@pytest.fixture
def pair(migrated: Path, redis_url: str) -> Iterator[tuple[LiveApp, LiveApp]]:
    """Two processes of the application on one SQLite database and one Redis."""
    with two_processes(migrated, REDIS_URL=redis_url) as apps:
        yield apps


@pytest.fixture(scope="session")
def live_database(migrated: Path, postgres_url: str) -> str:
    """The address of a migrated PostgreSQL database."""
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE live")
    url = postgres_url.replace("/postgres", "/live")
    migrate(app_server(var_dir=migrated, DATABASE_URL=url).env)
    return url


@pytest.fixture
def notifying_pair(migrated: Path, live_database: str) -> Iterator[tuple[LiveApp, LiveApp]]:
    """Two processes of the application on one PostgreSQL database, and nothing else."""
    with two_processes(migrated, DATABASE_URL=live_database) as apps:
        yield apps


@contextmanager
def two_processes(var_dir: Path, **env: str) -> Iterator[tuple[LiveApp, LiveApp]]:
    """Run two processes; close their screens and stop them in the end."""
    with (
        app_server(var_dir=var_dir, module=MODULE, **env) as one,
        app_server(var_dir=var_dir, module=MODULE, **env) as two,
    ):
        apps = LiveApp(one), LiveApp(two)
        try:
            yield apps
        finally:
            for app in apps:
                app.close_screens()


def check_that_a_change_in_one_reaches_the_other(pair: tuple[LiveApp, LiveApp], code: str) -> None:
    here, there = pair
    screens = here.do("make", code=code, venue="hall")
    phone, wall = there.follow(screens["phone"]), there.follow(screens["wall"])
    own_phone = here.follow(screens["phone"])
    assert phone.event() == own_phone.event() == shown(0, "hall")
    assert wall.event().topic == "stage"
    here.do("move", code=code, venue="attic")
    assert phone.event() == own_phone.event() == shown(1, "attic")
    assert wall.event().data == {"revision": 1}
    here.do("tally", code=code, times=20)
    assert wall.event().topic == "tally"
    there.do("move", code=code, venue="cellar")
    assert phone.event() == own_phone.event() == shown(2, "cellar")


def check_that_a_removal_in_one_ends_streams_of_the_other(pair: tuple[LiveApp, LiveApp], code: str) -> None:
    here, there = pair
    here.do("make", code=code, venue="hall")
    ann, bob = (there.follow(here.do("admit", code=code, name=name)["desk"]) for name in ("ann", "bob"))
    here.do("dismiss", code=code, name="ann")
    ended(ann)
    revision = here.do("move", code=code, venue="attic")
    while bob.event().revision < revision:
        pass


def announce_by_a_command(app: LiveApp, code: str) -> None:
    """Move a workshop to the attic from a process that serves no screens."""
    subprocess.run(
        [sys.executable, "-c", ANNOUNCE.format(code=code)],
        cwd=ROOT,
        env={**os.environ, **app.process.env, "DJANGO_SETTINGS_MODULE": "tests.settings_live"},
        check=True,
    )


def check_that_a_change_by_a_command_reaches_the_screens(app: LiveApp, code: str) -> None:
    phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
    assert phone.event() == shown(0, "hall")
    announce_by_a_command(app, code)
    assert phone.event() == shown(1, "attic")


def test_changes_reach_the_screens_of_every_process_through_redis(pair: tuple[LiveApp, LiveApp], code: str) -> None:
    check_that_a_change_in_one_reaches_the_other(pair, code)
    check_that_a_change_by_a_command_reaches_the_screens(pair[0], f"9{code[1:]}")
    check_that_a_removal_in_one_ends_streams_of_the_other(pair, f"8{code[1:]}")


def test_changes_reach_the_screens_of_every_process_through_postgresql_alone(
    notifying_pair: tuple[LiveApp, LiveApp], code: str
) -> None:
    check_that_a_change_in_one_reaches_the_other(notifying_pair, code)
    check_that_a_change_by_a_command_reaches_the_screens(notifying_pair[0], f"9{code[1:]}")
    check_that_a_removal_in_one_ends_streams_of_the_other(notifying_pair, f"8{code[1:]}")


def test_screens_catch_up_when_postgresql_has_dropped_every_listener(
    notifying_pair: tuple[LiveApp, LiveApp], live_database: str, code: str
) -> None:
    here, there = notifying_pair
    screens = here.do("make", code=code, venue="hall")
    phone, wall = there.follow(screens["phone"]), there.follow(screens["wall"])
    assert (phone.event(), wall.event().topic) == (shown(0, "hall"), "stage")
    with psycopg.connect(live_database, autocommit=True) as admin:
        here.do("move", code=code, venue="attic", outcome="silent")
        here.do("tally", code=code)
        dropped = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1' OR query LIKE 'SELECT pg_notify%'"
        ).rowcount
    assert dropped >= 2
    assert phone.event() == shown(1, "attic")
    assert {wall.event().topic, wall.event().topic} == {"stage", "tally"}
    here.do("move", code=code, venue="cellar")
    assert phone.event() == shown(2, "cellar")


def test_message_is_no_longer_than_postgresql_takes() -> None:
    longest = message_of("f" * 16, [Notice("123456", Topic.STAGE)] * MOST)
    assert len(longest.encode()) < 8000


@pytest.fixture
def mortal_redis(tmp_path: Path) -> Iterator[Process]:
    """A Redis that a test may kill and start again."""
    with redis_server(tmp_path, free_port()) as redis:
        yield redis


def test_screens_catch_up_when_redis_comes_back(migrated: Path, mortal_redis: Process, code: str) -> None:
    with two_processes(migrated, REDIS_URL=f"redis://127.0.0.1:{mortal_redis.port}/0") as (here, there):
        screens = here.do("make", code=code, venue="hall")
        phone, wall, own_phone = (
            there.follow(screens["phone"]),
            there.follow(screens["wall"]),
            here.follow(screens["phone"]),
        )
        assert phone.event() == own_phone.event() == shown(0, "hall")
        assert wall.event().topic == "stage"
        os.kill(mortal_redis.pid, signal.SIGSTOP)  # its connections stay, and nothing comes over them
        here.do("move", code=code, venue="attic")
        assert own_phone.event() == shown(1, "attic")
        deadline = time.monotonic() + 10
        while there.get(f"{screens['phone']}&poll=1")[1] != shown(1, "attic").data:
            assert time.monotonic() < deadline, "who comes anew is still told what is over"
        assert phone.event() == shown(1, "attic")
        assert wall.event() == Event(1, "stage", {"revision": 1})
        mortal_redis.kill()
        here.do("move", code=code, venue="cellar")
        assert own_phone.event() == shown(2, "cellar")
        assert there.follow(screens["phone"]).event() == phone.event() == shown(2, "cellar")
        assert wall.event() == Event(2, "stage", {"revision": 2})
        here.do("tally", code=code)
        mortal_redis.start()
        assert wall.event().topic == "tally"
        here.do("move", code=code, venue="loft")
        assert phone.event() == shown(3, "loft")


def test_notices_that_redis_did_not_take_are_sent_when_it_is_back(
    migrated: Path, mortal_redis: Process, code: str
) -> None:
    """Whoever listens never lost a connection here: only who speaks knows that something was not said."""
    url = f"redis://127.0.0.1:{mortal_redis.port}/0"
    with two_processes(migrated, REDIS_URL=url) as (here, there), redis.Redis.from_url(url) as admin:
        wall = there.follow(here.do("make", code=code, venue="hall")["wall"])
        assert wall.event().topic == "stage"
        admin.execute_command("ACL", "SETUSER", "default", "-publish")
        here.do("tally", code=code)
        deadline = time.monotonic() + 10
        while not admin.info("commandstats").get("cmdstat_publish", {}).get("rejected_calls"):
            assert time.monotonic() < deadline, "nothing was refused"
        admin.execute_command("ACL", "SETUSER", "default", "+publish")
        assert wall.event().topic == "tally"
