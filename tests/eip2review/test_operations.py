"""What whoever runs the server is told: whether it lives and is ready, its figures, its log."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from eip2review import health, metrics
from eip2review.health import Reading
from eip2review.operations import may_read
from eip2review.traffic import unanswered
from ratings.choices import PrintState
from ratings.models import Print
from tests import factories
from tests.eip2review.activation import Activated, wait_until
from tests.servers import PATIENCE, Process, app_server, free_port, redis_server
from tests.workshops.conftest import LiveApp, migrate

TOKEN = "0123456789abcdefghij"
LABELS = {"door", "method", "status", "screen", "part", "le", "generation"}
LABELS |= {"version", "implementation", "major", "minor", "patchlevel"}
"""Labels that tell no workshop, person or address from another."""


class Watched(NamedTuple):
    """A server with its bus and its database."""

    server: Activated
    redis: Process
    database: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        """Return an answer's status and text."""
        with closing(HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def ready(self) -> tuple[int, dict[str, bool]]:
        """Return what /ready/ says: the status, and how each part is."""
        status, told = self.ask("/ready/")
        return status, json.loads(told)["parts"]

    def figures(self) -> dict[tuple[str, ...], float]:
        """Return each figure by its name and the values of its labels."""
        status, text = self.ask("/metrics/", authorization=f"Bearer {TOKEN}")
        assert status == 200
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {(each.name, *each.labels.values()): each.value for each in samples}

    def said(self) -> list[dict[str, str]]:
        """Return the lines of the log."""
        return [json.loads(line) for line in self.server.log.read_text().splitlines()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A server with Redis, SQLite, figures, and a log in JSON."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "static").mkdir()
    env = app_server(var_dir=folder).env
    migrate(env)
    with redis_server(folder, free_port()) as redis, socket.create_server(("127.0.0.1", 0)) as listener:
        env |= {"REDIS_URL": f"redis://127.0.0.1:{redis.port}/0", "METRICS_TOKEN": TOKEN, "LOG_FORMAT": "json"}
        server = Activated(listener, folder, env, "-m", "tests.eip2review.watched_server")
        with server:
            yield Watched(server, redis, folder / "midpoint.sqlite3")


WELL = {"running": True, "database": True, "migrations": True, "threads": True, "bus": True}


def test_server_lives_and_is_ready(watched: Watched) -> None:
    assert watched.ask("/health/") == (200, '{"alive": true}')
    assert watched.ask("/health/", "HEAD") == (200, "")
    assert [watched.ask(path, "POST")[0] for path in ("/health/", "/ready/", "/metrics/")] == [405] * 3
    wait_until(lambda: watched.ready() == (200, WELL))


def test_server_without_its_database_lives_and_is_not_ready(watched: Watched) -> None:
    away = watched.database.with_suffix(".away")
    watched.database.rename(away)
    watched.database.mkdir()
    try:
        wait_until(lambda: watched.ready() == (503, {**WELL, "database": False, "migrations": False}))
        assert watched.ask("/health/")[0] == 200
    finally:
        watched.database.rmdir()
        away.rename(watched.database)
    wait_until(lambda: watched.ready() == (200, WELL))
    told = [line["message"] for line in watched.said() if line["message"].startswith("database")]
    assert told == ["database: lost", "database: well"]


def test_server_whose_database_lacks_a_migration_is_not_ready(watched: Watched) -> None:
    with closing(sqlite3.connect(watched.database, isolation_level=None, timeout=30)) as database:
        last = database.execute("SELECT * FROM django_migrations WHERE app = 'ratings' ORDER BY id DESC").fetchone()
        database.execute("DELETE FROM django_migrations WHERE id = ?", last[:1])
        try:
            wait_until(lambda: watched.ready() == (503, {**WELL, "migrations": False}))
        finally:
            database.execute("INSERT INTO django_migrations VALUES (?, ?, ?, ?)", last)
    wait_until(lambda: watched.ready() == (200, WELL))


def test_server_without_its_bus_says_so_and_goes_on_serving(watched: Watched) -> None:
    wait_until(lambda: watched.ready() == (200, WELL))
    watched.redis.kill()
    try:
        wait_until(lambda: watched.ready() == (200, {**WELL, "bus": False}))
    finally:
        watched.redis.start()
    wait_until(lambda: watched.ready() == (200, WELL))


@pytest.mark.parametrize("brought", [{}, {"authorization": TOKEN}, {"authorization": f"Bearer {TOKEN}k"}])
def test_figures_are_for_whoever_has_the_token(watched: Watched, brought: dict[str, str]) -> None:
    status, told = watched.ask("/metrics/", **brought)
    assert (status, "METRICS_TOKEN" in told, "midpoint_" in told) == (404, True, False)


@pytest.mark.parametrize("token", ["", "too-short"])
def test_nobody_reads_figures_without_a_long_token(settings: Settings, token: str) -> None:
    settings.METRICS_TOKEN = token
    assert not may_read({"headers": [(b"authorization", f"Bearer {token}".encode())]})
    assert not may_read({"headers": []})


def test_figures_count_what_was_done(watched: Watched) -> None:
    app = LiveApp(watched.server)
    urls = app.do("make", code="482913", venue="hall")
    screen = app.follow(urls["wall"])
    screen.event()
    before = watched.figures()
    for path, method in (("/w/482913/", "GET"), ("/w/482913/", "POST"), ("/desk/482913/", "POST")):
        assert watched.ask(path, method)[0] == 200
    app.do("move", code="482913", venue="library")
    screen.event()
    wait_until(lambda: watched.figures()["midpoint_stage_change_seconds_count",] == 1)
    now = watched.figures()

    def more(*key: str) -> float:
        return now.get(key, 0.0) - before.get(key, 0.0)

    assert more("midpoint_requests_total", "participants", "any", "2xx") == 2
    assert more("midpoint_requests_total", "facilitators", "POST", "2xx") == 1
    assert more("midpoint_answer_seconds_count", "participants") == 2
    assert (now["midpoint_streams", "wall"], now["midpoint_rooms",]) == (1, 1)
    assert (now["midpoint_requests_waiting", "participants"], now["midpoint_part_up", "database"]) == (0, 1)
    assert now["midpoint_database_bytes",] > 100_000
    assert (now["midpoint_workshops_sealed",], now["midpoint_prints_waiting",]) == (0, 0)
    app.close_screens()
    wait_until(lambda: watched.figures()["midpoint_streams", "wall"] == 0)


def test_figures_tell_no_workshop_no_person_and_no_moment(watched: Watched) -> None:
    watched.ask("/w/731905/?token=abcdefghijklmnopqrstuvwxyz", user_agent="Somebody's phone")
    _status, text = watched.ask("/metrics/", authorization=f"Bearer {TOKEN}")
    families = list(text_string_to_metric_families(text))
    assert {label for family in families for sample in family.samples for label in sample.labels} <= LABELS
    assert [word for word in ("731905", "482913", "abcdefghij", "Somebody", "127.0.0.1") if word in text] == []
    of_phones = [s.labels for f in families for s in f.samples if s.labels.get("door") == "participants"]
    assert {labels["method"] for labels in of_phones if "method" in labels} == {"any"}
    assert "_created" not in text
    assert "midpoint_build_info" in text


def test_log_is_json_without_times_and_addresses(watched: Watched) -> None:
    said = watched.said()
    assert [line["event"] for line in said[:2]] == ["Started", "Ready"]
    assert {key for line in said for key in line} <= {"level", "logger", "event", "message", "exception"}


@pytest.mark.django_db(transaction=True)
def test_figures_tell_of_a_print_that_does_not_come_to_its_end() -> None:
    def figures() -> tuple[float, float]:
        found = metrics.read_figures()
        return found["midpoint_prints_printing"], found["midpoint_prints_oldest_seconds"]

    of, long_ago = factories.workshop(), timezone.now() - timedelta(hours=1)
    Print.objects.create(workshop=of, state=PrintState.FAILED, finished_at=long_ago)
    Print.objects.update(asked_at=long_ago)
    assert figures() == (0, 0)
    asked = Print.objects.filter(pk=Print.objects.create(workshop=of).pk)
    for state, printing in ((PrintState.WAITING, 0), (PrintState.PRINTING, 1)):
        asked.update(state=state, asked_at=timezone.now() - timedelta(minutes=12))
        at_the_press, seconds = figures()
        assert at_the_press == printing
        assert seconds == pytest.approx(720, abs=60)
    asked.update(asked_at=timezone.now() + timedelta(hours=1))  # the clock went back
    assert figures() == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_page_of_figures_is_the_same_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    page = metrics.Page(CollectorRegistry())

    async def ask() -> list[bytes]:
        told = [await page.text()]
        unanswered["journals"] = {object(): time.monotonic()}
        told.append(await page.text())
        monkeypatch.setattr(metrics, "FRESH", 0.0)
        return [*told, await page.text()]

    try:
        first, same, fresh = asyncio.run(ask())
    finally:
        del unanswered["journals"]
    assert first == same
    assert b'midpoint_requests_waiting{door="journals"} 1.0' in fresh
    assert b"midpoint_workshops_erased 0.0" in first


def test_many_who_ask_at_once_are_one_look_at_the_database() -> None:
    looks = []
    reading = Reading(lambda: looks.append(1), fresh=60.0, otherwise=None)

    async def ask() -> None:
        await asyncio.gather(*(reading.latest() for _ in range(200)))

    asyncio.run(ask())
    assert len(looks) == 1


def test_database_that_does_not_answer_counts_as_away_and_is_asked_no_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    looks: list[str] = []
    answered = threading.Event()

    def look() -> str:
        looks.append("asked")
        answered.wait(PATIENCE)
        return "well"

    reading = Reading(look, fresh=0.0, otherwise="away")

    async def ask() -> list[str]:
        told = [await reading.latest(), await reading.latest()]
        answered.set()
        monkeypatch.setattr(health, "PATIENCE", PATIENCE)
        return [*told, await reading.latest()]

    assert asyncio.run(ask()) == ["away", "away", "well"]
    assert looks == ["asked"]
