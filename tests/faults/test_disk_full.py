"""The disk is full: answers are refused with a sentence and kept by the phone, and all goes on once there is room."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from fcntl import LOCK_EX, flock
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from django.utils import timezone
from pytest_django import Settings

from ratings.choices import PrintState
from ratings.journal import press
from ratings.journal.printing import SILENT
from ratings.models import Print
from tests import factories
from tests.e2e.installation import Installation
from tests.e2e.rooms import room
from tests.faults.conftest import copied
from tests.faults.hall import Hall, hall
from tests.faults.phones import SECRET, ask
from tests.ratings.journal import quick_press
from workshops.choices import StageKind
from workshops.models import Workshop
from workshops.views.errors import AGAIN

SIZE = 8  # megabytes of the small disk
WORDS = "The plan is on the fridge, not in the file." * 6  # so that the database needs room soon
PATIENCE = 180.0  # seconds, on a busy machine
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class SmallDisk:
    """A disk of a few megabytes, in memory, that can be filled to the last byte."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.ballast = place / "ballast"

    def fill(self) -> None:
        """Leave no room."""
        with suppress(OSError), self.ballast.open("ab", buffering=0) as ballast:
            while ballast.write(b"\\0" * 4096):
                pass

    def make_room(self) -> None:
        """Leave room again."""
        self.ballast.unlink()


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk | None]:
    """A small disk; None where nobody lets us mount one."""
    place = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "midpoint-test", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def disk(mounted: SmallDisk | None) -> SmallDisk:
    """The small disk; where there is none, the test with a file that may not grow has to do."""
    return mounted or pytest.skip("this machine lets nobody mount a disk")


@pytest.fixture(scope="module")
def served(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory, mounted: SmallDisk | None
) -> Iterator[Installation]:
    """A server with its database on the small disk, where there is one."""
    var_dir = tmp_path_factory.mktemp("var")
    database = mounted.place if mounted else var_dir
    with copied(installation, var_dir, database=database, module="tests.faults.impatient_server") as served:
        yield served


@pytest.fixture
def tight(served: Installation) -> Installation:
    """The same server, whose database has to grow for whatever is saved; its log is empty."""
    shrink(served)
    os.truncate(log(served), 0)
    return served


