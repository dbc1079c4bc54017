"""The whole journal as JSON, and back: every field of the frozen journal, and nothing that it does not hold.

The form is the dataclasses' own, so a field that a journal gains is in its record. `docs/journal.schema.json` describes
it. SCHEMA rises when a record of before could no longer be read, or would mean something else: when a field goes, is
renamed or comes without a default. A field with a default may come at any time: a record leaves out what is as by
default, so that what a journal has not is not in its record, and the record of an old journal stays as it was.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ratings.journal.build import Journal
from ratings.summaries import ScaleSummary
from workshops.choices import ScaleKind

FORMAT: Literal["midpoint-journal"] = "midpoint-journal"
SCHEMA: Literal[1] = 1
SCORES = len(ScaleSummary().counts)


class UnreadableRecord(Exception):
    """A text is no record of a journal, or one that this version cannot read; says in a sentence why."""


@dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid"))
class Record:
    """What a file holds: which form this is, and the journal. Unknown fields are refused, so that nothing is lost."""

    format: Literal["midpoint-journal"]
    schema: Literal[1]
    journal: Journal


_RECORD = TypeAdapter(Record)


def journal_json(journal: Journal) -> str:
    """Return the whole journal as JSON; the same journal gives the same text."""
    data = _RECORD.dump_python(Record(FORMAT, SCHEMA, journal), mode="json", exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_json(text: str | bytes) -> Journal:
    """Return the journal that a record holds, equal to the one it was written from. Raises UnreadableRecord."""
    try:
        journal = _RECORD.validate_json(text).journal
    except ValidationError as error:
        raise UnreadableRecord(_sentence(error)) from error
    _look_at_numbers(journal)
    return journal


def content_json(journal: Journal) -> str:
    """Return the record of a journal without its signature, whatever that is: what is signed."""
    return journal_json(journal.unsigned)


def fingerprint_of(content: str) -> str:
    """Return the SHA-256 of what is signed, in hex: of the very bytes that the PDF carries as journal-data.json."""
    return hashlib.sha256(content.encode()).hexdigest()


def schema_json() -> str:
    """Return the description of a record in JSON Schema (draft 2020-12)."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_RECORD.json_schema()}
    return json.dumps(_untitled(schema), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _sentence(error: ValidationError) -> str:
    found = {each["loc"]: each for each in error.errors(include_url=False)}
    if not_json := found.get(()):
        return f"This is no record of a journal: {not_json['msg']}."
    if ("format",) in found:
        return f"This is no record of a journal: its “format” is not “{FORMAT}”."
    if ("schema",) in found:
        written = found[("schema",)]["input"] if found[("schema",)]["type"] != "missing" else "none"
        return f"This record of a journal has schema {written}; this version of Midpoint reads {SCHEMA}."
    where, first = next(iter(found.items()))
    more = f" {len(found) - 1} more like this." if len(found) > 1 else ""
    return f"This record of a journal cannot be read: at {'.'.join(map(str, where))}: {first['msg']}.{more}"


def _look_at_numbers(journal: Journal) -> None:
    """Raise UnreadableRecord where numbers have the right form and make no sense."""
    numbers = range(1, len(journal.deliverables) + 1)
    counts = [scale.summary.counts for page in journal.deliverables for scale in page.scales]
    wrong = [
        ("its deliverables are not numbered from 1", [page.no for page in journal.deliverables] != list(numbers)),
        (
            "a deliverable does not have its two scales",
            any([scale.kind for scale in page.scales] != list(ScaleKind) for page in journal.deliverables),
        ),
        (
            f"not every scale has {SCORES} counts of 0 or more",
            any(len(each) != SCORES or min(each) < 0 for each in counts),
        ),
        (
            "an imperative is for a deliverable that is not there",
            any(no not in numbers for line in journal.imperatives for no in line.deliverables),
        ),
    ]
    if said := next((sentence for sentence, is_so in wrong if is_so), ""):
        raise UnreadableRecord(f"This record of a journal cannot be read: {said}.")


def _untitled(schema: Any) -> Any:
    """Leave out the titles, which only say the fields' names again."""
    if isinstance(schema, dict):
        return {key: _untitled(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
    return [_untitled(value) for value in schema] if isinstance(schema, list) else schema
