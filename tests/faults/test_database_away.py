"""A database that cannot be reached: every page says so and what to do, and comes back by itself."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.test import RequestFactory

from tests.faults.conftest import furnish
from tests.raw import run
from tests.servers import Process, app_server, free_port
from workshops.views.errors import AGAIN, is_away, server_error

HEADERS = {"Cookie": f"csrftoken={'a' * 32}; sessionid={'b' * 32}", "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def stranded(place: Path) -> Iterator[Process]:
    """The application with a database that nobody serves."""
    nobody = f"postgres://midpoint@127.0.0.1:{free_port()}/postgres"
    with app_server(var_dir=place, DATABASE_URL=nobody) as process:
        yield process


def ask(port: int, method: str, path: str, headers: dict[str, str] | None = None) -> tuple[HTTPResponse, str]:
    """Return the answer and what it says."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    form = f"csrfmiddlewaretoken={'a' * 32}&code=123456&value=7"
    connection.request(method, path, form if method == "POST" else None, HEADERS | (headers or {}))
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer, said


@pytest.mark.parametrize("path", ["/join/123456/", "/desk/", "/wall/123456/", "/desk/123456/", "/journal/123456/"])
def test_page_without_a_database_says_so_and_tries_again_by_itself(stranded: Process, path: str) -> None:
    answer, said = ask(stranded.port, "GET", path)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == str(AGAIN)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert f'<meta http-equiv="refresh" content="{AGAIN}">' in said
    assert "Nothing can be read or saved just now" in said
    assert "tries again by itself" in said


def test_what_is_sent_without_a_database_is_not_confirmed_and_not_sent_again_by_the_page(stranded: Process) -> None:
    answer, said = ask(stranded.port, "POST", "/join/")
    assert answer.status == 503
    assert 'http-equiv="refresh"' not in said
    assert "Wait a few seconds and send it once more" in said


def test_phone_takes_nothing_for_saved_without_a_database(stranded: Process) -> None:
    """Its script keeps an answer until this header says what became of it."""
    cookie = HEADERS["Cookie"] + f"; midpoint-123456={'c' * 32}"
    answer, _ = ask(stranded.port, "POST", "/w/123456/scales/1/score/", {"Cookie": cookie, "HX-Request": "true"})
    assert answer.status == 503
    assert answer.headers["Midpoint-Answer"] is None


@pytest.mark.parametrize(("error", "status"), [(OperationalError("database is locked"), 503), (ValueError(), 500)])
def test_fault_outside_of_a_view_has_its_page_too(error: Exception, status: int) -> None:
    """As when a session cannot be written after the view."""
    try:
        raise error
    except (OperationalError, ValueError):
        answer = server_error(RequestFactory().post("/desk/sign-in/"))
    assert answer.status_code == status


def test_log_says_what_kind_of_fault_it_was_and_nothing_else(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "midpoint.sqlite3"
    broken.write_bytes(b"this is no database\n" * 400)
    with app_server(var_dir=furnish(tmp_path)) as process:
        answer, _ = ask(process.port, "GET", "/join/123456/")
    assert answer.status == 503
    told = capfd.readouterr().err
    assert told.count("The database is away: DatabaseError (SQLITE_NOTADB)") == 1
    assert "Service Unavailable" not in told  # one line is enough
    assert not re.search(r"123456|127\.0\.0\.1|Traceback", told)


def test_query_that_is_wrong_is_a_fault_of_ours_with_its_place_in_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(furnish(tmp_path), "migrate", "--verbosity", "0", "--skip-checks")
    with closing(sqlite3.connect(tmp_path / "midpoint.sqlite3")) as database:
        database.execute("ALTER TABLE workshops_workshop RENAME COLUMN venue TO place")
    with app_server(var_dir=tmp_path) as process:
        answer, said = ask(process.port, "GET", "/join/123456/")
        sent, _ = ask(process.port, "POST", "/join/")
    assert (answer.status, sent.status) == (500, 500)
    assert "Something went wrong here" in said
    told = capfd.readouterr().err
    assert "The database is away" not in told
    assert re.search(r"joining\.py[\s\S]*django\.db\.utils\.OperationalError\n", told)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("database or disk is full"), True),
        (InterfaceError("connection already closed"), True),
        (DatabaseError("file is not a database"), True),
        (IntegrityError("UNIQUE constraint failed"), False),
        (ProgrammingError("syntax error"), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_fault_of_ours_does_not_pass_for_a_database_that_is_away(error: Exception | None, away: bool) -> None:
    assert is_away(error) is away
