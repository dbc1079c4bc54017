"""Print the journal: the page is made here, and set as PDF in a process of its own with bounds on time and memory."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.template.loader import render_to_string

from ratings.journal.build import Journal
from ratings.journal.fonts import write_fontconfig
from ratings.journal.pages import PAPER, cover_art, view_journal
from ratings.journal.record import content_json
from ratings.journal.tables import answers_csv, codebook_csv
from ratings.journal.text import printable_journal

logger = logging.getLogger(__name__)

MODULE = "ratings.journal.pdf"
"""What is run to set a journal."""
SECONDS = 90
"""So much of the processor's time a journal may take; one of 106 pages takes about 15."""
MEMORY = 1536 * 1024 * 1024
"""Bytes of address space; a journal of 106 pages needs about 300 MB, and fonts and libraries are mapped besides."""
WAIT_SECONDS = 30
"""So long a journal waits for another to be printed."""
KEPT_BACK = {"SECRET_KEY", "METRICS_TOKEN", "DATABASE_URL", "REDIS_URL"}
"""What a process that sets other people's words has no need to know."""
DRAWING = re.compile(
    r"<svg (?P<size>[^>]*) role=[^>]*><title[^>]*>(?P<title>[^<]*)</title>(?P<marks>.*?)</svg>", re.DOTALL
)
"""A drawing as `ratings.charts.svg` writes it; nobody's words can look so, as they are escaped."""
SETTERS = ("pdf.py", "fonts.py", "print.css", "pdfua.xml")
"""What else decides how an order comes out, beside the libraries."""


class JournalFailed(Exception):
    """The journal could not be printed."""


class JournalTooLarge(JournalFailed):
    """The journal took more time or memory than a journal may."""


class JournalBusy(JournalFailed):
    """Other journals are being printed; this one has waited long enough."""


class PressStopped(JournalFailed):
    """The press was told to stop before it had set the journal."""


@dataclass(frozen=True)
class Order:
    """All that a journal's PDF is made of, for the process that sets it."""

    body: dict[str, Any]

    @property
    def digest(self) -> str:
        """What tells one order from another, and one way of setting it from another."""
        return hashlib.sha256(json.dumps(self.body).encode() + _way_of_setting()).hexdigest()


@dataclass(frozen=True)
class Sheets:
    """A journal that was set: the file, and how many pages it has."""

    pdf: bytes
    pages: int


@lru_cache(maxsize=1)
def _way_of_setting() -> bytes:
    own = (Path(__file__).with_name(name).read_bytes() for name in SETTERS)
    return b"".join(own) + version("weasyprint").encode()


def print_journal(journal: Journal) -> bytes:
    """Return the journal as PDF, PDF/A-3a and PDF/UA-1, its data attached; the same journal gives the same bytes.

    Raises JournalTooLarge beyond SECONDS or MEMORY, JournalBusy when others are in the way, else JournalFailed.
    """
    return set_order(order_of(journal)).pdf


def order_of(journal: Journal) -> Order:
    """Return the order for a journal; the same journal gives the same."""
    clean, missing = printable_journal(journal)
    context = {"view": view_journal(clean, PAPER), "missing": len(missing)}
    html, pictures = _lift_pictures(render_to_string("ratings/journal/print.html", context))
    pictures["cover.svg"] = str(cover_art(clean).svg)
    when = datetime(journal.date.year, journal.date.month, journal.date.day, 12, tzinfo=UTC)
    return Order(
        {
            "html": html,
            "pictures": pictures,
            "identifier": hashlib.sha256(json.dumps([html, pictures]).encode()).hexdigest()[:32],
            "when": when.isoformat(),
            "attachments": [
                ["journal-answers.csv", "Scores and ratings, one row an answer", answers_csv(journal)],
                ["journal-codebook.csv", "What each column of the journal's tables means", codebook_csv()],
                ["journal-data.json", "All that this journal says", content_json(journal)],
            ],
            "expected": 6 + 2 * len(journal.deliverables) + journal.comments // 33 + len(journal.imperatives) // 25,
        }
    )


def _lift_pictures(html: str) -> tuple[str, dict[str, str]]:
    """Return a page with its drawings as files beside it, the same drawing once; its title is the alternative text.

    Inside the page each line and each dot of theirs would be parsed as HTML and matched with every rule of style.
    """
    names: dict[str, str] = {}

    def lift(found: re.Match[str]) -> str:
        drawing = f"<svg {found['size']}>{found['marks']}</svg>"
        name = names.setdefault(drawing, f"picture-{len(names) + 1}.svg")
        alternative = found["title"].replace('"', "&quot;")
        return f'<img src="asset:{name}" alt="{alternative}">'

    html = DRAWING.sub(lift, html)
    return html, {name: drawing for drawing, name in names.items()}


