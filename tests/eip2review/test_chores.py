"""What the server does by itself: it seals what is due when it starts, and goes on when the database fails."""

import asyncio
import logging
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from eip2review import chores
from tests import factories
from workshops.choices import StageKind
from workshops.models import Workshop
from workshops.sessions import open_stage


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


def test_server_looks_again_after_a_failure_until_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = []

    def fail() -> None:
        looks.append("failed")
        raise OperationalError("database is locked")

    monkeypatch.setattr(chores, "seal_due", fail)
    monkeypatch.setattr(chores, "PAUSE", 0.0)

    async def live() -> None:
        running = asyncio.create_task(chores.keep_sealing())
        while len(looks) < 3:
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    with caplog.at_level(logging.WARNING):
        asyncio.run(live())
    assert caplog.messages[0] == "Looking for workshops to seal failed: OperationalError"
