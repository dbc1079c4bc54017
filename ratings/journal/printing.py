"""The prints of a workshop's journal: asked for at the desk, made by whoever is at the press, kept until the next one.

The running server is at the press (`eip2review.chores`); `manage.py print_due` prints for one that stands still.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from prometheus_client import Histogram

from ratings.choices import PRINTED, PrintState
from ratings.deciding import digest
from ratings.journal.build import Journal, build_journal
from ratings.journal.press import JournalBusy, JournalFailed, JournalTooLarge, PressStopped, order_of, set_order
from ratings.models import Comment, Imperative, Print
from workshops.models import Workshop

SILENT = datetime.timedelta(seconds=120)
"""A print of which nothing was heard for so long is taken up again: whoever was at it is gone."""
QUIET = datetime.timedelta(seconds=45)
"""A print of which nothing was heard for so long may be in trouble, and whoever waits for it is told."""
TRIES = 3
"""So often a print is taken up."""
TELL_SECONDS = 0.5
"""So long at least between two notes of how far a print has come."""
LOOK_SECONDS = 0.1
"""So long between two looks at a print that somebody waits for."""

PRINT_SECONDS = Histogram(
    "midpoint_print_seconds",
    "How long a journal was at the press, whether it came out or not.",
    buckets=(1, 2.5, 5, 10, 20, 40, 90, 120),
)

bells: list[Callable[[], None]] = []
"""What is rung when a print was asked for: of each who is at the press in this process."""

light = Print.objects.defer("pdf", "words")
"""Prints without what is large in them."""


@dataclass(frozen=True)
class Printing:
    """How the printing of a workshop's journal stands: the print asked for last, and the last good one."""

    latest: Print | None
    good: Print | None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for its turn."""
        return self.latest is not None and self.latest.state == PrintState.WAITING

    @property
    def is_under_way(self) -> bool:
        """Whether it waits, or is being printed."""
        return self.is_waiting or (self.latest is not None and self.latest.state == PrintState.PRINTING)

    @property
    def is_silent(self) -> bool:
        """Whether nothing has been heard for a while of what is being printed, as when the disk is full."""
        heard_at = self.latest.heard_at if self.latest and self.latest.state == PrintState.PRINTING else None
        return heard_at is not None and abs(timezone.now() - heard_at) > QUIET

    @property
    def has_failed(self) -> bool:
        """Whether it could not be printed."""
        return self.latest is not None and self.latest.state == PrintState.FAILED

    @property
    def tens(self) -> int:
        """How much is done, in steps of ten per cent."""
        return self.latest.progress // 10 * 10 if self.latest else 0

    @property
    def seen(self) -> str:
        """What tells whether a screen would show anything else."""
        return f"{self.latest.state}-{self.tens}{'-silent' * self.is_silent}" if self.latest else ""


def ask_for_print(workshop: Workshop, *, again: bool = False) -> Print:
    """Return the print of the journal as it now is: done, under way or failed; where there is none, ask for one.

    `again` asks once more for what has failed.
    """
    wanted = order_of(build_journal(workshop)).digest
    with transaction.atomic():
        mine = light.filter(workshop=workshop)
        same = mine.filter(digest=wanted).exclude(state=PrintState.WAITING)
        found = (same.exclude(state=PrintState.FAILED) if again else same).order_by("-pk").first()
        if found:
            return found
        asked, _ = mine.update_or_create(workshop=workshop, state=PrintState.WAITING, defaults={"digest": wanted})
    for ring in bells:
        transaction.on_commit(ring)
    return asked


def printing_of(workshop: Workshop) -> Printing:
    """Return how the printing stands: of what is under way, else of what was asked for last."""
    prints = {PrintState(each.state): each for each in light.filter(workshop=workshop)}
    under_way = prints.get(PrintState.PRINTING) or prints.get(PrintState.WAITING)
    return Printing(
        under_way or max(prints.values(), key=lambda each: each.asked_at, default=None),
        last_good(workshop) if PrintState.DONE in prints else None,
    )


def last_good(workshop: Workshop) -> Print | None:
    """Return the last print that is done; None while the workshop runs, and where words in it are not printed now."""
    if not workshop.is_closed:
        return None
    good = Print.objects.filter(workshop=workshop, state=PrintState.DONE).first()
    return good if good and _stands(good) else None


def follow_print(asked: Print, *, seconds: float) -> Print | None:
    """Return a print with its PDF once it is done or has failed, else as it is after so many seconds; None: it is gone.

    Where nobody is at the press in this process, it is printed here and now, however long that takes.
    """
    if not bells:
        print_due()
    until = time.monotonic() + seconds
    while True:
        found = Print.objects.filter(pk=asked.pk).first()
        if found is None or found.finished_at or time.monotonic() > until:
            return found
        time.sleep(LOOK_SECONDS)


def forget_stale() -> None:
    """Delete the prints that hold words which were changed or taken back since."""
    for each in Print.objects.defer("pdf").filter(state=PrintState.DONE).select_related("workshop"):
        if not _stands(each):
            each.delete()


def print_due(stopping: threading.Event | None = None) -> list[Print]:
    """Print what was asked for, one at a time, until nothing is left or `stopping` is set; return what was finished.

    Where the database cannot be written, the print waits again, and the error is raised.
    """
    stopping = stopping or threading.Event()
    finished: list[Print] = []
    while not stopping.is_set() and (claimed := _claim()):
        try:
            with PRINT_SECONDS.time():
                done = _carry_out(claimed, stopping)
        except DatabaseError:
            with suppress(DatabaseError):
                _put_back(claimed)
            raise
        if not done:
            break
        finished.append(claimed)
    return finished


def _claim() -> Print | None:
    """Take the print that has waited longest, unless somebody else is at a print or takes it first."""
    _take_back()
    waiting = light.filter(state=PrintState.WAITING).select_related("workshop__edition").order_by("asked_at").first()
    if waiting is None:
        return None
    try:
        with transaction.atomic():
            taken = Print.objects.filter(pk=waiting.pk, state=PrintState.WAITING).update(
                state=PrintState.PRINTING, tries=F("tries") + 1, progress=0, heard_at=timezone.now()
            )
    except IntegrityError:  # one print at a time
        return None
    waiting.tries += 1
    return waiting if taken else None


def abandoned() -> QuerySet[Print]:
    """Return what is being printed, as it says, and nobody is at any more."""
    now = timezone.now()
    heard = (now - SILENT, now + SILENT)  # later than now: by a clock that was put back since
    return light.filter(state=PrintState.PRINTING).exclude(heard_at__range=heard)


def _take_back() -> None:
    """Let what nobody is at any more be taken up again; after TRIES it has failed."""
    for each in abandoned():
        if each.tries >= TRIES:
            _end(each, PrintState.FAILED)
        else:
            _put_back(each)


def _carry_out(claimed: Print, stopping: threading.Event) -> bool:
    """Print the journal as it is now; return False where it had to be put back, to be taken up later."""
    journal = build_journal(claimed.workshop)
    order = order_of(journal)
    _mine(claimed).update(digest=order.digest)
    try:
        sheets = set_order(order, tell=_note_taker(claimed), stopping=stopping)
    except (JournalBusy, PressStopped):
        _put_back(claimed)
        return False
    except JournalFailed as error:
        _end(claimed, PrintState.FAILED, too_large=isinstance(error, JournalTooLarge))
    else:
        _end(claimed, PrintState.DONE, pdf=sheets.pdf, pages=sheets.pages, words=_words_of(journal), progress=100)
    return True


def _note_taker(claimed: Print) -> Callable[[int], None]:
    """Return what writes down how many per cent of a print are done, and that somebody is at it."""
    last = 0.0

    def note(per_cent: int) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_SECONDS:
            last = time.monotonic()
            with suppress(OperationalError), transaction.atomic():  # the database is busy: the next note says it
                _mine(claimed).update(progress=per_cent, heard_at=timezone.now())

    return note


def _mine(claimed: Print) -> QuerySet[Print]:
    """Return the row of a print as long as whoever claimed it is at it: it may have been forgotten, or taken back."""
    return Print.objects.filter(pk=claimed.pk, state=PrintState.PRINTING, tries=claimed.tries)


@transaction.atomic
def _end(claimed: Print, state: PrintState, **fields: Any) -> None:
    """Let a print end, in the place of the last that ended so; one that is done is in the place of one that failed."""
    mine = _mine(claimed)
    if mine.select_for_update().exists():
        others = Print.objects.filter(workshop=claimed.workshop_id, state__in=[state, PrintState.FAILED])
        others.exclude(pk=claimed.pk).delete()
        mine.update(state=state, finished_at=timezone.now(), **fields)


@transaction.atomic
def _put_back(claimed: Print) -> None:
    """Let a print wait again; where the workshop has a newer one that waits, that is enough."""
    if light.filter(workshop=claimed.workshop_id, state=PrintState.WAITING).exists():
        _mine(claimed).delete()
    else:
        _mine(claimed).update(state=PrintState.WAITING, progress=0)


def _words_of(journal: Journal) -> list[str]:
    """Return a digest of each comment and imperative in a journal."""
    said = [said.text for page in journal.deliverables for scale in page.scales for said in scale.comments]
    named = [text for line in journal.imperatives for text in (line.text, *(other.text for other in line.merged))]
    return sorted({digest(text) for text in (*said, *named)})


def _stands(printed: Print) -> bool:
    """Whether every comment and imperative in a print could be printed today. Two queries."""
    comments = Comment.objects.filter(workshop=printed.workshop_id, state__in=PRINTED)
    imperatives = Imperative.objects.filter(workshop=printed.workshop_id, state__in=PRINTED)
    texts = (*comments.values_list("text", flat=True), *imperatives.values_list("text", flat=True))
    return set(printed.words) <= {digest(text) for text in texts}
