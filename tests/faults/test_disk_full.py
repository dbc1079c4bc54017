"""The disk is full: answers are refused with a sentence and kept by the phone, and all goes on once there is room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.e2e.installation import Installation
from tests.faults.conftest import copied
from tests.faults.hall import Hall, hall
from tests.faults.phones import SECRET, ask
from workshops.views.errors import AGAIN

SIZE = 8  # megabytes of the small disk
WORDS = "The plan is on the fridge, not in the file." * 6  # so that the database needs room soon
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


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk; where nobody lets us mount one, the other test of this file has to do."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "midpoint-test", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


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
    installation: Installation, disk: SmallDisk, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with copied(installation, tmp_path, database=disk.place) as here_installed:
        here = hall(here_installed, 8)
        with ThreadPoolExecutor(len(here.phones)) as threads:
            disk.fill()
            clients = everybody_answers(here, threads)
            until_refused(here, clients)
            check_what_a_full_disk_leaves(here)
            disk.make_room()
            check_that_all_is_well_again(here, clients)
    told = capfd.readouterr().err
    assert "SQLITE_FULL" in told
    assert "Traceback" not in told


def test_file_that_may_not_grow_is_as_a_full_disk(
    installation: Installation, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The system refuses to write beyond a size: SQLite calls it an input/output error."""
    with copied(installation, tmp_path, database=tmp_path) as here_installed:
        here = hall(here_installed, 8)
        process = psutil.Process(here_installed.servers[0].pid)
        soft, hard = process.rlimit(psutil.RLIMIT_FSIZE)
        with ThreadPoolExecutor(len(here.phones)) as threads:
            process.rlimit(psutil.RLIMIT_FSIZE, ((tmp_path / "midpoint.sqlite3-wal").stat().st_size, hard))
            clients = everybody_answers(here, threads)
            until_refused(here, clients)
            check_what_a_full_disk_leaves(here)
            process.rlimit(psutil.RLIMIT_FSIZE, (soft, hard))
            check_that_all_is_well_again(here, clients)
    assert "SQLITE_IOERR" in capfd.readouterr().err
