"""The clock jumps by hours and days: nothing is sealed, closed or erased by that, and nobody leaves the room."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django import Settings

from ratings.sealing import seal_due
from tests import factories
from tests.e2e.installation import Installation
from tests.faults.conftest import copied
from tests.faults.hall import Hall, hall
from tests.faults.phones import SECRET, ask
from tests.raw import tell
from workshops.choices import StageKind
from workshops.clock import BOOT, JUMP, LONGEST, Look, steady_for
from workshops.models import Workshop
from workshops.timing import set_timer

HOUR, DAY = 3600, 86_400  # seconds
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LIBRARY = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class WrongClock:
    """The clock of one installation's processes, so many seconds off; what counts seconds goes on as it does."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "off"
        self.set(0)
        self.env = {
            "LD_PRELOAD": str(LIBRARY[-1]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "NO_FAKE_STAT": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds: int) -> None:
        """Put the clock so many seconds forward; back, if it is a negative number."""
        unfinished = self.file.with_suffix(".part")
        unfinished.write_text(f"{seconds:+d}")
        unfinished.replace(self.file)


@pytest.fixture
def clock(tmp_path: Path) -> WrongClock:
    if not LIBRARY:
        pytest.skip("libfaketime is not installed")
    return WrongClock(tmp_path)


@pytest.fixture
def here(installation: Installation, tmp_path: Path, clock: WrongClock) -> Iterator[Hall]:
    """A room of phones at a server whose clock jumps."""
    var_dir = tmp_path / "var"
    var_dir.mkdir()
    module = "tests.faults.impatient_server"
    with copied(installation, var_dir, database=var_dir, module=module, **clock.env) as served:
        yield hall(served, 4)


def noted(here: Hall) -> float:
    """Return what the server's clock showed when the server looked at it last."""
    return float(json.loads((here.installation.var_dir / "clock").read_text())["shown"])


def jump(here: Hall, clock: WrongClock, seconds: int) -> None:
    """Put the clock forward or back, and wait until the server has looked for what is due, twice."""
    clock.set(seconds)
    for _ in range(2):
        before, until = noted(here), time.monotonic() + 30
        while noted(here) == before or abs(noted(here) - time.time() - seconds) > HOUR / 2:
            assert time.monotonic() < until
            time.sleep(0.05)


def just_closed() -> str:
    """Make a workshop that somebody joined and that has closed this minute; return its code."""
    of = factories.workshop()
    factories.participant(of)
    factories.opened(of, StageKind.CLOSED)
    return of.code


def state(code: str) -> tuple[bool, bool]:
    """Return whether a workshop is closed, and whether it is sealed."""
    of = Workshop.objects.get(code=code)
    return of.is_closed, of.is_sealed


def timer(here: Hall, seconds: int | None) -> None:
    """Start a timer that ends the answering, or take it away, as the desk does."""
    stage = factories.stage(here.workshop(), StageKind.SCALE)
    set_timer(stage=stage, seconds=seconds, closes_itself=seconds is not None, user=None)


class People:
    """Who was in the room before: with the cookies, the forms and the keys to the live channel of that moment."""

    def __init__(self, here: Hall) -> None:
        self.here, code = here, here.room.code
        session = "; ".join(f"{name}={value}" for name, value in here.room.facilitator.items())
        self.pages = {f"/w/{code}/": here.phones[0].cookie, f"/desk/{code}/": session, f"/wall/{code}/": session}
        self.blank = f"/desk/{code}/blank/", session
        self.load()

    def load(self) -> None:
        """Load each page, as its script does when its key is refused."""
        self.streams = []
        for path, cookie in self.pages.items():
            status, _, page = ask(self.here.port, "GET", path, cookie)
            assert status == 200
            self.streams += re.findall(r'data-live="([^"]+)"', page)
        assert len(self.streams) == len(self.pages)

    def follow(self) -> set[int]:
        """Return how each page's key is answered."""
        return {ask(self.here.port, "GET", f"{unescape(path)}&poll=1")[0] for path in self.streams}

    def are_still_in(self, *, keys: int) -> None:
        """See that forms are taken and pages are shown; the keys are answered with a status, and new ones are good."""
        path, session = self.blank
        assert ask(self.here.port, "POST", path, session, {"csrfmiddlewaretoken": SECRET, "blank": "1"}, FORM)[0] == 302
        assert self.follow() == {keys}
        self.load()
        assert self.follow() == {200}


def test_clock_that_jumps_seals_and_closes_nothing_and_nobody_leaves_the_room(here: Hall, clock: WrongClock) -> None:
    arrange, phone, people = here.installation.arrange, here.phones[0], People(here)
    closed = arrange(just_closed)
    arrange(timer, here, 600)
    phone.save(5)
    screen = here.screen("phone")
    for seconds in (5 * HOUR, 20 * DAY, -3 * HOUR):
        jump(here, clock, seconds)
        assert arrange(state, closed) == (True, False)
        assert arrange(state, here.room.code) == (False, False)
        if seconds == 5 * HOUR:  # time is up, for the time being
            assert phone.send(6) == "closed"
            arrange(timer, here, None)
        phone.save(7)
        assert here.answer_of(phone) == "7 "
        people.are_still_in(keys=403 if seconds > DAY else 200)
    jump(here, clock, 0)
    people.are_still_in(keys=200)
    here.goes_on()
    assert screen.event().revision > 0  # a stream that was open before goes on
    screen.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("jumps", "ago", "status"),
    [
        ([], HOUR, 302),
        ([20 * DAY], HOUR, 200),
        ([20 * DAY], 20 * DAY + HOUR, 302),  # it was over before
        ([-20 * DAY], HOUR, 302),
        ([20 * DAY, -20 * DAY], HOUR, 302),
        ([10 * DAY, 10 * DAY], 15 * DAY, 200),
    ],
)
def test_session_that_only_a_jump_has_ended_goes_on(
    settings: Settings, tmp_path: Path, jumps: list[int], ago: int, status: int
) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    user = factories.facilitator()
    of, browser = factories.workshop(by=user), factories.desk(user)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=ago))
    for by in jumps:
        steady_for()
        noted = json.loads(settings.CLOCK_FILE.read_text())
        note(settings, Look(**{**noted, "shown": noted["shown"] - by}))
    for _ in range(2):
        assert browser.get(f"/desk/{of.code}/").status_code == status


