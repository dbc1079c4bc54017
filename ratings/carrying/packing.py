"""Pack a sealed workshop into one file: everything that is held about it here, to be taken in elsewhere, once."""

from __future__ import annotations

import datetime
import json
import struct
import uuid
import zlib
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from ratings.carrying.checking import read_contents
from ratings.carrying.contents import FORMAT, VERSION
from ratings.carrying.locking import lock
from ratings.carrying.parts import CARRIED, NAMED, fields_of, rows_of
from ratings.models import Imperative, SeenPicture
from workshops.choices import Deed, StageKind
from workshops.models import Workshop
from workshops.trail import chains, first_break, record_act

Numbers = dict[tuple[type[models.Model], Any], int]
"""The number of each row among those of its model, by the row's id."""


class NotSealed(Exception):
    """The workshop is not sealed: what connects its answers with phones may not leave."""


@transaction.atomic
def carry_workshop(*, workshop: Workshop, passphrase: str, user: AbstractBaseUser | None) -> bytes:
    """Return a file that holds a sealed workshop and that this passphrase opens; from now on it is changed elsewhere.

    Packed again, it is the same workshop: it is taken in once. `user` None did it by command; the trail says so, here
    and in the file. Raises NotSealed, TooLarge, and Unreadable where what is held here would not be taken in.
    """
    locked = Workshop.objects.select_for_update().select_related("edition").get(pk=workshop.pk)
    if not locked.is_sealed:
        raise NotSealed(locked.code)
    locked.carry_id = locked.carry_id or uuid.uuid4()
    locked.carried_on = locked.carried_on or timezone.localdate()
    locked.save(update_fields=["carry_id", "carried_on"])
    record_act(workshop=locked, user=user, act=Deed.CARRIED)
    content = pack(locked)
    read_contents(content)  # so that a file which cannot be taken in is not handed out
    file = lock(content, passphrase)
    workshop.refresh_from_db(fields=["carry_id", "carried_on"])
    return file


def pack(workshop: Workshop) -> bytes:
    """Return everything that is carried of a workshop: JSON with a table a model, and then the bytes of its files."""
    tables: dict[str, Any] = {}
    numbers: Numbers = {}
    files: list[bytes] = []
    for model in CARRIED:
        found = rows_of(model, workshop)
        rows = list(found.select_related("user") if model in NAMED else found)
        numbers |= {(model, row.pk): number for number, row in enumerate(rows)}
        fields = list(fields_of(model))
        told = [[_plain(row, field, numbers, files) for field in fields] for row in rows]
        tables[model._meta.label] = {"fields": [field.name for field in fields], "rows": told}
    broken = [entry for entry in map(first_break, chains(workshop)) if entry]
    contents = {
        "format": FORMAT,
        "version": VERSION,
        "broken": [f"{entry.get_strand_display()} {entry.number}" for entry in broken],
        "files": [len(file) for file in files],
        "tables": tables,
    }
    text = json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(struct.pack(">I", len(text)) + text + b"".join(files))


def _plain(row: models.Model, field: models.Field[Any, Any], numbers: Numbers, files: list[bytes]) -> Any:
    """Return what a row says in a field; what points to another row is that row's number, a file its number too."""
    value = getattr(row, field.attname)
    if row.__class__ in NAMED and field.name == "by":
        return row.name  # type: ignore[attr-defined]  # so do all that are named
    if value is None:
        return None
    if isinstance(field.related_model, type):
        return numbers[field.related_model, value]
    if isinstance(field, models.BinaryField):
        files.append(bytes(value))
        return len(files) - 1
    if isinstance(row, SeenPicture) and field.name == "answers" and row.stage.kind == StageKind.PRIORITIES:
        found = {numbers.get((Imperative, int(key))): n for key, n in value.items()}
        return {str(number): n for number, n in found.items() if number is not None}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
