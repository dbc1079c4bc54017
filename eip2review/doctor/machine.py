"""The machine under the installation: versions, room on its disks, open files, its clock."""

from __future__ import annotations

import ctypes
import datetime
import os
import platform
import re
import resource
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from eip2review.doctor.findings import Check, Finding, broken, fine, look, worst
from workshops.models import StageMove, TrailEntry, Workshop

ROOM_NEEDED, ROOM_WANTED = 100_000_000, 1_000_000_000  # bytes
FILES_NEEDED, FILES_WANTED = 1024, 4096  # a phone each
UNSYNCHRONISED = 5  # what adjtimex(2) returns then: TIME_ERROR
LATE = datetime.timedelta(minutes=2)


def versions() -> Finding:
    """Look whether the packages are those that are locked."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs an older one is told, not left with a traceback
        return broken(f"Python is {platform.python_version()}.", "Install Python 3.11 or later, then make setup.")
    lock = tomllib.loads((settings.BASE_DIR / "uv.lock").read_text())
    locked = {package["name"]: package["version"] for package in lock["package"] if "version" in package}
    needed = next(package for package in lock["package"] if package["name"] == "midpoint")["dependencies"]
    other = sorted({each["name"] for each in needed if _installed(each["name"]) != locked[each["name"]]})
    if other:
        return look(f"Other versions than the locked ones are installed: {', '.join(other)}.", "Run make setup.")
    return fine(f"Python {platform.python_version()}, Django {django.get_version()}, and all packages as locked.")


def room() -> Finding:
    """Look whether there is room on the disks that are written to."""
    return worst(_little_room(), "There is room on the disks.")


def folder() -> Finding:
    """Look whether whoever runs this may write where the server has to."""
    kept = (settings.VAR_DIR, settings.PRESS_DIR, settings.CLOCK_FILE, *settings.VAR_DIR.glob("midpoint.sqlite3*"))
    shut = [path for path in kept if path.exists() and not os.access(path, os.W_OK)]
    if shut:
        return broken(
            f"{shut[0]} cannot be written to, so nothing can be saved.",
            "Run this as the server's user. If you do: chown what is there to that user, or mount the disk writable.",
        )
    return fine("What the server keeps can be written to.")


def open_files() -> Finding:
    """Look how many connections a process may hold."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    found, do = f"A process may hold {most} files open, and every phone is one.", "Raise it: LimitNOFILE=65536."
    if most == resource.RLIM_INFINITY or most >= FILES_WANTED:
        return fine("A process may hold as many connections as there are phones.")
    return broken(found, do) if most < FILES_NEEDED else look(found, do)


def clock() -> Finding:
    """Look whether the clock is set, and not behind what is written in the database."""
    now = timezone.now()
    newest = max((moment for moment in _moments() if moment), default=now)
    if newest > now + LATE:
        return broken(
            f"The clock says {_local(now)}, and something in the database was written on {_local(newest)}.",
            "Set the clock: timedatectl set-ntp true. Erase, seal and close nothing before.",
        )
    found = f"It is {_local(now)} in {settings.TIME_ZONE}"
    if clock_state() == UNSYNCHRONISED:
        return look(
            f"{found}, and nothing keeps the clock right.", "Compare it with a phone; timedatectl set-ntp true."
        )
    return fine(f"{found}, and the clock is kept right.")


def clock_state() -> int:
    """Return what the system says of its clock, as adjtimex(2) returns it; it is only asked."""
    told = ctypes.create_string_buffer(512)  # a struct timex; its first field, zero, says that nothing is to change
    return int(ctypes.CDLL(None).adjtimex(told))


def _installed(name: str) -> str:
    """Return the version that is installed, written as uv.lock writes it; empty for none."""
    try:
        return re.sub(r"(?<![0-9])0+(?=[0-9])", "", version(name))
    except PackageNotFoundError:
        return ""


def _little_room() -> Iterator[Finding]:
    for folder in (settings.VAR_DIR, Path(tempfile.gettempdir())):
        free = shutil.disk_usage(folder).free
        found, do = f"{folder} has {free // 1_000_000} MB free.", "Make room, or choose another disk."
        if free < ROOM_WANTED:
            yield broken(found, do) if free < ROOM_NEEDED else look(found, do)


def _moments() -> Iterator[datetime.datetime | None]:
    for model, field in ((TrailEntry, "at"), (StageMove, "at"), (Workshop, "created_at"), (User, "last_login")):
        yield model._default_manager.aggregate(newest=Max(field))["newest"]


def _local(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


CHECKS: list[tuple[str, Check]] = [
    ("versions", versions),
    ("folder", folder),
    ("room", room),
    ("open files", open_files),
    ("clock", clock),
]
