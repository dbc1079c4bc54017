"""Whatever is in a file that somebody locked: it is refused in a sentence, or it is a workshop whose pages answer."""

from __future__ import annotations

import copy
import json
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.carrying.checking import read_contents
from ratings.carrying.contents import Unreadable, parse_contents
from ratings.carrying.locking import LARGEST, unlock
from ratings.carrying.parts import CARRIED
from ratings.carrying.taking_in import CannotTakeIn, write_packed
from tests import factories
from tests.ratings.carrying.carried import carried
from tests.routes import address
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

Contents = dict[str, Any]
ODD: list[Any] = [
    *(None, "", 0, 1, 2, 10, -1, 11, 2**31, 2**63, 10**30, 200_001, 1.5, float("inf"), True, [], {}, [[]]),
    *("\0", "x" * 5000, "x" * 200_000, "<script>", "{{ 7|add:7 }}", "\u202e", "closed", "open", "scale", "R", "shown"),
    *("2026-13-45", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    *("2026-05-14T10:00:00", "000000", "12345", "abcdef", "account", "json", "text/html"),
    *({"5": 10**9}, {"": -1}, {"abc": 1}, {"5": "1"}, {"5": None}, {"R": 3}, {"0": 1}, {"99": 1}),
]
ODD_VALUE = st.sampled_from(ODD) | st.integers(0, 30) | st.text(max_size=30)
LABELS = sorted(model._meta.label for model in CARRIED)
PAGES = (
    "journal",
    "desk",
    "ratings:sign_off",
    "ratings:trail",
    "ratings:comments",
    "ratings:imperatives",
    "ratings:log",
)


@cache
def unpacked() -> tuple[Contents, bytes]:
    """Return the tables of a packed workshop, and the bytes of its files."""
    packed = carried()
    whole = zlib.decompress(unlock(packed.file, packed.passphrase))
    (length,) = struct.unpack(">I", whole[:4])
    return json.loads(whole[4 : 4 + length]), whole[4 + length :]


def repacked(contents: Any, files: bytes = b"") -> bytes:
    """Return tables packed as the product does."""
    text = contents if isinstance(contents, bytes) else json.dumps(contents).encode()
    return zlib.compress(struct.pack(">I", len(text)) + text + files, 1)


def _value(data: st.DataObject, contents: Contents) -> None:
    """Put an odd value into a field, or into a few."""
    for _n in range(data.draw(st.integers(1, 2))):
        table = contents["tables"][data.draw(st.sampled_from(LABELS))]
        row = data.draw(st.sampled_from(table["rows"])) if table["rows"] else [0]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(ODD_VALUE)


def _rows(data: st.DataObject, contents: Contents) -> None:
    """Take a row out, or put it in twice, or in another order, or cut it short."""
    rows = contents["tables"][data.draw(st.sampled_from(LABELS))]["rows"]
    place = data.draw(st.integers(0, max(0, len(rows) - 1)))
    match data.draw(st.integers(0, 4)):
        case 0:
            del rows[place : place + 1]
        case 1:
            rows[place:place] = copy.deepcopy(rows[place : place + 1])
        case 2:
            rows.reverse()
        case 3:
            rows.clear()
        case _:
            rows[place : place + 1] = [rows[place][:-1]] if rows else [[]]


def _tables(data: st.DataObject, contents: Contents) -> None:
    """Take a table out, let it be another's, or let its fields be others."""
    tables, label = contents["tables"], data.draw(st.sampled_from(LABELS))
    match data.draw(st.integers(0, 3)):
        case 0:
            del tables[label]
        case 1:
            tables[label] = tables[data.draw(st.sampled_from(LABELS))]
        case 2:
            tables[label]["fields"] = [*tables[label]["fields"], "mood"]
        case _:
            tables["auth.User"] = {"fields": ["username", "is_superuser"], "rows": [["mallory", True]]}


def _around(data: st.DataObject, contents: Contents) -> None:
    """Change what stands around the tables."""
    key = data.draw(st.sampled_from([*contents, "mood"]))
    contents[key] = data.draw(st.sampled_from([None, 2, -1, "x", [], [1], ["x" * 99], [-1], {}, {"a": {}}]))


CHANGES: list[Callable[[st.DataObject, Contents], None]] = [_value, _value, _value, _rows, _tables, _around]


class AnyFile(TestCase):
    """Each variation is tried on an installation that has nothing."""

    @given(data=st.data())
    @settings(max_examples=100)
    def test_is_refused_in_a_sentence_or_its_pages_answer(self, data: st.DataObject) -> None:
        contents, files = unpacked()
        contents = copy.deepcopy(contents)
        data.draw(st.sampled_from(CHANGES))(data, contents)
        try:
            with transaction.atomic():
                bob = factories.facilitator()
                taken = write_packed(packed=repacked(contents, files), owner=bob)
        except (Unreadable, CannotTakeIn):
            assert not Workshop.objects.exists()
            return
        browser = Client()
        browser.force_login(bob)
        name = data.draw(st.sampled_from(PAGES))
        answer = browser.get(address(name, taken.workshop))
        assert answer.status_code == 200, name
        assert "<script>" not in answer.content.decode(), name


@given(noise=st.binary(max_size=300), cut=st.integers(0, 2000))
@settings(max_examples=60)
def test_bytes_that_are_nothing_are_refused(noise: bytes, cut: int) -> None:
    whole = repacked(b'{"format":"midpoint-workshop-file"}' + noise)
    for packed in (noise, whole, whole[:cut], whole + b"\0"):
        with pytest.raises(Unreadable):
            parse_contents(packed)


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros": lambda: zlib.compress(bytes(4 * LARGEST), 9),
    "length": lambda: zlib.compress(struct.pack(">I", 2**32 - 1) + b"{}"),
    "deep": lambda: repacked(b"[" * 1_000_000),
    "wide": lambda: repacked(b"[" + b"[]," * 5_000_000 + b"[]]"),
    "many": lambda: repacked(b'{"a":' + b"0," * 4_000_000),
    "number": lambda: repacked(b'{"format":' + b"9" * 1_000_000 + b"}"),
}
"""Files that are small and want to be large."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unpacks_into_a_flood_takes_little_memory(name: str) -> None:
    bomb = BOMBS[name]()
    assert len(bomb) < LARGEST // 8
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            read_contents(bomb)
        assert tracemalloc.get_traced_memory()[1] < 8 * LARGEST
    finally:
        tracemalloc.stop()


def changed(label: str, field: str, value: Any) -> bytes:
    """Return the packed workshop with one field of one row otherwise."""
    contents, files = unpacked()
    contents = copy.deepcopy(contents)
    table = contents["tables"][label]
    table["rows"][0][table["fields"].index(field)] = value
    return repacked(contents, files)


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("workshops.Workshop", "sealed_on", None),
        ("workshops.Workshop", "closed_at", None),
        ("workshops.Workshop", "carry_id", None),
        ("workshops.Workshop", "joined", 200_001),
        ("workshops.Workshop", "organisation", "a\0b"),
        ("workshops.Stage", "state", "open"),
        ("workshops.Stage", "kind", "map"),
        ("workshops.Scale", "kind", "progress"),
        ("workshops.TrailEntry", "strand", "account"),
        ("ratings.SeenPicture", "answers", {"5": 10**9}),
        ("ratings.SeenPicture", "answers", {"x": 1}),
        ("ratings.SeenPicture", "stage", 0),
        ("ratings.SignedJournal", "record", "{}"),
        ("ratings.SignedJournal", "fingerprint", "0" * 64),
        ("ratings.SignedFile", "sha256", "0" * 64),
        ("ratings.SignedFile", "content_type", "text/html"),
        ("ratings.SignedFile", "suffix", "exe"),
        ("ratings.Comment", "scale", 99),
        ("ratings.Score", "value", True),
    ],
)
def test_what_pages_or_leaders_rely_on_is_looked_at(label: str, field: str, value: Any) -> None:
    with pytest.raises(Unreadable):
        read_contents(changed(label, field, value))


def test_a_file_of_another_version_is_said_to_be_one() -> None:
    contents, files = unpacked()
    contents = copy.deepcopy(contents)
    table = contents["tables"]["ratings.Score"]
    table["fields"].append("mood")
    for row in table["rows"]:
        row.append("glad")
    with pytest.raises(Unreadable, match="another version of Midpoint"):
        read_contents(repacked(contents, files))
    read_contents(repacked(*unpacked()))  # and as it was it is one