WAITING = """
import os, select, time
from pathlib import Path
from django.core.cache import cache
cache.add("wrong", 1, 5)  # seconds: the clock goes back within two
cache.add("kept", 1, None)
noted, until = time.time(), time.monotonic() + 30
Path(os.environ["FAKETIME_TIMESTAMP_FILE"]).write_text("-3600")
while cache.get("wrong") or time.time() > noted - 1800:
    assert time.monotonic() < until, "It is remembered for as long as the clock went back"
    select.select([], [], [], 0.05)  # with a wrong clock other sleeps fail
assert cache.get("kept")
"""


def test_clock_that_goes_back_makes_nobody_wait_longer(tmp_path: Path, clock: WrongClock) -> None:
    """Who tried too many wrong codes may try again after ten minutes, and not after these and the jump."""
    tell(tmp_path, WAITING, **clock.env, REDIS_URL="")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["erase_due", "seal_due"])
def test_command_refuses_after_a_jump_and_does_one_workshop_when_it_is_named(
    settings: Settings, tmp_path: Path, command: str
) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    look = now()
    note(settings, Look(look.boot, look.shown - 400 * DAY, look.passed - 60))
    code, until = just_closed(), date(2020, 1, 1)
    Workshop.objects.filter(code=code).update(erase_on=until, closed_at=datetime(2020, 1, 1, tzinfo=UTC))
    for _ in range(2):
        with pytest.raises(CommandError, match="the clock of this machine was put forward or back"):
            call_command(command)
    assert state(code) == (True, False)
    assert seal_due() == []
    call_command(command, code=code)
    assert not Workshop.objects.filter(code=code, sealed_on=None).exists()


def now() -> Look:
    """Return the clock as it is."""
    return Look(BOOT.read_text().strip(), time.time(), time.clock_gettime(time.CLOCK_BOOTTIME))


@pytest.mark.parametrize(
    ("shown", "passed", "steady"),
    [
        (60, 60, timedelta.max),
        (60 + JUMP - 5, 60, timedelta.max),  # put right by a little
        (60 + JUMP + 5, 60, timedelta(0)),
        (60 - JUMP - 5, 60, timedelta(0)),
        (-DAY, 60, timedelta(0)),
        (3 * DAY, 3 * DAY, timedelta.max),  # a lid that was closed for a weekend
        (40 * DAY + HOUR, 40 * DAY, timedelta.max),  # a bad clock, put right after a long while
    ],
)
def test_clock_is_steady_while_it_shows_what_has_passed(
    settings: Settings, tmp_path: Path, shown: float, passed: float, steady: timedelta
) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    assert steady_for() == timedelta.max
    look = now()
    note(settings, Look(look.boot, look.shown - shown, look.passed - passed))
    assert steady_for() == steady


@pytest.mark.parametrize(
    ("boot", "shown", "jumped", "steady"),
    [
        ("another", 3 * DAY, None, timedelta.max),
        ("another", -HOUR, None, timedelta(0)),
        ("another", 3 * DAY, 10.0, timedelta(0)),  # nobody knows whether it was off for so long
    ],
)
def test_clock_that_was_off_is_believed_unless_it_went_back(
    settings: Settings, tmp_path: Path, boot: str, shown: float, jumped: float | None, steady: timedelta
) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    look = now()
    note(settings, Look(boot, look.shown - shown, look.passed + DAY, jumped))
    assert steady_for() == steady


@pytest.mark.parametrize(("ago", "known"), [(2 * HOUR, True), (LONGEST.total_seconds() + 60, False)])
def test_jump_is_remembered_for_a_day(settings: Settings, tmp_path: Path, ago: float, known: bool) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    look = now()
    note(settings, Look(look.boot, look.shown - 1, look.passed - 1, look.passed - ago))
    steady = steady_for()
    assert (steady < timedelta.max) is known
    if known:
        assert abs(steady - timedelta(seconds=ago)) < timedelta(minutes=1)


@pytest.mark.parametrize("kept", ["", "[1]", '{"boot": "x"}', '{"boot": "x", "shown": NaN, "passed": 1}', "\0"])
def test_note_that_cannot_be_read_is_written_anew(settings: Settings, tmp_path: Path, kept: str) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    settings.CLOCK_FILE.write_text(kept)
    assert steady_for() == timedelta.max
    assert json.loads(settings.CLOCK_FILE.read_text())["jumped"] is None


def note(settings: Settings, look: Look) -> None:
    """Write down an earlier look."""
    settings.CLOCK_FILE.write_text(json.dumps(vars(look)))
