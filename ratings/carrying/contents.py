"""Read what was packed: nothing in it is believed. Whatever does not fit a workshop of ours is refused as a whole."""

from __future__ import annotations

import datetime
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError as NoSuchValue
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ratings.carrying.locking import LARGEST
from ratings.carrying.parts import CARRIED, Model, fields_of
from workshops.models import Edition, Workshop

FORMAT: Literal["midpoint-workshop-file"] = "midpoint-workshop-file"
VERSION: Literal[1] = 1
MOST_TEXT, MOST_UNPACKED, MOST_VALUES = LARGEST, 3 * LARGEST, 3_000_000
"""Bytes of the tables, bytes of everything, and values in the tables: so much may be in a file once it is unpacked."""
HIGHEST, YEARS = 2**31 - 1, range(1970, 9000)
KINDS: dict[type[models.Field[Any, Any]], type] = {
    models.CharField: str,
    models.TextField: str,
    models.DateField: str,
    models.UUIDField: str,
    models.JSONField: dict,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.BinaryField: int,
    models.ForeignKey: int,
}
"""How the value of a field stands in a file; fields that are made of one of these stand as it does."""


class Unreadable(Exception):
    """What was packed is no workshop that can be held here; says in a sentence why."""


class Table(BaseModel):
    """The rows of one model: a value for each field, in the order of the fields."""

    model_config = ConfigDict(strict=True, extra="forbid")
    fields: list[str]
    rows: list[list[Any]]


class Envelope(BaseModel):
    """What stands at the beginning of a file: which form this is, the tables, and how long each file behind them is."""

    model_config = ConfigDict(strict=True, extra="forbid")
    format: Literal["midpoint-workshop-file"]
    version: Literal[1]
    broken: list[Annotated[str, Field(max_length=40)]] = Field(max_length=2)
    files: list[Annotated[int, Field(ge=0, le=MOST_UNPACKED)]]
    tables: dict[str, Table]


@dataclass(frozen=True)
class Contents:
    """What was packed: the rows of each model, each with its fields; what points to a row is that row's number.

    `broken` says where the trail did not hold any more when it was packed.
    """

    broken: tuple[str, ...]
    rows: dict[Model, list[dict[str, Any]]]

    @property
    def workshop(self) -> dict[str, Any]:
        """The one row of the workshop."""
        return self.rows[Workshop][0]

    @property
    def edition(self) -> dict[str, Any]:
        """The one row of its edition."""
        return self.rows[Edition][0]


def parse_contents(packed: bytes) -> Contents:
    """Return what was packed, each value as its field holds it. Raises Unreadable.

    Whether the rows make a workshop together is for `checking.read_contents` to say.
    """
    envelope, files = _open(_unpack(packed))
    fields = {model: list(fields_of(model)) for model in CARRIED}
    expected = {model._meta.label: [field.name for field in each] for model, each in fields.items()}
    if {label: table.fields for label, table in envelope.tables.items()} != expected:
        raise Unreadable(
            _("It was packed by another version of Midpoint. Bring both to the same version, and pack it again.")
        )
    sizes = {model: len(envelope.tables[model._meta.label].rows) for model in CARRIED}
    rows = {
        model: [_row(each, fields[model], sizes, files) for each in envelope.tables[model._meta.label].rows]
        for model in CARRIED
    }
    return Contents(broken=tuple(envelope.broken), rows=rows)


def _unpack(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        whole = unpacking.decompress(packed, MOST_UNPACKED + 1)
    except zlib.error as error:
        raise unfit("zlib") from error
    if not unpacking.eof or unpacking.unused_data or len(whole) < 4:
        raise unfit("length")
    return whole


def _open(whole: bytes) -> tuple[Envelope, list[bytes]]:
    """Return the tables, and the bytes of each file behind them."""
    (length,) = struct.unpack(">I", whole[:4])
    text, rest = whole[4 : 4 + length], whole[4 + length :]
    if length > MOST_TEXT or sum(map(text.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise unfit("length")
    try:
        envelope = Envelope.model_validate_json(text)
    except ValidationError as error:
        raise unfit(
            ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"])) or "JSON"
        ) from error
    if sum(envelope.files) != len(rest):
        raise unfit("files")
    files, start = [], 0
    for size in envelope.files:
        files.append(rest[start : start + size])
        start += size
    return envelope, files


def _row(
    values: Sequence[Any], fields: Sequence[models.Field[Any, Any]], sizes: dict[Model, int], files: list[bytes]
) -> dict[str, Any]:
    if len(values) != len(fields):
        raise unfit(fields[0].model._meta.label)
    return {field.name: _value(value, field, sizes, files) for value, field in zip(values, fields, strict=True)}


def _value(value: Any, field: models.Field[Any, Any], sizes: dict[Model, int], files: list[bytes]) -> Any:
    """Return a value as its model has it. Raises Unreadable where the field could not hold it."""
    if value is None and field.null:
        return None
    if type(value) is not next(kind for base, kind in KINDS.items() if isinstance(field, base)):
        raise unfit(field)
    if isinstance(field, models.BinaryField):
        return files[_number(value, len(files), field)]
    if isinstance(field, models.ForeignKey):
        return _number(value, sizes[field.related_model], field)
    if isinstance(value, int) and not 0 <= value <= HIGHEST:
        raise unfit(field)
    if field.choices and value and value not in dict(field.flatchoices):
        raise unfit(field)
    try:
        held = field.to_python(value)
    except (NoSuchValue, ValueError, OverflowError) as error:
        raise unfit(field) from error
    if isinstance(held, str) and ("\0" in held or len(held) > _longest(field)):
        raise unfit(field)
    if isinstance(held, datetime.datetime) and (timezone.is_naive(held) or held.year not in YEARS):
        raise unfit(field)
    return held


def _longest(field: models.Field[Any, Any]) -> int:
    """Return how many characters may be in a field: marks of redaction may make a text longer than forms let it be."""
    if field.max_length is None:
        return MOST_TEXT
    return 4 * field.max_length if isinstance(field, models.TextField) else field.max_length


def _number(value: Any, there: int, field: models.Field[Any, Any]) -> int:
    """Return the number of a row or a file that is there."""
    number = int(value)
    if not 0 <= number < there:
        raise unfit(field)
    return number


def unfit(where: models.Field[Any, Any] | str) -> Unreadable:
    """Return the refusal of a file in which something does not fit; `where` says what, for whoever looks into it."""
    place = where if isinstance(where, str) else f"{where.model._meta.label}.{where.name}"
    return Unreadable(
        _("It is not what Midpoint packs (%(place)s). Pack it again, and bring the new file.") % {"place": place}
    )
