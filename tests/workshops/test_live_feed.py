"""What open streams are told, in which order, and what happens to a screen that is slow."""

import asyncio
import socket
from pathlib import Path

import pytest

from tests.connections import Notebook
from tests.servers import app_server
from tests.workshops.conftest import MODULE, LiveApp
from workshops.live.feed import KEEP_ALIVE_FRAME, Feed, chunk
from workshops.live.stream import Message, follow


def stage(revision: int) -> bytes:
    """Return the event of a stage, as it is framed."""
    return f"id: {revision}\nevent: stage\ndata: <{revision}>\n\n".encode()


def tally(revision: int) -> bytes:
    """Return the event of a tally."""
    return f"id: {revision}\nevent: tally\ndata: {{}}\n\n".encode()


def feed_at(revision: int) -> Feed:
    """Return a feed that has told this revision."""
    feed = Feed()
    feed.put_stage(revision, f"<{revision}>")
    return feed


@pytest.fixture
def notebook() -> Notebook:
    """A connection that takes everything."""
    return Notebook()


def test_screen_is_told_each_thing_once_and_what_it_missed_while_it_connected(notebook: Notebook) -> None:
    async def scenario() -> None:
        feed = feed_at(1)
        seen, _ = feed.first()
        feed.put_stage(2, "<2>")
        with feed.streaming(notebook, seen):
            feed.put_stage(2, "<2>")
            feed.put_tally()
            feed.keep_alive()
        feed.put_stage(3, "<3>")

    asyncio.run(scenario())
    assert notebook.written == [chunk(stage(2)), chunk(tally(2)), chunk(KEEP_ALIVE_FRAME)]


def test_full_connection_gets_nothing_and_then_the_newest_of_each_topic(notebook: Notebook) -> None:
    async def scenario() -> None:
        feed = feed_at(1)
        quick = Notebook()
        with feed.streaming(notebook, feed.serial), feed.streaming(quick, feed.serial):
            notebook.is_full = True
            for revision in range(2, 50):
                feed.put_stage(revision, f"<{revision}>")
                feed.put_tally()
            feed.keep_alive()
            assert (notebook.written, len(quick.written)) == ([], 97)
            notebook.empty()
            notebook.empty()

    asyncio.run(scenario())
    assert notebook.written == [chunk(stage(49) + tally(49))]


def test_stream_ends_with_its_feed_and_forgets_its_connection(notebook: Notebook) -> None:
    async def scenario() -> list[Message]:
        sent: list[Message] = []
        feed = feed_at(1)

        async def receive() -> Message:
            if sent[-1]["more_body"]:
                asyncio.get_running_loop().call_soon(feed.close)
            await asyncio.Event().wait()
            raise AssertionError("nothing is received")

        async def send(message: Message) -> None:
            sent.append(message)

        for _ in range(2):  # the second comes when the feed is closed
            stream = asyncio.create_task(follow(feed, notebook, receive, send))
            await asyncio.wait([stream], timeout=10)
            assert stream.done()
        return sent

    sent = asyncio.run(scenario())
    assert [message.get("body") for message in sent] == [None, b"retry: 2000\n\n" + stage(1), b""] * 2
    assert notebook.when_ready is None


def test_phone_that_does_not_read_skips_to_the_newest_and_holds_nobody_up(migrated: Path, code: str) -> None:
    """It has the newest as soon as it reads on: no comment of the keep-alive comes to its help."""
    with app_server(var_dir=migrated, module=MODULE, LIVE_KEEP_ALIVE="3600") as process:
        app = LiveApp(process)
        screens = app.do("make", code=code, venue="large 0")
        slow, quick = app.follow(screens["phone"]), app.follow(screens["phone"])
        slow.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        assert slow.event().revision == quick.event().revision == 0
        for number in range(1, 41):  # half a megabyte each: no buffer of the system holds them all
            app.do("move", code=code, venue=f"large {number}")
            assert quick.event().revision == number
        revisions = [slow.event().revision]
        while revisions[-1] < 40:
            revisions.append(slow.event().revision)
        assert revisions == sorted(set(revisions))
        assert len(revisions) < 35
        app.close_screens()