def set_order(
    order: Order, *, tell: Callable[[int], None] | None = None, stopping: threading.Event | None = None
) -> Sheets:
    """Set an order; `tell` is told per cent as it goes, about ten times a second at most.

    Raises as `print_journal` does, and PressStopped soon after `stopping` is set.
    """
    try:
        return _set_order(order, tell or (lambda _per_cent: None), stopping or threading.Event())
    except OSError as error:
        logger.error("journal not printed: %s", error.strerror or type(error).__name__)
        raise JournalFailed("The press cannot work here: the disk may be full.") from error


def _set_order(order: Order, tell: Callable[[int], None], stopping: threading.Event) -> Sheets:
    env = {name: value for name, value in os.environ.items() if name not in KEPT_BACK}
    env |= {
        "FONTCONFIG_FILE": str(write_fontconfig(_folder())),
        "SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(order.body["when"]).timestamp())),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    bounded = order.body | {"seconds": SECONDS, "memory": MEMORY}
    with one_at_a_time(stopping):
        return _run(json.dumps(bounded).encode(), env, tell, stopping)


def _folder() -> Path:
    """Return where the press keeps its fonts' cache and its lock."""
    folder = Path(settings.PRESS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(order: bytes, env: dict[str, str], tell: Callable[[int], None], stopping: threading.Event) -> Sheets:
    """Run the process that sets the page, and listen to it; return what it made."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", MODULE]
    made: list[bytes] = []
    with subprocess.Popen(  # noqa: S603 - our own module, and no shell
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=env, cwd=env["PYTHONPATH"]
    ) as process:
        stdin, stdout, stderr = (cast(IO[bytes], each) for each in (process.stdin, process.stdout, process.stderr))
        too_late = threading.Event()
        hands = [
            threading.Thread(target=_hand_in, args=(stdin, order)),
            threading.Thread(target=lambda: made.append(stdout.read())),
            threading.Thread(target=_watch, args=(process, stopping, too_late)),
        ]
        for hand in hands:
            hand.start()
        pages, last = 0, ""
        for line in stderr:
            word, _space, rest = line.decode(errors="replace").strip().partition(" ")
            if word == "progress":
                tell(int(rest))
            elif word == "pages":
                pages = int(rest)
            else:
                last = word
        process.wait()
        for hand in hands:
            hand.join()
    if process.returncode == 0:
        return Sheets(made[0], pages)
    if stopping.is_set():
        raise PressStopped("The press was stopped.")
    if too_late.is_set():
        raise JournalTooLarge("The journal took too long to print.")
    # The last line of a traceback names the error; the lines above it, and what it says, may hold somebody's words.
    name = last.rstrip(":")
    logger.error("journal not printed: exit %s, %s", process.returncode, name[:80])
    if process.returncode < 0 or name == "MemoryError":  # killed at a bound, or by a library that found no memory
        raise JournalTooLarge("The journal is too large to print.")
    raise JournalFailed("The journal could not be printed.")


def _hand_in(stdin: IO[bytes], order: bytes) -> None:
    """Give the process its order; it may have ended before it has read it."""
    with suppress(BrokenPipeError), stdin:
        stdin.write(order)


def _watch(process: subprocess.Popen[bytes], stopping: threading.Event, too_late: threading.Event) -> None:
    """Kill the process when it has had twice its time, as on a busy machine, or when all is to stop."""
    until = time.monotonic() + 2 * SECONDS
    while process.poll() is None:
        if time.monotonic() > until:
            too_late.set()
        if too_late.is_set() or stopping.wait(0.05):
            process.kill()
            return


@contextmanager
def one_at_a_time(stopping: threading.Event | None = None) -> Iterator[None]:
    """Hold the lock that all processes of this installation share; raise JournalBusy after WAIT_SECONDS."""
    stopping, until = stopping or threading.Event(), time.monotonic() + WAIT_SECONDS
    with (_folder() / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise JournalBusy("Another journal is being printed. Try again in a minute.") from None
                if stopping.wait(0.1):
                    raise PressStopped("The press was stopped.") from None
        yield
