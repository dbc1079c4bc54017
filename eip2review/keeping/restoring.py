"""Restore a backup: checked whole and brought up to date beside the database, then put in its place at one stroke."""

from __future__ import annotations

import datetime
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from eip2review.keeping.archive import DATABASE, KEY, Manifest, read_archive, read_manifest
from eip2review.keeping.failures import Damaged, KeepingFailed
from eip2review.keeping.in_use import nobody_serving
from eip2review.keeping.making import ROOM, UNFINISHED, key_mark, own_key, sweep
from eip2review.keeping.stores import Store, store
from eip2review.keeping.survey import Survey, elsewhere, survey
from workshops.models import Erasure, Workshop


@dataclass(frozen=True)
class Restored:
    """What was done: the backup, where the database before is kept (None: it was empty), what does not hold.

    `back` are the workshops that had been erased since the backup was made.
    """

    manifest: Manifest
    aside: str | None
    broken: tuple[str, ...]
    back: tuple[Workshop, ...]


def restore_backup(file: Path, *, replace: bool = False, lost_key: bool = False) -> Restored:
    """Let a backup be this installation's database; `lost_key`: though its trails cannot be checked any more.

    Raises KeepingFailed, and then nothing has changed: damaged, newer than this version, of another kind of database,
    somebody is using it, there is something here and `replace` is not given, no room.
    """
    kept = store()
    _refuse_for_another()
    connection.close()
    sweep(settings.VAR_DIR)
    with nobody_serving(), tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=settings.VAR_DIR) as folder:
        try:
            _refuse_without_room(file)
            manifest = read_archive(file, Path(folder))
        except OSError as error:
            raise KeepingFailed(f"{file} cannot be read: {error.strerror}. Nothing was changed.") from error
        try:
            return _restore(kept, manifest, Path(folder), replace=replace, lost_key=lost_key)
        except OSError as error:
            raise KeepingFailed(f"The disk refuses: {error.strerror or error}. Nothing was changed.") from error


def _restore(kept: Store, manifest: Manifest, folder: Path, *, replace: bool, lost_key: bool) -> Restored:
    _refuse_unfit(kept, manifest)
    is_empty, erased = _what_is_here(manifest)
    if not (is_empty or replace):
        raise KeepingFailed(
            "There are people or workshops in this installation. With --replace the backup takes their place, and "
            "what is here now is kept aside."
        )
    key = _key_to_take(manifest, folder, is_empty=is_empty, lost_key=lost_key)
    aside = None if is_empty else kept.name_aside(f"{timezone.localtime():%Y%m%d-%H%M%S-%f}")
    with kept.hold():
        try:
            changes = kept.stage(folder / DATABASE)
            with elsewhere(secret_key=key.read_text().strip() if key else "", **changes):
                broken = _check(manifest, lost_key=lost_key)
            if key:
                _take_key(key)
            kept.put_in_place(aside=aside)
        finally:
            kept.discard()
    connection.close()
    return Restored(manifest, aside, broken, tuple(_back(erased)))


def _refuse_for_another() -> None:
    """Refuse to leave files that the server could not read."""
    owner = settings.VAR_DIR.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:  # as in a container
            name = f"'#{owner}'"
        raise KeepingFailed(f"{settings.VAR_DIR} belongs to {name}. Restore as that user: sudo -u {name} …")


def _refuse_unfit(kept: Store, manifest: Manifest) -> None:
    if manifest.database != kept.kind:
        raise KeepingFailed(
            f"This backup is of a {manifest.database} database, and this installation has {kept.kind}. "
            "Restore it into an installation of its own kind."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.survey.migrations if name not in known]
    if unknown:
        raise KeepingFailed(
            f"This backup was made by a later version of Midpoint: {unknown[0]} is not known here. "
            "Install that version, then restore."
        )


def _what_is_here(manifest: Manifest) -> tuple[bool, list[tuple[str, datetime.date]]]:
    """Return whether nobody has used this installation, and which workshops it has erased since the backup."""
    made_at = datetime.datetime.fromisoformat(manifest.made_at)
    try:
        if "auth_user" not in connection.introspection.table_names():
            return True, []
        erased = list(Erasure.objects.filter(at__gte=made_at).values_list("organisation", "date"))
        used = any(model._default_manager.exists() for model in (User, Workshop, Erasure))
    except DatabaseError:  # not whole, or of another version
        return False, []
    return not used, erased


def _key_to_take(manifest: Manifest, folder: Path, *, is_empty: bool, lost_key: bool) -> Path | None:
    """Return the secret key that has to come along; None when this installation's is the right one, or it is lost."""
    if key_mark(settings.SECRET_KEY) == manifest.key or lost_key:
        return None
    if KEY not in manifest.parts:
        raise KeepingFailed(
            "The trails in this backup were written with a secret key that is neither in it nor here. Set SECRET_KEY "
            "to that key; if it is lost, --lost-key restores all the same, and the trails can no longer be checked."
        )
    if own_key() is None:
        raise KeepingFailed(
            "This backup brings its own secret key, and SECRET_KEY is set to another. Take SECRET_KEY out of .env."
        )
    if not is_empty:
        raise KeepingFailed(
            "This installation has another secret key than the backup. Restore into an empty one: another VAR_DIR, "
            "and another database."
        )
    return folder / KEY


def _take_key(key: Path) -> None:
    """Put a secret key in the place of the one of an empty installation."""
    key.replace(settings.VAR_DIR / "secret-key")


def _check(manifest: Manifest, *, lost_key: bool) -> tuple[str, ...]:
    """Compare what is staged with the manifest and bring it up to this version; return what of it does not hold.

    Raises KeepingFailed unless all that held in the backup holds.
    """
    staged = survey()
    if staged.rows != manifest.survey.rows or staged.migrations != manifest.survey.migrations or staged.faults:
        raise Damaged("What was read from the backup is not what its manifest counts. Take another one.")
    if staged.broken is None:
        try:
            call_command(migrate.Command(), interactive=False, verbosity=0, skip_checks=True)
        except (DatabaseError, CommandError) as error:
            raise KeepingFailed("The backup cannot be brought up to this version. Nothing was changed.") from error
        staged = survey()
    return _broken(staged, manifest.survey, lost_key=lost_key)


def _broken(staged: Survey, before: Survey, *, lost_key: bool) -> tuple[str, ...]:
    broken = tuple(staged.broken or ())
    new = [line for line in broken if before.broken is not None and line not in before.broken]
    if new and not lost_key:
        raise Damaged(f"What held in the backup does not hold now: {new[0]}. Nothing was changed.")
    return broken


def _back(erased: list[tuple[str, datetime.date]]) -> list[Workshop]:
    return [
        workshop
        for organisation, date in dict.fromkeys(erased)
        for workshop in Workshop.objects.filter(organisation=organisation, date=date).order_by("pk")
    ]


def _refuse_without_room(file: Path) -> None:
    sizes = sum(part.size for part in read_manifest(file).parts.values())
    wanted, free = 3 * sizes + ROOM, shutil.disk_usage(settings.VAR_DIR).free
    if free < wanted:
        raise KeepingFailed(
            f"{settings.VAR_DIR} has {free // 1_000_000} MB free, and restoring may need {wanted // 1_000_000} MB. "
            "Make room first."
        )
