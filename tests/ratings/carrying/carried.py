"""A workshop that was packed and is nowhere any more, with all that was told of it where it comes from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command

from ratings.carrying.locking import new_passphrase
from ratings.carrying.packing import carry_workshop
from ratings.exporting import export_workshop
from ratings.journal.build import build_journal
from ratings.journal.formats import FORMATS
from ratings.models import SignedFile, SignedJournal
from ratings.moderation import read_log
from ratings.showing import show_groups
from ratings.signing import read_sign_off
from tests import factories
from tests.ratings.carrying.finished import QUICK, finished, forget
from workshops.models import StageMove, Workshop
from workshops.trail import trail_of

FILES = (*QUICK, "csv", "xlsx", "docx")
"""The formats that are compared: all but the PDF, which takes a press."""


def told(of: Workshop) -> dict[str, Any]:
    """Return everything that is told of a workshop: its numbers, words, journal, log, trail and signed files."""
    of = Workshop.objects.select_related("edition__review").get(pk=of.pk)
    journal = build_journal(of)
    names = {group.pk: group.name for group in of.groups.all()}
    scales = {scale: n for n, scale in enumerate(of.stages.values_list("scale", flat=True))}
    return {
        "files": {suffix: FORMATS[suffix].write(journal) for suffix in ("html", "md", "json", "csv")},
        "state": (read_sign_off(of).state, read_sign_off(of).fingerprint),
        "groups": {
            scales[scale]: {names[group]: dict(counts) for group, counts in groups.items()}
            for scale, groups in show_groups(of).items()
        },
        "decisions": read_log(of),
        "moves": [(str(move), move.at, move.name) for move in StageMove.objects.filter(stage__workshop=of)],
        "trail": sorted((each.strand, each.number, each.act, each.about, each.by, each.at) for each in trail_of(of)),
        "signed": [
            (
                each.number,
                each.record,
                each.fingerprint,
                each.signed_by,
                each.signed_as,
                each.signed_at,
                each.entered_by,
            )
            for each in SignedJournal.objects.filter(workshop=of)
        ],
        "bytes": {each.suffix: bytes(each.data) for each in SignedFile.objects.filter(signed__workshop=of)},
        "details": [
            getattr(of, name)
            for name in ("organisation", "venue", "date", "erase_on", "created_at", "closed_at", "sealed_on")
        ]
        + [of.joined, of.played, of.revision, of.carry_id],
        "held": _held(of),
    }


def _held(of: Workshop) -> dict[str, list[str]]:
    """Return the rows of its export without what is drawn anew for each export or is this installation's own."""
    own = ("workshops.Facilitator", "ratings.ShareLink", "workshops.Arrival", "workshops.TrailEntry")
    rows = json.loads(json.dumps(export_workshop(of)["rows"], default=str))
    for row in (row for each in rows.values() for row in each):
        for name in (
            "id",
            "user",
            "by",
            "theme",
            "merged_into",
            "comment",
            "imperative",
            "position",
            "controls",
            "code",
        ):
            row.pop(name, None)
        row.pop("carried_on", None)
        if "answers" in row:
            row["answers"] = sorted(row["answers"].values())
    return {name: sorted(map(json.dumps, each)) for name, each in rows.items() if name not in own}


@dataclass(frozen=True)
class Carried:
    """A packed workshop: its file, what opens it, its code there, and what was told of it there."""

    file: bytes
    passphrase: str
    code: str
    told: dict[str, Any]


@cache
def carried() -> Carried:
    """Return a finished workshop, packed by "ann", who is no user here any more. Made once for all tests."""
    by = factories.facilitator("ann")
    of = finished(by)
    passphrase = new_passphrase()
    file = carry_workshop(workshop=of, passphrase=passphrase, user=by)
    of.refresh_from_db()
    check_trail(of)
    packed = Carried(file, passphrase, of.code, told(of))
    forget(of)
    User.objects.all().delete()
    return packed


def check_trail(of: Workshop) -> str:
    """Return what the command says of a trail; it fails where the trail does not hold."""
    out = StringIO()
    call_command("check_trail", of.code, stdout=out)
    return re.sub(r" [0-9a-f]{64}", "", out.getvalue())
