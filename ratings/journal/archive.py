"""Files that are archives inside, as Word's and spreadsheets are: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime

CORE = "docProps/core.xml"
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def moment(day: date) -> datetime:
    """Return noon of a day: what files say that they were made on."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def settle_archive(content: bytes, day: date) -> bytes:
    """Return an archive with its parts in order, and every date in it that of the journal."""
    stamp = f"{moment(day):%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            data = old.read(name)
            new.writestr(part, STAMP.sub(rb"\g<1>" + stamp + rb"\2", data) if name == CORE else data)
    return out.getvalue()
