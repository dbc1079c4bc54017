"""The whole journal as JSON, and back to the same journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings

from ratings.journal.build import Journal, build_journal
from ratings.journal.record import Record, UnreadableRecord, journal_json, read_json, schema_json
from ratings.management.commands import journal_schema
from tests.ratings.journal.printed import LOOKS_LIKE, journals, with_words
from tests.ratings.journal.shapes import SHAPES, journal_of
from tests.ratings.journal.told import told_in_numbers


@settings(max_examples=25, deadline=None, derandomize=True)
@given(journals())
def test_record_is_read_back_to_the_same_journal(journal: Journal) -> None:
    written = journal_json(journal)
    assert read_json(written) == journal
    assert asdict(read_json(written.encode())) == asdict(journal)  # how many were entered is no part of being equal
    assert journal_json(read_json(written)) == written


@pytest.mark.parametrize("name", ["one-person", "uneven", "urdu-and-arabic", "three-thousand"])
def test_record_of_any_shape_is_read_back(name: str) -> None:
    journal = journal_of(SHAPES[name])
    assert asdict(read_json(journal_json(journal))) == asdict(journal)


@pytest.mark.django_db
def test_record_of_a_workshop_is_read_back() -> None:
    journal = build_journal(told_in_numbers())
    assert asdict(read_json(journal_json(journal))) == asdict(journal)


@pytest.mark.parametrize("text", LOOKS_LIKE)
def test_record_keeps_any_words(text: str) -> None:
    assert read_json(journal_json(with_words(text))) == with_words(text)


def test_record_leaves_out_what_is_as_by_default_and_needs_none_of_it() -> None:
    journal = with_words("Boats")
    data = json.loads(journal_json(journal))
    assert data["journal"]["moderated_comments"] == {}
    assert "dots_waiting" not in data["journal"]
    assert json.loads(journal_json(replace(journal, dots_waiting=2)))["journal"]["dots_waiting"] == 2


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """Return a record in which something was changed."""
    data = json.loads(journal_json(journal_of(SHAPES["one-person"])))
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is no record of a journal: Invalid JSON: EOF"),
        ("{", "This is no record of a journal: Invalid JSON: EOF"),
        ("[" * 100_000, "This is no record of a journal: Invalid JSON: recursion"),
        ("[]", "This is no record of a journal: Input should be"),
        ('"\\ud800"', "This is no record of a journal: Invalid JSON"),
        (b"\xff\xfe", "This is no record of a journal: Invalid JSON"),
        ("{}", "its “format” is not “midpoint-journal”"),
        (changed(lambda data: data.update(format="midpoint-workshop")), "its “format” is not"),
        (changed(lambda data: data.update(schema=2)), "has schema 2; this version of Midpoint reads 1"),
        (changed(lambda data: data.pop("schema")), "has schema none"),
        (changed(lambda data: data["journal"].pop("title")), r"at journal\.title: Field required"),
        (changed(lambda data: data["journal"].update(people="7")), r"at journal\.people: Input should be a valid int"),
        (changed(lambda data: data["journal"].update(mood="fair", sky="blue")), r"at journal\.mood: .* 1 more"),
        (changed(lambda data: data["journal"]["deliverables"][0].update(no=2)), "not numbered from 1"),
        (changed(lambda data: data["journal"]["deliverables"][0]["scales"].pop()), "its two scales"),
        (changed(lambda data: data["journal"]["imperatives"][0].update(deliverables=[9])), "that is not there"),
        (
            changed(lambda data: data["journal"]["deliverables"][0]["scales"][0]["summary"].update(counts=[1])),
            "not every scale has 11 counts",
        ),
        (
            changed(lambda data: data["journal"]["deliverables"][0]["scales"][1]["summary"].update(counts=[-1] * 11)),
            "not every scale has 11 counts of 0 or more",
        ),
    ],
)
def test_record_that_cannot_be_read_says_why(text: str | bytes, sentence: str) -> None:
    with pytest.raises(UnreadableRecord, match=sentence):
        read_json(text)


def test_description_of_records_is_up_to_date() -> None:
    assert journal_schema.FILE.read_text() == schema_json(), "run manage.py journal_schema"


def test_description_of_records_says_every_field_and_asks_for_none_with_a_default() -> None:
    journal = json.loads(schema_json())["$defs"]["Journal"]
    assert set(journal["properties"]) == set(Journal.__dataclass_fields__)
    assert "dots_waiting" not in journal["required"]
    assert Record.__doc__ == json.loads(schema_json())["description"]


def test_command_writes_the_description(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_schema, "FILE", tmp_path / "schema.json")
    call_command("journal_schema")
    assert journal_schema.FILE.read_text() == schema_json()
