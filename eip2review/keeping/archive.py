"""The file that a backup is: a ZIP with a manifest, which knows the size and the hash of everything else in it."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from eip2review.keeping.failures import Damaged
from eip2review.keeping.survey import Survey

FORMAT = 1
MANIFEST = "manifest.json"
PartName = Literal["database", "secret-key"]
DATABASE: PartName = "database"
KEY: PartName = "secret-key"
MANIFEST_MAX = 4_000_000  # bytes
PIECE = 1 << 20  # bytes read at a time
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression or an encryption that nobody wrote
    RuntimeError,
    KeyError,
    ValueError,
    OverflowError,
)
"""What reading a damaged ZIP can end in."""


@dataclass(frozen=True)
class Part:
    """A file in the archive: so many bytes, and their SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `made_at` is in ISO 8601; `key` tells one secret key from another.

    `versions` are those of Midpoint, Python, Django and the database; `database` is its kind.
    """

    format: int
    made_at: str
    database: str
    versions: dict[str, str]
    key: str
    survey: Survey
    parts: dict[PartName, Part]


MANIFESTS = TypeAdapter(Manifest)


def describe(path: Path) -> Part:
    """Return the size and the hash of a file."""
    with path.open("rb") as opened:
        return Part(path.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest())


def write_archive(target: Path, manifest: Manifest, files: Mapping[PartName, Path]) -> None:
    """Write an archive of these files, readable by its owner alone, through to the disk. Raises OSError."""
    target.touch(mode=0o600, exist_ok=False)
    with target.open("r+b") as opened:
        with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, MANIFESTS.dump_json(manifest, indent=1))
            for name, path in files.items():
                archive.write(path, name)
        sync(opened)


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself. Raises Damaged, also for what is no backup or of a later format."""
    with _opened(path) as archive:
        return _manifest(path, archive)


def read_archive(path: Path, folder: Path | None = None) -> Manifest:
    """Read a backup whole and compare it with its manifest; leave its parts in `folder` if there is one.

    Raises Damaged when anything in it is not as it was written, OSError when the folder has no room.
    """
    with _opened(path) as archive:
        manifest = _manifest(path, archive)
        if DATABASE not in manifest.parts or sorted(archive.namelist()) != sorted([MANIFEST, *manifest.parts]):
            raise _damaged(path)
        for name, part in manifest.parts.items():
            if archive.getinfo(name).file_size != part.size or _pour(archive, name, folder) != part.sha256:
                raise _damaged(path)
    return manifest


def sync(opened: IO[bytes]) -> None:
    """Let the disk have what was written. Raises OSError."""
    opened.flush()
    os.fsync(opened.fileno())


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with path.open("rb") as opened, zipfile.ZipFile(opened) as archive:
            yield archive
    except UNREADABLE as error:
        raise _damaged(path) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # it says that something lies before its beginning
            raise _damaged(path) from error
        raise


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MANIFEST_MAX:
        raise _damaged(path)
    said = archive.read(MANIFEST)
    try:
        manifest = MANIFESTS.validate_json(said)
    except ValidationError as error:
        raise _damaged(path) from error
    if manifest.format != FORMAT:
        raise Damaged(f"{path} was written by a later version of Midpoint. Install that version first.")
    return manifest


def _pour(archive: zipfile.ZipFile, name: str, folder: Path | None) -> str:
    """Read a part, into the folder if there is one; return its hash."""
    digest = hashlib.sha256()
    with archive.open(name) as source:
        if folder is None:
            while piece := source.read(PIECE):
                digest.update(piece)
            return digest.hexdigest()
        target = folder / name
        target.touch(mode=0o600)
        with target.open("r+b") as opened:
            shutil.copyfileobj(source, opened, PIECE)
            opened.seek(0)
            digest = hashlib.file_digest(opened, "sha256")
            sync(opened)
    return digest.hexdigest()


def _damaged(path: Path) -> Damaged:
    return Damaged(f"{path} is not a backup as Midpoint writes them, or it was damaged or cut off. Take another one.")
