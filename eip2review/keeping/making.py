"""Make a backup: while the server runs, of one state, opened again and compared before it has its name."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from eip2review.keeping.archive import (
    DATABASE,
    FORMAT,
    KEY,
    Manifest,
    PartName,
    describe,
    read_archive,
    read_manifest,
    write_archive,
)
from eip2review.keeping.failures import Damaged, KeepingFailed
from eip2review.keeping.stores import store
from eip2review.upgrading import refuse_unprepared

ROOM = 16_000_000  # bytes that are to be free beyond what a backup may need
NAME = "midpoint-%Y-%m-%d-%H%M%S.backup"
NAMED = "midpoint-*.backup"
UNFINISHED = ".midpoint-backup-"
FORGOTTEN = 24 * 3600  # seconds after which what a backup left that was cut off is deleted


@dataclass(frozen=True)
class Cleared:
    """A backup that was deleted; `links`: because it could tell whose answers are whose where nobody else can now."""

    path: Path
    links: bool


def make_backup(target: Path) -> Manifest:
    """Write a backup of this installation; return what it says of itself.

    Raises KeepingFailed when there is such a file, no room, or the backup is not as it should be: then there is none;
    CommandError when the database is of another version, and cannot be read because of that.
    """
    if target.exists():
        raise KeepingFailed(f"{target} exists, and is left as it is. Choose another name.")
    if not target.parent.is_dir():
        raise KeepingFailed(f"There is no folder {target.parent}. Make it, or choose another.")
    sweep(target.parent)
    try:
        _refuse_without_room(target.parent)
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as folder:
            return _make(target, Path(folder))
    except DatabaseError as error:
        refuse_unprepared()
        raise KeepingFailed(f"The database could not be copied: {error}. Nothing was written.") from error
    except OSError as error:
        what = "There is no room left on the disk" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise KeepingFailed(f"{target} cannot be written: {what}. Nothing was left there.") from error


def rotate(newest: Path, manifest: Manifest, keep: int) -> list[Cleared]:
    """Delete what is too old among the backups beside the newest one, so that `keep` are left; return what went.

    One that holds answers of phones goes at once when the newest does not: the workshop was sealed, or erased, since.
    Those of another installation, which another secret key tells, stay.
    """
    cleared: list[Cleared] = []
    left: list[Path] = []
    for path in sorted(newest.parent.glob(NAMED), reverse=True):
        said = _read(path)
        if said and said.key != manifest.key:
            continue
        links = bool(said and set(said.survey.linked) - set(manifest.survey.linked))
        if links or len(left) >= keep:
            path.unlink()
            cleared.append(Cleared(path, links))
        else:
            left.append(path)
    return cleared


def name_backup(folder: Path) -> Path:
    """Return the file of a backup made now."""
    return folder / f"{timezone.localtime():{NAME}}"


def key_mark(key: str) -> str:
    """Return what tells one secret key from another, and not what it is."""
    return salted_hmac("eip2review.keeping", "mark", secret=key, algorithm="sha256").hexdigest()[:16]


def own_key() -> Path | None:
    """Return the file of this installation's own secret key; None when the environment gives one."""
    path: Path = settings.VAR_DIR / "secret-key"
    return None if os.environ.get("SECRET_KEY") or not path.exists() else path


def sweep(folder: Path) -> None:
    """Delete what a backup or a restore left that was cut off a day ago: it holds what the database held."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > FORGOTTEN:
            shutil.rmtree(left, ignore_errors=True)


def _make(target: Path, folder: Path) -> Manifest:
    made_at = timezone.now().isoformat(timespec="seconds")
    kept, copy = store(), folder / DATABASE
    found = kept.copy(copy)
    if found.faults:
        raise KeepingFailed(f"The database is damaged: {found.faults[0]}. Restore the last good backup.")
    files: dict[PartName, Path] = {DATABASE: copy}
    if key := own_key():
        files[KEY] = key
    manifest = Manifest(
        format=FORMAT,
        made_at=made_at,
        database=kept.kind,
        versions=_versions() | {"database": kept.version()},
        key=key_mark(settings.SECRET_KEY),
        survey=found,
        parts={name: describe(path) for name, path in files.items()},
    )
    unfinished = folder / "backup"
    write_archive(unfinished, manifest, files)
    if read_archive(unfinished) != manifest:
        raise KeepingFailed("The backup could not be read again as it was written. Look at the disk; try another one.")
    name(unfinished, target)
    return manifest


def name(unfinished: Path, target: Path) -> None:
    """Give a file its name, never another's."""
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise KeepingFailed(f"{target} exists now, and is left as it is. Choose another name.") from None
    except OSError:  # a file system without links, as on a memory stick
        if target.exists():
            raise KeepingFailed(f"{target} exists now, and is left as it is. Choose another name.") from None
        unfinished.rename(target)
    opened = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _versions() -> dict[str, str]:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return {"midpoint": project["version"], "python": platform.python_version(), "django": django.get_version()}


def _refuse_without_room(folder: Path) -> None:
    wanted, free = 2 * store().size() + ROOM, shutil.disk_usage(folder).free
    if free < wanted:
        raise KeepingFailed(
            f"{folder} has {free // 1_000_000} MB free, and a backup may need {wanted // 1_000_000} MB. "
            "Make room, or choose another disk."
        )


def _read(path: Path) -> Manifest | None:
    try:
        return read_manifest(path)
    except (Damaged, OSError):
        return None