def shrink(served: Installation) -> None:
    """Leave no room in the database's log, into which SQLite could write without growing it."""
    with closing(sqlite3.connect(file(served))) as opened:
        wait_until(lambda: opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def file(served: Installation) -> Path:
    """Return where the database is."""
    return Path(served.servers[0].env["DATABASE_URL"].removeprefix("sqlite:///"))


def log(served: Installation) -> Path:
    """Return where the server's log is."""
    return served.var_dir / "log"


def wait_until(happened: Callable[[], bool]) -> None:
    """Ask again and again until it has happened; fails after a long while."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def everybody_answers(here: Hall, threads: ThreadPoolExecutor) -> list[Future[None]]:
    """Let every phone give six answers, each until it is confirmed."""

    def answer(number: int) -> None:
        for turn in range(6):
            here.phones[number].save(turn, f"{turn} {WORDS}" if turn % 2 else "")

    return [threads.submit(answer, number) for number in range(len(here.phones))]


def until_refused(here: Hall, clients: list[Future[None]]) -> None:
    """Wait until every phone has met the fault."""
    while not all(503 in phone.statuses for phone in here.phones):
        assert not wait(clients, 0.05).done


def check_what_a_full_disk_leaves(here: Hall) -> None:
    """See that pages load, that the desk says what was not done, and that what was confirmed is there."""
    code, session = here.room.code, "; ".join(f"{name}={value}" for name, value in here.room.facilitator.items())
    for path, cookie in ((f"/w/{code}/", here.phones[0].cookie), (f"/wall/{code}/", ""), (f"/desk/{code}/", session)):
        assert ask(here.port, "GET", path, cookie)[0] in (200, 302)
    form = {"csrfmiddlewaretoken": SECRET, "blank": "1"}
    status, said, page = ask(here.port, "POST", f"/desk/{code}/blank/", session, form, FORM)
    assert (status, said["retry-after"]) == (503, str(AGAIN))
    assert "Wait a few seconds and send it once more" in page
    known = {phone.cookie: (phone.confirmed, phone.under_way) for phone in here.phones}
    found = here.saved()
    assert {cookie for cookie, answers in known.items() if found[cookie] not in answers} == set()


def check_that_all_is_well_again(here: Hall, clients: list[Future[None]]) -> None:
    """See that every answer arrives by itself, once, and that the room goes on."""
    for client in clients:
        client.result()
    assert here.saved() == {phone.cookie: phone.confirmed for phone in here.phones}
    assert here.troubles() == []
    here.goes_on()


def test_full_disk_refuses_what_it_cannot_keep_and_takes_it_once_there_is_room(
    tight: Installation, disk: SmallDisk
) -> None:
    here = hall(tight, 8)
    with ThreadPoolExecutor(len(here.phones)) as threads:
        disk.fill()
        clients = everybody_answers(here, threads)
        until_refused(here, clients)
        check_what_a_full_disk_leaves(here)
        disk.make_room()
        check_that_all_is_well_again(here, clients)
    told = log(tight).read_text()
    assert "SQLITE_FULL" in told
    assert "Traceback" not in told


def test_file_that_may_not_grow_is_as_a_full_disk(tight: Installation) -> None:
    """The system refuses to write beyond a size: SQLite calls it an input/output error."""
    here = hall(tight, 8)
    process = psutil.Process(tight.servers[0].pid)
    soft, hard = process.rlimit(psutil.RLIMIT_FSIZE)
    with ThreadPoolExecutor(len(here.phones)) as threads:
        process.rlimit(psutil.RLIMIT_FSIZE, (Path(f"{file(tight)}-wal").stat().st_size, hard))
        clients = everybody_answers(here, threads)
        until_refused(here, clients)
        check_what_a_full_disk_leaves(here)
        process.rlimit(psutil.RLIMIT_FSIZE, (soft, hard))
        check_that_all_is_well_again(here, clients)
    assert "SQLITE_IOERR" in log(tight).read_text()


class Director:
    """Somebody who reads a closed workshop's journal."""

    def __init__(self, served: Installation) -> None:
        self.served = served
        self.room = served.arrange(lambda: room(6, StageKind.CLOSED, deliverables=1))
        self.session = "; ".join(f"{name}={value}" for name, value in self.room.facilitator.items())

    def get(self, page: str) -> tuple[int, bytes]:
        """Return the status and the content of a page of the journal."""
        connection = HTTPConnection("127.0.0.1", self.served.ports[0], timeout=PATIENCE)
        connection.request("GET", f"/journal/{self.room.code}/{page}", headers={"Cookie": self.session})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content

    def pdf(self) -> bytes:
        """Return the journal as PDF, once it is printed."""
        while (answer := self.get("journal.pdf"))[0] == 202:
            assert b"The journal is being printed" in answer[1]
        assert answer[0] == 200, answer[1]
        return answer[1]

    def change(self) -> None:
        """Change something in the journal."""
        self.served.arrange(lambda: Workshop.objects.filter(code=self.room.code).update(venue="The attic"))

    def state(self) -> str:
        """Return the state of the print that was asked for last."""
        return self.served.arrange(lambda: Print.objects.filter(workshop__code=self.room.code).latest("pk").state)

    def wait_two_minutes(self) -> None:
        """Let the print that is under way be one of which nothing was heard for so long."""
        past = timezone.now() - 1.1 * SILENT
        self.served.arrange(lambda: Print.objects.filter(state=PrintState.PRINTING).update(heard_at=past))


def test_disk_that_fills_up_under_a_print_is_told_and_the_last_good_print_stays(
    tight: Installation, disk: SmallDisk
) -> None:
    director = Director(tight)
    good = director.pdf()
    director.change()
    with (tight.var_dir / "press" / "lock").open() as lock:
        flock(lock, LOCK_EX)  # another print is at the press
        assert director.get("journal.pdf")[0] == 202
        wait_until(lambda: director.state() == PrintState.PRINTING)
        shrink(tight)
        disk.fill()
    wait_until(lambda: "Printing journals failed: OperationalError" in log(tight).read_text())

    wait_until(lambda: b"Nothing has been heard from the press for a while" in director.get("printing/")[1])
    status, page = director.get("journal.pdf")
    assert status == 202
    assert "the server’s disk may be full. Tell whoever looks after the server." in page.decode()
    status, page = director.get("last-print.pdf")  # what leaves the house is written down, and cannot be now
    assert status == 503
    assert b"the disk may be full" in page
    assert director.get("")[0] == 200

    disk.make_room()
    assert director.get("last-print.pdf") == (200, good)
    director.wait_two_minutes()
    new = director.pdf()
    assert new != good
    assert [each[:5] + each[-6:] for each in (good, new)] == [b"%PDF-%%EOF\n"] * 2
    assert director.get("last-print.pdf") == (200, new)


@pytest.mark.django_db
def test_press_without_room_to_work_in_is_told_and_prints_once_there_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, disk: SmallDisk
) -> None:
    """As when the database is on another machine."""
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)
    settings.PRESS_DIR = disk.place / "press-of-this-test"
    workshop = factories.workshop(by=factories.facilitator())
    factories.opened(workshop, StageKind.CLOSED)
    browser = factories.desk(workshop.facilitators.get().user)
    address = f"/journal/{workshop.code}/journal.pdf"
    disk.fill()
    try:
        refused = browser.get(address)
    finally:
        disk.make_room()
    assert refused.status_code == 503
    assert "could not be set, or the server’s disk is full" in refused.content.decode()
    assert browser.get(f"{address}?again=1").content.startswith(b"%PDF-")
