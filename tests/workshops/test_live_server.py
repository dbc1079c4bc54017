"""The two doors and the server around them."""

import asyncio
import importlib
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

import psutil
import pytest

from tests.servers import ROOT, app_server
from tests.workshops.conftest import MODULE, LiveApp
from tests.workshops.live_urls import CHUNK, CHUNKS


@pytest.fixture
def asgi() -> ModuleType:
    """The two doors, imported once the settings of the tests hold."""
    return importlib.import_module("eip2review.asgi")


def test_server_that_stops_ends_a_hundred_open_streams_and_cuts_nobody_off(
    migrated: Path, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with app_server(var_dir=migrated, module=MODULE) as process:
        app = LiveApp(process)
        phone = app.do("make", code=code, venue="hall")["phone"]
        screens = [app.follow(phone) for _ in range(100)]
        assert {screen.event().revision for screen in screens} == {0}
        process.stop()
        assert process.process is not None
        assert process.process.returncode == 0
        assert "Cancel" not in capfd.readouterr().err
        app.close_screens()


def test_request_reaches_django_as_it_was_sent(app: LiveApp) -> None:
    connection = HTTPConnection("127.0.0.1", app.port, timeout=10)
    connection.request("POST", "/w/" + quote("Göteborg") + "/?q=" + quote("é"), body=("ä" * 50_000).encode())
    told = json.loads(connection.getresponse().read())
    connection.close()
    assert (told["path"], told["query"], told["body"]) == ("/w/Göteborg/", "é", "ä" * 50_000)


def test_facilitators_walls_and_journals_have_threads_of_their_own(app: LiveApp) -> None:
    doors = ("w", "desk", "wall", "journal")
    threads = [{app.get(f"/{door}/123456/")[1]["thread"] for _ in range(3)} for door in doors]
    assert [len(each) for each in threads] == [1] * 4
    assert len(set.union(*threads)) == 4


def test_thread_keeps_its_connection_to_the_database(app: LiveApp) -> None:
    assert len({app.get("/w/123456/")[1]["connection"] for _ in range(5)}) == 1


def test_request_larger_than_the_limit_is_refused_before_django(app: LiveApp, asgi: ModuleType) -> None:
    connection = HTTPConnection("127.0.0.1", app.port, timeout=10)
    connection.putrequest("POST", "/w/123456/")
    connection.putheader("content-length", str(3_000_000))
    connection.endheaders()
    connection.send(b"x" * (asgi.LARGEST_BODY + 1))
    assert connection.getresponse().status == 413
    connection.close()


def test_one_request_at_a_time_may_bring_a_workshop_that_is_larger_than_a_form(app: LiveApp, asgi: ModuleType) -> None:
    body = b"x" * (asgi.LARGEST_BODY + 1)

    def bring() -> int:
        connection = HTTPConnection("127.0.0.1", app.port, timeout=30)
        with suppress(ConnectionError):  # it was refused with something still on its way
            connection.request("POST", asgi.TAKE_IN, body=body)
        status = connection.getresponse().status
        connection.close()
        return status

    assert bring() == 200
    with socket.create_connection(("127.0.0.1", app.port)) as half:
        head = f"POST {asgi.TAKE_IN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\nhalf"
        half.sendall(head.encode())
        app.get("/w/123456/")  # whose answer comes after the half was heard of
        assert bring() == 413
        half.sendall(body[4:])
        assert half.recv(15) == b"HTTP/1.1 200 OK"
    assert bring() == 200


def test_what_brings_a_workshop_is_bounded_too(asgi: ModuleType) -> None:
    came: list[int] = []

    async def receive() -> dict[str, object]:
        came.append(1_000_000)
        return {"type": "http.request", "body": bytes(came[-1]), "more_body": True}

    with pytest.raises(asgi.TooLarge):
        asyncio.run(asgi.take_in(receive, asgi.LARGEST_FILE))
    assert asgi.LARGEST_FILE < sum(came) <= asgi.LARGEST_FILE + came[0]


def test_phone_that_sends_half_a_request_holds_no_thread(app: LiveApp) -> None:
    with socket.create_connection(("127.0.0.1", app.port)) as half:
        half.sendall(b"POST /w/123456/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf")
        assert app.get("/w/123456/")[0] == 200


def test_phone_that_reads_slowly_holds_no_thread(app: LiveApp) -> None:
    with socket.create_connection(("127.0.0.1", app.port)) as slow:
        slow.sendall(b"GET /w/flood/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert slow.recv(15) == b"HTTP/1.1 200 OK"
        assert app.get("/w/123456/")[0] == 200


def test_long_answer_arrives_whole(app: LiveApp) -> None:
    connection = HTTPConnection("127.0.0.1", app.port, timeout=10)
    connection.request("GET", "/w/flood/")
    assert connection.getresponse().read() == CHUNK * CHUNKS
    connection.close()


def test_header_with_an_underscore_does_not_pass_for_one_with_a_dash(app: LiveApp) -> None:
    for name, seen in (("X-Seen", "yes"), ("X_Seen", None)):
        connection = HTTPConnection("127.0.0.1", app.port, timeout=10)
        connection.request("GET", "/w/123456/", headers={name: "yes"})
        assert json.loads(connection.getresponse().read())["header"] == seen
        connection.close()


def test_process_may_hold_as_many_connections_as_the_system_allows(app: LiveApp) -> None:
    soft, hard = psutil.Process(app.process.pid).rlimit(psutil.RLIMIT_NOFILE)
    assert soft == hard


def test_other_protocols_are_left_alone(asgi: ModuleType) -> None:
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        raise AssertionError("nothing is expected of a websocket")

    async def send(message: object) -> None:
        sent.append(message)

    asyncio.run(asgi.application({"type": "websocket", "path": "/live/"}, receive, send))
    assert sent == []


def test_server_says_so_when_the_address_is_taken(app: LiveApp, migrated: Path) -> None:
    process = app_server(var_dir=migrated)
    command = [sys.executable, "-m", "eip2review.server", "--port", str(app.port)]
    result = subprocess.run(command, cwd=ROOT, env={**os.environ, **process.env}, capture_output=True, text=True)
    assert result.returncode != 0
    assert "address already in use" in result.stderr.lower()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/desk/", "facilitators"), ("/wall/1/", "walls"), ("/journal/1/", "journals"), ("/w/1/", "participants")],
)
def test_each_path_has_its_door(asgi: ModuleType, path: str, name: str) -> None:
    assert asgi.door(path) == name
