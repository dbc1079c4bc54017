"""The bridge to Django: an answer leaves only when the disk holds what it confirms."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import select
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from eip2review import bridge
from eip2review.bounds import SENTENCES
from eip2review.traffic import counted
from tests.load.clients import request
from tests.servers import ROOT, app_server
from tests.workshops.conftest import migrate
from workshops.live.hub import Room as FollowedRoom
from workshops.live.state import State

MODULE = "tests.eip2review.balky_disk"
PHONES = 20
PATIENCE = 30.0  # seconds


class Room:
    """A server with a balky disk, and phones that save over connections of their own."""

    def __init__(self, var: Path, port: int, scene: dict[str, Any]) -> None:
        self.var, self.port, self.scene = var, port, scene

    def send(self, phone: int, score: int | None) -> socket.socket:
        """Let a phone save a score, or ask for its page; return its connection."""
        headers = {"Cookie": f"{self.scene['phones'][phone]}; csrftoken={'a' * 32}", "Connection": "close"}
        question = request("GET", self.scene["page"], headers=headers)
        if score is not None:
            headers |= {"HX-Request": "true", "X-CSRFToken": "a" * 32}
            question = request("POST", self.scene["save"], headers=headers, form={"value": score})
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.sendall(question)
        return connection

    def saved(self) -> list[int]:
        """Return the scores that are committed, the smallest first."""
        database = sqlite3.connect(self.var / "midpoint.sqlite3", timeout=PATIENCE)
        rows = database.execute("SELECT value FROM ratings_score ORDER BY value").fetchall()
        database.close()
        return [value for (value,) in rows]

    def wait_until_saved(self, *scores: int) -> None:
        """Wait until these scores are committed, and no others."""
        deadline = time.monotonic() + PATIENCE
        while self.saved() != sorted(scores):
            assert time.monotonic() < deadline, self.saved()
            time.sleep(0.02)

    def wait_until_taken_in(self, requests: int) -> None:
        """Wait until the server has so many requests that it cannot answer, as the disk is held."""
        deadline = time.monotonic() + PATIENCE
        while (self.var / "waiting").read_text() != str(requests):
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def flushes(self) -> int:
        """Return how often the disk took what was written."""
        return len((self.var / "flushes").read_bytes()) if (self.var / "flushes").exists() else 0


@pytest.fixture(scope="module")
def _room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    var = tmp_path_factory.mktemp("disk")
    server = app_server(var_dir=var, module=MODULE)
    migrate(server.env)
    make = [sys.executable, "-m", MODULE, "--phones", str(PHONES)]
    made = subprocess.run(make, cwd=ROOT, env={**os.environ, **server.env}, stdout=subprocess.PIPE, check=True)
    with server:
        room = Room(var, server.port, json.loads(made.stdout))
        for score in (0, None):  # what the server loads for its first answers would hide that they did not wait
            answer(room.send(0, score))
        yield room


@pytest.fixture
def room(_room: Room) -> Iterator[Room]:
    """A room in which nobody has answered yet, whose disk takes what is written."""
    database = sqlite3.connect(_room.var / "midpoint.sqlite3", timeout=PATIENCE, isolation_level=None)
    database.execute("DELETE FROM ratings_score")
    database.close()
    yield _room
    for told in ("held", "broken"):
        (_room.var / told).unlink(missing_ok=True)


def answer(connection: socket.socket) -> str:
    """Return all that comes until the server ends the connection."""
    told = b"".join(iter(lambda: connection.recv(65536), b""))
    connection.close()
    return told.decode()


def test_answer_waits_until_the_disk_holds_what_it_confirms(room: Room) -> None:
    (room.var / "held").touch()
    save = room.send(0, 7)
    room.wait_until_saved(7)
    page = room.send(0, None)  # it would say "Saved" too
    assert select.select([save, page], [], [], 0.5)[0] == []
    (room.var / "held").unlink()
    assert "midpoint-answer: saved" in answer(save)
    assert "Save the change" in answer(page)


def test_next_turn_does_not_wait_for_the_disk(room: Room) -> None:
    (room.var / "held").touch()
    saves = [room.send(0, 7)]
    room.wait_until_saved(7)
    saves.append(room.send(1, 8))
    room.wait_until_saved(7, 8)
    assert select.select(saves, [], [], 0.5)[0] == []
    (room.var / "held").unlink()
    assert all("midpoint-answer: saved" in answer(save) for save in saves)


def test_one_flush_serves_all_that_wait_for_it(room: Room) -> None:
    (room.var / "held").touch()
    before = room.flushes()
    saves = [room.send(0, 0)]
    room.wait_until_saved(0)
    saves += [room.send(phone, phone % 11) for phone in range(1, PHONES)]
    room.wait_until_taken_in(PHONES)
    (room.var / "held").unlink()
    assert all("midpoint-answer: saved" in answer(save) for save in saves)
    assert room.flushes() - before == 2  # the one that was held, and one for all who came meanwhile


def test_disk_that_fails_confirms_nothing(room: Room) -> None:
    (room.var / "broken").touch()
    for score in (3, None):  # the page would say that it is saved
        refused = answer(room.send(1, score))
        assert refused.startswith("HTTP/1.1 507 ")
        assert refused.endswith(SENTENCES[HTTPStatus.INSUFFICIENT_STORAGE])
        assert "midpoint-answer" not in refused
    (room.var / "broken").unlink()
    assert "midpoint-answer: saved" in answer(room.send(1, 4))
    assert room.saved() == [4]


def test_page_without_anything_new_waits_for_no_disk(room: Room) -> None:
    answer(room.send(2, None))
    (room.var / "held").touch()
    assert answer(room.send(2, None)).startswith("HTTP/1.1 200 ")


def goes_on(seconds: float, log: Path, *, may_keep_still: bool) -> bool:
    """Return whether the event loop does anything within so many seconds of a turn."""

    async def ask() -> bytes:
        loop, does = asyncio.get_running_loop(), threading.Event()

        def wsgi(environ: dict[str, Any], start: Any) -> list[bytes]:
            loop.call_soon_threadsafe(does.set)
            start("200 OK", [])
            return [b"yes" if does.wait(seconds) else b"no"]

        _, _, body = await bridge.Bridge(wsgi, 1, bridge.Disk(log), lambda: may_keep_still).answer({})
        return body

    return asyncio.run(ask()) == b"yes"


def test_event_loop_keeps_still_for_a_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "STILLNESS", PATIENCE)
    assert not goes_on(0.5, tmp_path / "log", may_keep_still=True)


def test_event_loop_goes_on_if_others_wait_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "STILLNESS", PATIENCE)
    assert goes_on(PATIENCE / 2, tmp_path / "log", may_keep_still=False)


def test_event_loop_goes_on_if_an_answer_takes_its_time(tmp_path: Path) -> None:
    assert goes_on(PATIENCE, tmp_path / "log", may_keep_still=True)


def test_event_loop_keeps_still_only_while_phones_alone_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    asgi = importlib.import_module("eip2review.asgi")
    said: list[bool] = []

    async def read(code: str) -> State:
        said.append(asgi.only_phones_wait())
        return State(1, None, frozenset())

    monkeypatch.setitem(asgi.hub.rooms, "123456", room := FollowedRoom("123456", read))
    asyncio.run(room.settle(anew=True))
    assert said == [False]
    for door, may in [("participants", True), ("facilitators", False), ("walls", False), ("journals", True)]:
        with counted(door, "GET"):
            assert asgi.only_phones_wait() is may
    assert asgi.only_phones_wait()


def test_connection_that_was_opened_anew_is_flushed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    own = SimpleNamespace(connection=None)
    monkeypatch.setattr(bridge, "flush", flushed.append)
    monkeypatch.setattr(bridge, "connection", own)
    (log := tmp_path / "log").touch()
    disk = bridge.Disk(log)
    for opened in (1, 2):
        own.connection = sqlite3.connect(":memory:", isolation_level=None)
        own.connection.execute("CREATE TABLE answers (value)")
        own.connection.execute("INSERT INTO answers VALUES (7)")  # as many changes as the one before has seen
        for _ in range(2):
            disk.note()
            disk.catch_up()
        assert len(flushed) == opened
        own.connection.close()
