"""The parts of the live channel that need no server, and what it does when something is missing."""

import asyncio
import logging
import time
from datetime import date
from pathlib import Path

import pytest
from django.core.signing import BadSignature, TimestampSigner, b62_encode
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from tests.connections import Notebook
from tests.servers import app_server, free_port
from tests.workshops.conftest import MODULE, LiveApp, migrate
from tests.workshops.test_live import shown
from workshops.live import Topic, announce, stream_url
from workshops.live.bus import Notice
from workshops.live.feed import Feed
from workshops.live.hub import Hub, Room, Throttle, hub, keep_up
from workshops.live.keys import MAX_AGE, holder_of
from workshops.live.state import State
from workshops.live.stream import RETRY_FRAME, Message, follow, serve
from workshops.models import Edition, Review, Workshop


class OldSigner(TimestampSigner):
    """Signs as if it were a day and a minute ago."""

    def timestamp(self) -> str:
        """Return yesterday's time."""
        return b62_encode(int(time.time()) - MAX_AGE - 60)


def make_workshop() -> Workshop:
    """Return a new workshop."""
    review = Review.objects.create(title="A review")
    edition = Edition.objects.create(review=review, title="A review", imperative_question="What next?")
    return Workshop.objects.create(edition=edition, organisation="A", date=date(2030, 1, 1), code="123456")


def test_throttle_acts_at_once_and_never_loses_the_last_call() -> None:
    async def scenario() -> list[str]:
        done = asyncio.Event()
        asked: list[str] = []
        acted: list[str] = []

        def act() -> None:
            acted.append(asked[-1])
            if asked[-1] == "last":
                done.set()

        throttle = Throttle(act, 0.02)
        for word in ("first", "second", "third", "last"):
            asked.append(word)
            throttle()
        assert acted == ["first"]
        await asyncio.wait_for(done.wait(), 5)
        await asyncio.sleep(0.03)
        asked.append("after the pause")
        throttle()
        return acted

    assert asyncio.run(scenario()) == ["first", "last", "after the pause"]


def test_old_key_is_refused_and_a_new_one_is_not() -> None:
    with pytest.raises(BadSignature):
        holder_of("123456", "phone", OldSigner(salt="live").sign("123456:phone").removeprefix("123456:phone:"))
    key = TimestampSigner(salt="live").sign("123456:phone").removeprefix("123456:phone:")
    assert holder_of("123456", "phone", key) is None


def test_address_of_a_screen_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="kitchen"):
        stream_url(Workshop(code="123456"), "kitchen")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_stage_raises_the_revision_whatever_this_instance_thought_it_was() -> None:
    workshop = make_workshop()
    Workshop.objects.update(revision=7)
    announce(workshop, Topic.STAGE)
    assert workshop.revision == 8
    assert Workshop.objects.get().revision == 8


