"""For how long this machine's clock has gone steadily: what cannot be undone does not happen because a clock jumped.

A laptop that wakes up in another year, a virtual machine that was moved, a clock that is put right in the middle of a
morning: the date is suddenly another one. What seals, closes and erases by itself asks here first, and so does what
would ask somebody to sign in again. Time that passes while the machine sleeps or is off is no jump.
"""

from __future__ import annotations

import datetime
import json
import logging
import math
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

JUMP = 300.0
"""Seconds by which the clock may be put right without a word."""
DRIFT = 0.01
"""What share of the time that has passed a bad clock may be wrong by."""
LONGEST = datetime.timedelta(days=1)
"""After so long nobody asks about a jump any more."""
JUMPED = (
    "Nothing was done: the clock of this machine was put forward or back less than a day ago, so what is due cannot be "
    "told for certain. See that the date is right, then run this again after a day."
)
BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Look:
    """One look at the clock: when this machine was started last, the time it shows, and the seconds since the start.

    `jumped`: the seconds since the start at which a jump was noticed last; None when there was none lately. `off`: by
    how many seconds it has jumped in all since it was steady.
    """

    boot: str
    shown: float
    passed: float
    jumped: float | None = None
    off: float = 0.0


def steady_for() -> datetime.timedelta:
    """Return for how long the clock is known not to have jumped, `timedelta.max` when no jump is known.

    Effect: notes in `settings.CLOCK_FILE` what the clock shows, for the next look, whoever takes it.
    """
    now = _look_again()
    return datetime.timedelta.max if now.jumped is None else datetime.timedelta(seconds=now.passed - now.jumped)


def put_forward() -> datetime.timedelta:
    """Return by how much the clock has jumped forward in the last day, and was not put back since; at least nothing.

    Effect: as `steady_for`.
    """
    return datetime.timedelta(seconds=max(0.0, _look_again().off))


def _look_again() -> Look:
    before, now = _last_look(), _look()
    if before is not None:
        now = _compared(before, now)
    _note(now)
    return now


def passed() -> float:
    """Return the seconds since this machine's start, its sleep included; no clock that is put right moves them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _look() -> Look:
    return Look(BOOT.read_text().strip() if BOOT.exists() else "", time.time(), passed())


def _compared(before: Look, now: Look) -> Look:
    """Return a look with what is known of jumps before it."""
    shown, same_boot = now.shown - before.shown, now.boot == before.boot and now.passed >= before.passed
    passed = now.passed - before.passed if same_boot else max(0.0, shown)  # how long it was off, only the clock can say
    if abs(shown - passed) > JUMP + DRIFT * passed:
        logger.warning("The clock of this machine jumped: nothing is closed, sealed or erased by itself for a while")
        return replace(now, jumped=now.passed, off=before.off + shown - passed)
    if before.jumped is None:
        return now
    jumped = before.jumped if same_boot else now.passed
    return now if now.passed - jumped > LONGEST.total_seconds() else replace(now, jumped=jumped, off=before.off)


def _last_look() -> Look | None:
    with suppress(OSError, ValueError, TypeError):
        look = Look(**json.loads(settings.CLOCK_FILE.read_text()))
        return look if math.isfinite(look.shown + look.passed + look.off) else None
    return None


def _note(look: Look) -> None:
    unfinished = settings.CLOCK_FILE.with_suffix(".part")
    with suppress(OSError):  # a full disk: the next look is noted
        unfinished.write_text(json.dumps(asdict(look)))
        unfinished.replace(settings.CLOCK_FILE)
