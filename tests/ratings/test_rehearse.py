"""manage.py rehearse: what it says, and what it refuses."""

from __future__ import annotations

import socket
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from workshops.choices import StageKind
from workshops.joining import cookie_name
from workshops.models import Participant, Workshop
from workshops.planning import plan_workshop
from workshops.reviewing import SCALE_FIELDS, write_review
from workshops.sessions import open_stage

GROUPS = ("Banks", "Piers")


@pytest.fixture
def workshop(transactional_db: None) -> Workshop:
    """A workshop of one deliverable, in its lobby, with groups."""
    scales = {f"{kind}_{field}": "x" for kind in ("being", "progress") for field in SCALE_FIELDS}
    edition = write_review(
        owner=None,
        review=None,
        edition={"title": "Rivers", "imperative_question": "What next?"},
        deliverables=[{"key": "", "name": "Boats", "short_name": "", "lead": "", **scales}],
    )
    return plan_workshop(edition=edition, organisation="Ferry Board", date=date(2026, 5, 14), groups=GROUPS)


def open_kind(workshop: Workshop, kind: StageKind) -> None:
    """Open the first stage of a kind."""
    open_stage(stage=workshop.stages.filter(kind=kind)[0], user=None)


def test_rehearse_plays_and_removes(
    live_server: LiveServer, workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("rehearse", workshop.spaced_code, people=1, url=live_server.url, seconds=0.5)
    assert Participant.objects.filter(rehearsal=True).count() == 1
    call_command("rehearse", workshop.code, remove=True)
    out = capsys.readouterr().out

    assert "1 people joined and answered 0 times; 0 requests failed." in out
    assert f"manage.py rehearse {workshop.code} --remove" in out
    assert "Removed from Ferry Board, 2026-05-14: 1 people, 0 scores" in out
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("keeps_people", "sentence"),
    [(True, "keeps its workshops elsewhere"), (False, "did not let the first person in")],
)
def test_rehearse_stops_at_a_server_of_something_else(workshop: Workshop, keeps_people: bool, sentence: str) -> None:
    class OtherServer(BaseHTTPRequestHandler):
        """A server that knows nothing of our database."""

        def do_GET(self) -> None:
            self.send_response(200)
            if keeps_people:
                self.send_header("Set-Cookie", f"{cookie_name(workshop.code)}=known-elsewhere; Path=/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), OtherServer) as server:
        Thread(target=server.serve_forever).start()
        with pytest.raises(CommandError, match=sentence):
            call_command("rehearse", workshop.code, people=3, url=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def test_rehearse_goes_where_phones_go_and_says_when_the_server_refuses_them_there(
    workshop: Workshop, live_server: LiveServer, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["midpoint.example.org"]
    settings.PUBLIC_URL = live_server.url
    with pytest.raises(CommandError, match=f"The server at {live_server.url} refuses phones .* with 400. Give the one"):
        call_command("rehearse", workshop.code, people=2)


def test_rehearse_says_when_no_server_answers(workshop: Workshop) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"

        with pytest.raises(CommandError, match=f"The server at {address} does not answer"):
            call_command("rehearse", workshop.code, people=2, url=address)


def test_rehearse_says_when_the_workshop_has_closed(workshop: Workshop) -> None:
    open_kind(workshop, StageKind.CLOSED)

    with pytest.raises(CommandError, match="has closed"):
        call_command("rehearse", workshop.code)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["000 000"], "No workshop has the code 000 000"),
        (["{code}", "--people", "0"], "give a number from 1 to 500"),
        (["{code}", "--people", "many"], "give a number from 1 to 500"),
        (["{code}", "--url", "file:///etc"], "--url is an address"),
    ],
)
def test_rehearse_refuses_what_cannot_be(workshop: Workshop, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("rehearse", *(argument.format(code=workshop.code) for argument in arguments))