@pytest.mark.django_db
def test_tally_leaves_the_database_alone(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    workshop = make_workshop()
    with django_assert_num_queries(0):
        announce(workshop, Topic.TALLY)


@pytest.mark.django_db(transaction=True)
def test_change_is_kept_when_redis_cannot_be_told(caplog: pytest.LogCaptureFixture) -> None:
    workshop = make_workshop()
    with override_settings(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"), caplog.at_level(logging.ERROR):
        announce(workshop, Topic.STAGE)
    assert Workshop.objects.get().revision == 1
    assert [record.name for record in caplog.records] == ["django.db.backends.base"]


def test_newcomer_waits_for_one_reading_however_many_come_after() -> None:
    async def scenario() -> int:
        readings = 0

        async def read(code: str) -> State:
            nonlocal readings
            readings += 1
            await asyncio.sleep(0)
            return State(readings, None, frozenset())

        room = Room("123456", read)
        first = asyncio.create_task(room.settle(anew=True))
        crowd = []
        while not first.done():
            crowd.append(asyncio.create_task(room.settle(anew=True)))
            await asyncio.sleep(0)
            assert len(crowd) < 50, "it never got its turn"
        await asyncio.gather(*crowd)
        return room.screens.revision

    assert asyncio.run(scenario()) >= 2


def test_hub_starts_and_stops_once_and_again() -> None:
    async def scenario() -> int:
        hub = Hub()
        await hub.stop()
        for _ in range(2):
            hub.start()
            hub.start()
            hub.notify(Notice("123456", Topic.STAGE))
            await hub.resync()
            await hub.stop()
        return len(asyncio.all_tasks())

    assert asyncio.run(scenario()) == 1


def test_job_that_fails_is_logged_and_begun_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("workshops.live.hub.RESTART", 0)

    async def scenario() -> int:
        runs = 0
        enough = asyncio.Event()

        async def job() -> None:
            nonlocal runs
            runs += 1
            if runs == 1:
                raise ValueError("a stumble")
            enough.set()
            await asyncio.Event().wait()

        keeping = asyncio.create_task(keep_up(job))
        await asyncio.wait_for(enough.wait(), 5)
        keeping.cancel()
        return runs

    assert asyncio.run(scenario()) == 2
    assert "a stumble" in caplog.text


def test_stream_that_the_server_cancels_says_so() -> None:
    async def scenario() -> list[Message]:
        sent: list[Message] = []
        begun = asyncio.Event()

        async def receive() -> Message:
            await asyncio.Event().wait()
            raise AssertionError("nothing is received")

        async def send(message: Message) -> None:
            sent.append(message)
            if "body" in message:
                begun.set()

        stream = asyncio.create_task(follow(Feed(), Notebook(), receive, send))
        await asyncio.wait_for(begun.wait(), 5)
        stream.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stream
        return sent

    assert [message["type"] for message in asyncio.run(scenario())] == ["http.response.start", "http.response.body"]


@pytest.mark.django_db(transaction=True)
def test_screen_that_comes_while_the_server_stops_is_asked_to_come_back() -> None:
    """To a browser another status would mean that it may stop trying."""
    path, _, query = stream_url(make_workshop(), "phone").partition("?")
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("nothing is received")

    async def send(message: Message) -> None:
        sent.append(message)

    async def scenario() -> None:
        hub.start()
        hub.stopping = True
        scope = {"method": "GET", "path": path, "query_string": query.encode(), "headers": []}
        await serve(scope, Notebook(), receive, send)
        await hub.stop()

    asyncio.run(scenario())
    assert [sent[0]["status"], *(message.get("body") for message in sent[1:])] == [200, RETRY_FRAME]
    assert not sent[-1].get("more_body")


def test_screen_is_asked_to_come_back_while_the_database_cannot_be_read(tmp_path: Path, code: str) -> None:
    process = app_server(var_dir=tmp_path, module=MODULE)
    with process, override_settings(SECRET_KEY=process.env["SECRET_KEY"]):
        app = LiveApp(process)
        status, _, headers = app.get(stream_url(Workshop(code=code), "phone"))
        assert (status, headers["retry-after"]) == (503, "2")
        migrate(process.env)
        phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
        assert phone.event() == shown(0, "hall")
        app.close_screens()


def test_lost_notice_is_made_up_for(impatient: LiveApp, code: str) -> None:
    phone = impatient.follow(impatient.do("make", code=code, venue="hall")["phone"])
    assert phone.event() == shown(0, "hall")
    impatient.do("move", code=code, venue="attic", outcome="silent")
    assert phone.event() == shown(1, "attic")


def test_stream_ends_when_its_workshop_is_deleted(impatient: LiveApp, code: str) -> None:
    path = impatient.do("make", code=code, venue="hall")["phone"]
    phone = impatient.follow(path)
    assert phone.event() == shown(0, "hall")
    impatient.do("remove", code=code)
    with pytest.raises(EOFError):
        phone.event()
    assert impatient.get(path)[0] == 404


def test_workshop_that_nobody_follows_is_forgotten(impatient: LiveApp, code: str) -> None:
    path = impatient.do("make", code=code, venue="hall")["phone"]
    assert impatient.get(f"{path}&poll=1")[0] == 200
    deadline = time.monotonic() + 10
    while impatient.do("clients", code=code)["known"] and time.monotonic() < deadline:
        pass
    assert not impatient.do("clients", code=code)["known"]
    assert impatient.get(f"{path}&poll=1")[:2] == (200, shown(0, "hall").data)
