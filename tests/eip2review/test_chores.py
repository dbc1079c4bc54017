"""What the server does by itself: it seals and prints what is due, and goes on when the database fails."""

import asyncio
import logging
import threading
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from pytest_django import Settings

from eip2review import chores
from ratings.choices import PrintState
from ratings.journal import press
from ratings.journal.printing import ask_for_print, bells
from tests import factories
from tests.ratings.journal import quick_press
from workshops.choices import Deed, StageKind
from workshops.models import Workshop
from workshops.sessions import open_stage
from workshops.trail import record_act


@pytest.mark.django_db(transaction=True)
def test_server_seals_what_is_due_and_no_more() -> None:
    due, fresh = factories.workshop(), factories.workshop()
    for of, minutes in ((due, 31), (fresh, 5)):
        factories.participant(of)
        open_stage(stage=factories.stage(of, StageKind.CLOSED), user=None)
        Workshop.objects.filter(pk=of.pk).update(closed_at=timezone.now() - timedelta(minutes=minutes))
    chores.seal()
    due.refresh_from_db()
    fresh.refresh_from_db()
    assert (due.is_sealed, fresh.is_sealed) == (True, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "another process's" * 3])
def test_server_says_that_another_one_has_another_key(
    settings: Settings, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    record_act(workshop=factories.workshop(), user=None, act=Deed.DETAILS)
    settings.SECRET_KEY = key or settings.SECRET_KEY
    asyncio.run(chores.compare_keys())
    assert caplog.messages == ([chores.OTHER_KEY] if key else [])


def test_server_looks_again_after_a_failure_until_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[Exception] = []

    def fail() -> None:
        looks.append((OperationalError if looks else InterfaceError)("database is locked"))
        raise looks[-1]

    monkeypatch.setattr(chores, "seal_due", fail)
    monkeypatch.setattr(chores, "PAUSE", 0.0)

    async def live() -> None:
        running = asyncio.create_task(chores.keep_sealing())
        while len(looks) < 3:
            assert not running.done(), "it looks no more"
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    with caplog.at_level(logging.WARNING):
        asyncio.run(live())
    assert caplog.messages[:2] == [
        f"Looking for workshops to seal failed: {name}" for name in ("InterfaceError", "OperationalError")
    ]


@pytest.mark.django_db(transaction=True)
def test_server_prints_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)
    asked = ask_for_print(factories.workshop(deliverables=1))
    chores.print_all(threading.Event())
    asked.refresh_from_db()
    assert asked.state == PrintState.DONE


def test_server_is_at_the_press_again_when_the_bell_rings_whatever_failed_before(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([OperationalError("database is locked"), ValueError("somebody's words")])
    looked: list[threading.Event] = []

    def fail(stopping: threading.Event) -> None:
        looked.append(stopping)
        bells[0]()
        if failure := next(failures, None):
            raise failure

    monkeypatch.setattr(chores, "print_all", fail)

    async def live() -> None:
        running = asyncio.create_task(chores.keep_printing())
        while len(looked) < 3:
            await asyncio.sleep(0.001)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    with caplog.at_level(logging.WARNING):
        asyncio.run(live())
    assert caplog.messages == [f"Printing journals failed: {name}" for name in ("OperationalError", "ValueError")]
    assert (looked[0].is_set(), bells) == (True, [])
