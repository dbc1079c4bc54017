"""Whether rows that were packed make a finished workshop together: what pages take for granted is looked at here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from ratings.carrying.contents import Contents, parse_contents, unfit
from ratings.choices import Rag
from ratings.journal.formats import FORMATS
from ratings.journal.record import UnreadableRecord, fingerprint_of, read_json
from ratings.models import Imperative, RagRating, Score, SeenPicture, SignedFile, SignedJournal, Vote
from ratings.restoring import MOST_ANSWERS, can_be_drawn
from ratings.showing import ASKING, UNSURE
from workshops.choices import CURRENT_STATES, ScaleKind, StageKind, Strand
from workshops.models import Deliverable, Edition, Scale, Stage, TrailEntry, Workshop

Row = dict[str, Any]
SCORES = {UNSURE, *map(str, range(11))}
COLOURS = {UNSURE, *Rag.values}


def read_contents(packed: bytes) -> Contents:
    """Return the workshop that was packed. Raises Unreadable."""
    contents = parse_contents(packed)
    for check in (_one_workshop, _its_edition, _its_stages, _its_answers, _its_trail, _what_was_signed):
        check(contents)
    return contents


def _one_workshop(contents: Contents) -> None:
    if len(contents.rows[Workshop]) != 1 or len(contents.rows[Edition]) != 1:
        raise unfit("workshop")
    workshop = contents.workshop
    if not (workshop["carry_id"] and workshop["closed_at"] and workshop["sealed_on"]):
        raise unfit("sealed")
    if max(workshop["joined"], workshop["played"]) > MOST_ANSWERS:
        raise unfit("joined")


def _its_edition(contents: Contents) -> None:
    """Every deliverable has its two scales, and there is one at least."""
    wanted = Counter((n, kind) for n in range(len(contents.rows[Deliverable])) for kind in ScaleKind.values)
    if not wanted or Counter((row["deliverable"], row["kind"]) for row in contents.rows[Scale]) != wanted:
        raise unfit("scales")


def _its_stages(contents: Contents) -> None:
    """The stages are those that a workshop of its edition has; none is open but the last."""
    once = (StageKind.LOBBY, StageKind.MAP, StageKind.IMPERATIVES, StageKind.PRIORITIES, StageKind.CLOSED)
    wanted = Counter[tuple[str, int | None, int | None]]((kind, None, None) for kind in once)
    for n in range(len(contents.rows[Deliverable])):
        wanted.update((kind, n, None) for kind in (StageKind.RAG, StageKind.TOGETHER))
    wanted.update((StageKind.SCALE, scale["deliverable"], n) for n, scale in enumerate(contents.rows[Scale]))
    stages = contents.rows[Stage]
    if Counter((row["kind"], row["deliverable"], row["scale"]) for row in stages) != wanted:
        raise unfit("stages")
    if any(row["state"] in CURRENT_STATES and row["kind"] != StageKind.CLOSED for row in stages):
        raise unfit("closed")


def _its_answers(contents: Contents) -> None:
    """No question has more answers than can be drawn, or an answer that it has not; what is merged stands together."""
    given = sum(len(contents.rows[model]) for model in (Score, RagRating, Vote))
    named = contents.rows[Imperative]
    known = {
        StageKind.SCALE: SCORES,
        StageKind.RAG: COLOURS,
        StageKind.PRIORITIES: set(map(str, range(len(named)))),
    }
    asking = sorted(n for n, row in enumerate(contents.rows[Stage]) if row["kind"] in ASKING)
    if sorted(row["stage"] for row in contents.rows[SeenPicture]) != asking:
        raise unfit("pictures")
    for picture in contents.rows[SeenPicture]:
        answers = picture["answers"]
        kind = StageKind(contents.rows[Stage][picture["stage"]]["kind"])
        if not set(answers) <= known[kind] or not all(type(n) is int and n >= 0 for n in answers.values()):
            raise unfit("answers")
        given += sum(answers.values()) + picture["left_out"]
    if given > MOST_ANSWERS:
        raise unfit("answers")
    if any(named[row["merged_into"]]["merged_into"] is not None for row in named if row["merged_into"] is not None):
        raise unfit("merged")


def _its_trail(contents: Contents) -> None:
    if any(row["strand"] == Strand.ACCOUNT for row in contents.rows[TrailEntry]):
        raise unfit("trail")


def _what_was_signed(contents: Contents) -> None:
    """What was signed is what its hashes say; a record that this version reads can be shown."""
    _all(contents.rows[SignedJournal], lambda row: row["fingerprint"] == fingerprint_of(row["record"]), "fingerprint")
    _all(contents.rows[SignedFile], lambda row: row["sha256"] == hashlib.sha256(row["data"]).hexdigest(), "sha256")
    known = {suffix: each.content_type for suffix, each in FORMATS.items()}
    _all(contents.rows[SignedFile], lambda row: known.get(row["suffix"]) == row["content_type"], "content_type")
    for row in contents.rows[SignedJournal]:
        with suppress(UnreadableRecord):  # of an older version: it is not drawn, its files are shown
            if not can_be_drawn(read_json(row["record"])):
                raise unfit("record")


def _all(rows: Iterable[Row], holds: Callable[[Row], bool], what: str) -> None:
    if not all(map(holds, rows)):
        raise unfit(what)
