"""The hub of one process: what each followed workshop looks like now, and the screens that wait for the next change.

All of it runs in the server's event loop, except reading the database, which has a thread of its own.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import Error, close_old_connections

from workshops.live.bus import Bus, Notice, Topic
from workshops.live.buses import open_bus, publish_once
from workshops.live.feed import Feed
from workshops.live.figures import time_change
from workshops.live.keys import Screen
from workshops.live.state import PhoneFragment, State, read_revisions, read_state

logger = logging.getLogger(__name__)
Question = TypeVar("Question")
Result = TypeVar("Result")

KEEP_ALIVE = 15.0  # seconds between two beats on a quiet stream
RESYNC = 2.0  # seconds between two looks at the revisions: how late a screen is when a notice was lost
DOUBT = 6.0  # seconds without a look at the database after which screens are sent away: another process may serve them
FORGET = 300.0  # seconds after which a workshop that nobody follows is forgotten
SCREENS_PAUSE = 0.2  # seconds between two tallies for walls and desks
PHONES_PAUSE = 1.0  # seconds between two fragments for phones that follow the tally
RESTART = 1.0  # seconds before a job that failed is begun again


class Throttle:
    """Does something at once, and then at most once in `pause` seconds; the last call is never lost."""

    def __init__(self, action: Callable[[], object], pause: float) -> None:
        self._action = action
        self._pause = pause
        self._timer: asyncio.TimerHandle | None = None
        self._again = False

    def __call__(self) -> None:
        """Do it now, or when the pause is over."""
        if self._timer is not None:
            self._again = True
        else:
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._pause_is_over)
            self._action()

    def _pause_is_over(self) -> None:
        self._timer = None
        if self._again:
            self._again = False
            self()


class Room:
    """A workshop that screens of this process follow."""

    def __init__(self, code: str, read: Callable[[str], Awaitable[State | None]]) -> None:
        self.code = code
        self.phones, self.screens = Feed(), Feed()
        self.clients = 0
        self.used = 0.0  # when somebody last came, in seconds of the loop's clock
        self.is_known = False  # whether the last attempt to read the workshop succeeded
        self.is_gone = False  # whether there is no such workshop
        self._people: frozenset[int] = frozenset()  # the ids of the users who may look at the desk
        self._seats: dict[asyncio.Task[None], int] = {}  # the streams of users, and whose they are
        self._read = read
        self._fragment: PhoneFragment | None = None
        self._reading: asyncio.Task[None] | None = None
        self._current: asyncio.Future[None] | None = None  # done when the reading that is under way is over
        self._next: asyncio.Future[None] | None = None  # done when the one after it is
        self._tell_screens = Throttle(self.screens.put_tally, SCREENS_PAUSE)
        self._tell_phones = Throttle(self.refresh, PHONES_PAUSE)

    def feed(self, screen: Screen) -> Feed:
        """Return what this kind of screen is told."""
        return self.phones if screen == "phone" else self.screens

    def is_at(self, revision: int | None) -> bool:
        """Whether every screen has been told this revision."""
        return self.phones.revision == self.screens.revision == revision

    def take(self, topic: Topic) -> None:
        """Act on a notice."""
        if topic is Topic.STAGE:
            time_change(self.refresh())
        else:
            self._tell_screens()
            if self._fragment is not None and self._fragment.follows_tally:
                self._tell_phones()

    def refresh(self) -> asyncio.Future[None]:
        """Read the workshop and tell the screens what is new; if it is being read already, read it once more after.

        Return what is done when a reading that began after this call is over, whether it succeeded or not.
        """
        loop = asyncio.get_running_loop()
        if self._next is None:
            self._next = loop.create_future()
        if self._reading is None:
            self._reading = loop.create_task(self._refresh())
        return self._next

    async def settle(self, *, anew: bool) -> None:
        """Wait until all that is known to have changed has been read; `anew`: read the workshop in any case."""
        under_way = self._next or self._current
        if anew or (under_way is None and not self.is_known):
            under_way = self.refresh()
        if under_way is not None:
            await asyncio.shield(under_way)

    @property
    def is_being_read(self) -> bool:
        """Whether its screens are about to be told something."""
        return self._reading is not None

    async def _refresh(self) -> None:
        try:
            while self._next is not None:
                self._current, self._next = self._next, None
                try:
                    self._show(await self._read(self.code))
                    self.is_known = True
                except Error as error:  # the next look at the revisions will try again
                    self.is_known = False
                    logger.warning("A followed workshop could not be read: %s", type(error).__name__)
                finally:
                    self._current.set_result(None)
                    self._current = None
        finally:
            self._reading = None

    def _show(self, state: State | None) -> None:
        if state is None:
            self.is_gone = True
            self.close()
            return
        self._people = state.people
        for task in [task for task, user_id in self._seats.items() if not self.admits(user_id)]:
            del self._seats[task]
            task.cancel()
        self.screens.put_stage(state.revision, json.dumps({"revision": state.revision}))
        if state.fragment is not None:
            self._fragment = state.fragment
            self.phones.put_stage(state.revision, _phone_data(state.revision, state.fragment))

    def close(self) -> None:
        """End every stream of this workshop."""
        self.phones.close()
        self.screens.close()

    @property
    def closed(self) -> bool:
        """Whether the workshop is gone, this process is stopping, or cannot say any more what is."""
        return self.screens.closed

    def admits(self, user_id: int | None) -> bool:
        """Whether a user may follow, or None: whoever has a phone's address, as far as is known here."""
        return user_id is None or user_id in self._people

    @contextlib.contextmanager
    def visit(self, user_id: int | None) -> Iterator[None]:
        """Count somebody in, and out again; a user's running task is cancelled when they are not admitted any more."""
        self.clients += 1
        task = asyncio.current_task()
        if task and user_id is not None:
            self._seats[task] = user_id
        try:
            yield
        finally:
            self.clients -= 1
            if task:
                self._seats.pop(task, None)
            self.used = asyncio.get_running_loop().time()


