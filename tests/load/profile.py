"""What a save is made of: `python -m tests.load.profile --saves 500` prints the share of each part.

It is the processor's time, without what the disk takes. The profiler makes Python two or three times slower: read the
shares, and how often functions were called.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.load import saves, scene

PEOPLE = 200
PARTS: dict[str, list[tuple[str, str]]] = {
    "the whole of Django": [("django/core/handlers/wsgi.py", "__call__")],
    "finding the view": [("django/core/handlers/base.py", "resolve_request")],
    "reading what was sent, CSRF": [("django/middleware/csrf.py", "process_view")],
    "who it is": [("workshops/joining.py", "find_participant")],
    "the form": [("django/forms/forms.py", "__init__"), ("django/forms/forms.py", "is_valid")],
    "recording it": [("ratings/scoring.py", "record_score")],
    "  is it open": [("workshops/sessions.py", "require_open")],
    "  the comment": [("ratings/commenting.py", "record_comment")],
    "  screens to be told": [("workshops/live/notices.py", "announce")],
    "commit": [("~", "<method 'commit' of 'sqlite3.Connection' objects>")],
    "the answer": [
        ("ratings/cards.py", "saved_card"),
        ("ratings/cards.py", "render_saved"),
        ("ratings/views/participate.py", "_answer"),
    ],
}
"""The functions that a part consists of, by the end of their file's name; indented ones belong to the part above."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Save in a new database under the profiler, and print what each part takes of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=500)
    count = parser.parse_args(arguments).saves
    directory = Path(tempfile.mkdtemp(prefix="midpoint-profile-"))
    try:
        env = scene.prepare(directory)
        show(measure(scene.set_scene(env, people=PEOPLE), count), count)
    finally:
        shutil.rmtree(directory)
    return 0


def measure(room: scene.Scene, count: int) -> pstats.Stats:
    """Return the profile of so many saves through Django's handler; another phone saves each time."""
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()
    profile = cProfile.Profile(time.thread_time)
    for turn in range(-PEOPLE, count):  # at first without the profiler: each phone's first save adds a row
        environ = saves.wsgi_environ(room.save_score(turn, turn))
        statuses: list[str] = []
        if turn >= 0:
            profile.enable()
        answer = django(environ, lambda status, headers, error=None, seen=statuses: seen.append(status))
        b"".join(answer)
        answer.close()
        profile.disable()
        if not statuses[0].startswith("200"):
            raise RuntimeError(f"a save was answered with {statuses[0]}")
    return pstats.Stats(profile)


def show(stats: pstats.Stats, count: int) -> None:
    """Print the microseconds and the share of each part of a save, its statements and its calls of functions."""
    rows: dict[tuple[str, int, str], Any] = stats.stats  # type: ignore[attr-defined]
    whole = 0.0
    for part, functions in PARTS.items():
        found = [row[3] for (file, _, name), row in rows.items() if is_one_of(file, name, functions)]
        if not found:
            raise RuntimeError(f"nothing was called of: {part}")
        whole = whole or sum(found)
        sys.stdout.write(f"{part:32}{sum(found) / count * 1e6:8.0f} µs{sum(found) / whole:8.1%}\n")
    statements = sum(row[1] for (_, _, name), row in rows.items() if "SQLiteCursorWrapper.execute" in name)
    calls = sum(row[1] for row in rows.values())
    sys.stdout.write(f"{statements / count:.1f} statements and {calls / count:,.0f} calls of functions a save\n")


def is_one_of(file: str, name: str, functions: list[tuple[str, str]]) -> bool:
    """Whether a function of this file is among those."""
    return any(file.endswith(end) and name == function for end, function in functions)


if __name__ == "__main__":
    sys.exit(main())
