"""The live channel of several processes, over a real Redis; the second half on PostgreSQL as well."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.servers import ROOT, Process, app_server, free_port, redis_server
from tests.workshops.conftest import MODULE, LiveApp, migrate
from tests.workshops.test_live import shown

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


@pytest.fixture
def postgres_pair(migrated: Path, redis_url: str, postgres_url: str) -> Iterator[tuple[LiveApp, LiveApp]]:
    """Two processes of the application on one PostgreSQL database and one Redis."""
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE live")
    env = {"DATABASE_URL": postgres_url.replace("/postgres", "/live"), "REDIS_URL": redis_url}
    migrate(app_server(var_dir=migrated, **env).env)
    with two_processes(migrated, **env) as apps:
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


def test_change_in_one_process_reaches_the_screens_of_the_other(pair: tuple[LiveApp, LiveApp], code: str) -> None:
    check_that_a_change_in_one_reaches_the_other(pair, code)


def test_change_crosses_processes_on_postgresql(postgres_pair: tuple[LiveApp, LiveApp], code: str) -> None:
    check_that_a_change_in_one_reaches_the_other(postgres_pair, code)


def test_change_by_a_command_reaches_the_screens(pair: tuple[LiveApp, LiveApp], code: str) -> None:
    app = pair[0]
    phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
    assert phone.event() == shown(0, "hall")
    subprocess.run(
        [sys.executable, "-c", ANNOUNCE.format(code=code)],
        cwd=ROOT,
        env={**os.environ, **app.process.env, "DJANGO_SETTINGS_MODULE": "tests.settings_live"},
        check=True,
    )
    assert phone.event() == shown(1, "attic")


@pytest.fixture
def mortal_redis(tmp_path: Path) -> Iterator[Process]:
    """A Redis that a test may kill and start again."""
    with redis_server(tmp_path, free_port()) as redis:
        yield redis


def test_screens_catch_up_when_redis_comes_back(migrated: Path, mortal_redis: Process, code: str) -> None:
    with two_processes(migrated, REDIS_URL=f"redis://127.0.0.1:{mortal_redis.port}/0") as (here, there):
        phone = there.follow(here.do("make", code=code, venue="hall")["phone"])
        assert phone.event() == shown(0, "hall")
        mortal_redis.kill()
        own_phone = here.follow(here.do("make", code=f"9{code[1:]}", venue="hall")["phone"])
        assert own_phone.event() == shown(0, "hall")
        here.do("move", code=f"9{code[1:]}", venue="attic")
        assert own_phone.event() == shown(1, "attic")
        here.do("move", code=code, venue="attic")
        mortal_redis.start()
        assert phone.event() == shown(1, "attic")
        here.do("move", code=code, venue="cellar")
        assert phone.event() == shown(2, "cellar")
