"""Print the journal: the page is made here, and set as PDF in a process of its own with bounds on time and memory."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from ratings.journal.build import Journal
from ratings.journal.fonts import write_fontconfig
from ratings.journal.pages import PAPER, cover_art, view_journal
from ratings.journal.record import content_json
from ratings.journal.tables import counts_csv
from ratings.journal.text import printable_journal

logger = logging.getLogger(__name__)

MODULE = "ratings.journal.pdf"
"""What is run to set a journal."""
SECONDS = 90
"""A journal may take so long; one of 68 pages takes about 12."""
MEMORY = 1536 * 1024 * 1024
"""Bytes of address space; a journal of 68 pages needs about 270 MB, and fonts and libraries are mapped besides."""
WAIT_SECONDS = 30
"""So long a journal waits for another to be printed."""
KEPT_BACK = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"}
"""What a process that sets other people's words has no need to know."""


class JournalFailed(Exception):
    """The journal could not be printed."""


class JournalTooLarge(JournalFailed):
    """The journal took more time or memory than a journal may."""


class JournalBusy(JournalFailed):
    """Other journals are being printed; this one has waited long enough."""


def print_journal(journal: Journal) -> bytes:
    """Return the journal as PDF, PDF/A-3a and PDF/UA-1, its data attached; the same journal gives the same bytes.

    Raises JournalTooLarge beyond SECONDS or MEMORY, JournalBusy when others are in the way, else JournalFailed.
    """
    clean, missing = printable_journal(journal)
    html = render_to_string("ratings/journal/print.html", {"view": view_journal(clean, PAPER), "missing": len(missing)})
    when = datetime(journal.date.year, journal.date.month, journal.date.day, 12, tzinfo=UTC)
    order = {
        "html": html,
        "cover": str(cover_art(clean).svg),
        "identifier": hashlib.sha256(html.encode()).hexdigest()[:32],
        "when": when.isoformat(),
        "attachments": [
            ["journal-data.csv", "How many people gave each answer", counts_csv(journal)],
            ["journal-data.json", "All that this journal says", content_json(journal)],
        ],
        "seconds": SECONDS,
        "memory": MEMORY,
    }
    env = {name: value for name, value in os.environ.items() if name not in KEPT_BACK}
    env |= {
        "FONTCONFIG_FILE": str(write_fontconfig(_folder())),
        "SOURCE_DATE_EPOCH": str(int(when.timestamp())),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    with one_at_a_time():
        return _set(json.dumps(order), env)


def _folder() -> Path:
    """Return where the press keeps its fonts' cache and its lock."""
    folder = Path(settings.PRESS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _set(order: str, env: dict[str, str]) -> bytes:
    """Run the process that sets the page; return what it made."""
    command = [sys.executable, "-m", MODULE]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and no shell
            command, input=order.encode(), capture_output=True, env=env, cwd=env["PYTHONPATH"], timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise JournalTooLarge("The journal took too long to print.") from error
    if done.returncode == 0:
        return done.stdout
    # The last line of a traceback names the error; the lines above it may hold somebody's words.
    name = done.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
    logger.error("journal not printed: exit %s, %s", done.returncode, name[:80])
    if done.returncode < 0 or name == "MemoryError":  # killed at a bound, or by a library that found no memory
        raise JournalTooLarge("The journal is too large to print.")
    raise JournalFailed("The journal could not be printed.")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock that all processes of this installation share; raise JournalBusy after WAIT_SECONDS."""
    until = time.monotonic() + WAIT_SECONDS
    with (_folder() / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise JournalBusy("Another journal is being printed. Try again in a minute.") from None
                time.sleep(0.1)
        yield
