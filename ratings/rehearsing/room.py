"""A room of played people: they come one after the other, and answer each stage, or all of them, in their own time."""

from __future__ import annotations

import heapq
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from itertools import count
from urllib.error import HTTPError

from ratings.rehearsing.player import NotJoined, Player

ARRIVALS = 20.0  # seconds over which people join
GLANCE = 2.0  # seconds between two looks at the first phone
AGAIN = 3.0  # seconds until what the server did not answer is tried again
SECOND_THOUGHTS = 0.1  # how many change their answer
ALL_OPEN = "all questions"  # what is asked where everybody goes at their own pace


@dataclass
class Tally:
    """What the room has done so far. `lost` are requests that failed, also those that were made again later."""

    joined: int = 0
    answers: int = 0
    lost: int = 0


class Room:
    """Plays people against a server, in one thread: only the first phone is watched, so waiting costs little."""

    def __init__(
        self,
        *,
        players: Sequence[Player],
        admit: Callable[[str], None],
        is_over: Callable[[], bool],
        chance: random.Random,
        tell: Callable[[bool], None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`admit` takes the token of each person who has joined; `is_over` says whether the workshop has closed.

        Either raises OSError where it cannot do so now. `tell` hears False when the server is away, True when it is
        back.
        """
        self.tally = Tally()
        self._players = players
        self._admit = admit
        self._is_over = is_over
        self._chance = chance
        self._tell = tell
        self._clock = clock
        self._sleep = sleep
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._stage = ""
        self._away = False
        self._present: list[Player] = []

    def play(self, seconds: float | None = None) -> None:
        """Play until the workshop closes or the seconds are over.

        Raises what goes wrong when the first person joins (OSError, NotJoined); later a request that fails is counted,
        and made again until the server is back.
        """
        start = self._clock()
        self._arrive(self._players[0])
        for player in self._players[1:]:
            self._plan(self._chance.uniform(0, ARRIVALS), partial(self._arrive, player))
        self._plan(0, self._watch)
        while self._agenda:
            when, _, act = heapq.heappop(self._agenda)
            if seconds is not None and when - start > seconds:
                return
            self._sleep(max(0.0, when - self._clock()))
            self._try(act)

    def _try(self, act: Callable[[], None]) -> None:
        """Do it; what the server is too far away for is done again later, as a phone does."""
        try:
            act()
        except (OSError, HTTPException, NotJoined) as error:
            self.tally.lost += 1
            if _may_come_back(error):
                self._note(away=True)
                self._plan(AGAIN, act)
        else:
            self._note(away=False)

    def _note(self, *, away: bool) -> None:
        if away != self._away:
            self._away = away
            self._tell(not away)

    def _plan(self, delay: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (self._clock() + delay, next(self._order), act))

    def _arrive(self, player: Player) -> None:
        self._admit(player.join())
        self.tally.joined += 1
        self._present.append(player)
        if self._stage:
            self._plan(self._hesitation(), partial(self._answer, player))

    def _watch(self) -> None:
        """Look at the first phone; when another question stands there, everybody begins to think."""
        if self._is_over():
            self._agenda.clear()
            return
        page = self._players[0].look()
        self._plan(GLANCE, self._watch)
        form = page.stage_form
        stage = form.stage if form is not None else ALL_OPEN if page.questions else ""
        if stage != self._stage:
            self._stage = stage
            for player in self._present if stage else ():
                self._plan(self._hesitation(), partial(self._answer, player))

    def _answer(self, player: Player) -> None:
        stage = player.answer()
        if stage:
            self.tally.answers += 1
            if self._chance.random() < SECOND_THOUGHTS:
                self._plan(self._hesitation(), partial(self._think_again, player, stage))
        if self._stage == ALL_OPEN and player.next_question(player.look()):
            self._plan(self._hesitation(), partial(self._answer, player))

    def _think_again(self, player: Player, stage: str) -> None:
        if stage == self._stage:
            player.answer()

    def _hesitation(self) -> float:
        """Return how many seconds a person thinks before they answer: some, now and then many."""
        return self._chance.lognormvariate(2.0, 0.7)


def _may_come_back(error: Exception) -> bool:
    """Whether a request may succeed later: the server was away, or said that it is in difficulties."""
    return not isinstance(error, NotJoined) and (not isinstance(error, HTTPError) or error.code >= 500)
