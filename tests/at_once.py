"""Acts that meet in the database at the same moment."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def _connect() -> None:
    connection.ensure_connection()  # this thread's own: the name stands for another one in each


def at_once(*acts: Callable[[], Any], prepare: Callable[[], Any] = _connect) -> Sequence[Any]:
    """Do all of it at the same moment, each over a connection of its own; return what each returned or raised.

    `prepare` is called in each thread before, and gives it its connection.
    """
    outcomes: list[Any] = [None] * len(acts)
    start = Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            prepare()
            start.wait(10)
            outcomes[place] = act()
        except Exception as error:  # noqa: BLE001 (every outcome is looked at by the test)
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