class Hub:
    """Every workshop that screens of this process follow; `start` and `stop` belong to the event loop."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.bus: Bus | None = None
        self._looked = 0.0  # when the database could last be read, in seconds of the loop's clock
        self.stopping = False  # set by the server that stops
        self._loop: asyncio.AbstractEventLoop | None = None
        self._jobs: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to serve the running event loop's screens; does nothing when begun."""
        if self._loop is not None:
            return
        self._loop = asyncio.get_running_loop()
        self._looked = self._loop.time()
        self.stopping = False
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="live")
        jobs = [self._keep_alive, self._keep_in_step]
        self.bus = open_bus(take=self._take, catch_up=self.catch_up)
        if self.bus is not None:
            jobs += [self.bus.listen, self.bus.send]
        self._jobs = [self._loop.create_task(keep_up(job)) for job in jobs]

    async def stop(self) -> None:
        """End every stream, and all that `start` began; does nothing when it was not begun."""
        if self._loop is None:
            return
        self._loop = None
        self.close_streams()
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        if self.bus is not None:
            await self.bus.close()
            self.bus = None
        self.rooms.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def close_streams(self) -> None:
        """End every stream, so that the server can stop at once; a screen that is still there reconnects."""
        for room in self.rooms.values():
            room.close()

    def notify(self, notice: Notice) -> None:
        """Pass a notice on to this process's screens and to every other process; from any thread.

        Raises RedisError or django.db.Error where there are no screens and the bus does not take it.
        """
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._spread, notice)
        else:
            publish_once(notice)

    async def room(self, code: str, seen: int = -1, user_id: int | None = None) -> Room | None:
        """Return a workshop's room, no older than the revision that its visitor has seen elsewhere; None: it is gone.

        It is read anew for a user whom it does not admit: they may have just been invited. Its picture is not known, or
        it is closed, if the database could not be read.
        """
        room = self.rooms.get(code)
        if room is None:
            room = self.rooms[code] = Room(code, self._read_state)
        room.used = asyncio.get_running_loop().time()
        await room.settle(anew=self._is_deaf or seen > room.screens.revision or not room.admits(user_id))
        return None if room.is_gone else room

    async def resync(self) -> None:
        """Read the revision of every room, and refresh those that have missed a change.

        Effect: where the database could not be read for DOUBT seconds, every stream ends and every room is forgotten.
        """
        clock = asyncio.get_running_loop().time
        begun = clock()
        rooms = list(self.rooms.values())
        try:
            revisions = await self._in_thread(read_revisions, [room.code for room in rooms]) if rooms else {}
        except Error as error:
            logger.warning("The revisions could not be read: %s", type(error).__name__)
            if clock() - self._looked > DOUBT:
                self.close_streams()
                self.rooms.clear()
            return
        self._looked = begun
        for room in rooms:
            if not (room.is_known and room.is_at(revisions.get(room.code))):
                room.refresh()
            if self._is_deaf:
                room.take(Topic.TALLY)

    async def catch_up(self) -> None:
        """Make up for whatever notices may have been lost."""
        for room in self.rooms.values():
            room.take(Topic.TALLY)
        await self.resync()

    @property
    def is_reading(self) -> bool:
        """Whether screens are about to be told something."""
        return any(room.is_being_read for room in self.rooms.values())

    @property
    def _is_deaf(self) -> bool:
        """Whether other processes may change what this one is not told of."""
        return self.bus is not None and not self.bus.is_up

    def _spread(self, notice: Notice) -> None:
        self._take(notice)
        if self.bus is not None:
            self.bus.post(notice)

    def _take(self, notice: Notice) -> None:
        room = self.rooms.get(notice.code)
        if room is not None:
            room.take(notice.topic)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE)
            now = asyncio.get_running_loop().time()
            for room in list(self.rooms.values()):
                if room.closed or (not room.clients and now - room.used > FORGET):
                    del self.rooms[room.code]
                else:
                    room.phones.keep_alive()
                    room.screens.keep_alive()

    async def _keep_in_step(self) -> None:
        while True:
            await asyncio.sleep(RESYNC)
            await self.resync()

    async def _read_state(self, code: str) -> State | None:
        return await self._in_thread(read_state, code)

    async def _in_thread(self, read: Callable[[Question], Result], question: Question) -> Result:
        def read_with_own_connection() -> Result:
            close_old_connections()
            try:
                return read(question)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._threads, read_with_own_connection)


hub = Hub()


async def keep_up(job: Callable[[], Awaitable[None]]) -> None:
    """Run a job for ever: one that fails is logged and soon begun again."""
    while True:
        try:
            await job()
        except Exception:
            logger.exception("The live channel stumbled and goes on")
        await asyncio.sleep(RESTART)


def _phone_data(revision: int, fragment: PhoneFragment) -> str:
    data = {"revision": revision, "stage": fragment.stage, "fresh": fragment.fresh, "html": fragment.html}
    return json.dumps(data, ensure_ascii=False)
