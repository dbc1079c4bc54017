"""What older versions wrote comes along: a database of before, with rows, becomes one of today."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management.base import CommandError

from tests.older import Migrate, add, rows

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, AUTHORS = ("ratings", "0001_initial"), ("ratings", "0002_authors")
ANSWERS = ("Score", "Comment", "RagRating", "Imperative", "Vote")


def answered(apps: Apps, *, closed: bool, rehearsed: bool = True) -> Any:
    """Return a workshop of before, with two people of two groups and one who was played, who all answered it all."""
    review = add(apps, "workshops.Review", title="Review")
    edition = add(apps, "workshops.Edition", review=review, title="Review", imperative_question="What next?")
    of = add(
        apps,
        "workshops.Workshop",
        edition=edition,
        organisation="Carreg Bay Council",
        date=datetime.date(2026, 5, 14),
        code="482913",
        closed_at=datetime.datetime(2026, 5, 14, 12, tzinfo=datetime.UTC) if closed else None,
    )
    thing = add(apps, "workshops.Deliverable", edition=edition, key="one", position=1, name="One")
    scales = [
        add(apps, "workshops.Scale", deliverable=thing, kind=kind, anchor_ten="All", anchor_zero="None")
        for kind in ("being", "progress")
    ]
    for n, played in enumerate((False, False, True) if rehearsed else (False, False)):
        group = add(apps, "workshops.Group", workshop=of, name=f"Group {n}", position=n)
        by = add(apps, "workshops.Participant", workshop=of, group=group, token_hash=f"{n:064x}", rehearsal=played)
        who = {"participant": by, "workshop": of}
        for scale in scales:
            add(apps, "ratings.Score", scale=scale, value=n, **who)
            for asked in ("why", "higher"):
                add(apps, "ratings.Comment", scale=scale, asked=asked, text=f"{asked} {n}", **who)
        add(apps, "ratings.RagRating", deliverable=thing, value="A", **who)
        named = [add(apps, "ratings.Imperative", slot=slot, text=f"Do {n} {slot}", **who) for slot in (1, 2)]
        for slot, imperative in enumerate(named, start=1):
            add(apps, "ratings.Vote", participant=by, imperative=imperative, slot=slot)
    add(apps, "ratings.Score", workshop=of, scale=scales[0], value=9, source="paper")
    return of


def test_link_from_answers_to_phones_is_cut_and_the_group_stays(migrate: Migrate) -> None:
    of = answered(migrate(FIRST), closed=True)
    now = migrate(AUTHORS)
    groups = [group.pk for group in rows(now, "workshops.Group")]
    for kind, answers, authors in zip(ANSWERS, (2, 4, 1, 2, 2), (2, 4, 1, 1, 1), strict=True):
        found = [row for row in rows(now, f"ratings.{kind}") if row.author]
        assert not any(field.name == "participant" for field in found[0]._meta.get_fields())
        assert [row.group_id for row in found] == [group for group in groups for _ in range(answers)], kind
        assert [row.source for row in found] == ["phone"] * 2 * answers + ["played"] * answers
        assert len({row.author for row in found}) == 3 * authors
        assert {len(row.author) for row in found} == {64}
    (paper,) = [row for row in rows(now, "ratings.Score") if not row.author]
    assert (paper.value, paper.source, paper.group_id) == (9, "paper", None)
    every = {row.author for kind in ANSWERS for row in rows(now, f"ratings.{kind}") if row.author}
    assert len(every) == 3 * (2 + 4 + 1 + 1 + 1)
    newest = migrate()
    assert [each.organisation for each in rows(newest, "workshops.Workshop")] == [of.organisation]
    assert len(rows(newest, "ratings.Score")) == 7


def test_workshop_under_way_stops_the_migration_with_its_name_and_changes_nothing(migrate: Migrate) -> None:
    before = migrate(FIRST)
    of = answered(before, closed=False)
    with pytest.raises(CommandError, match="Carreg Bay Council, 2026-05-14, code 482913"):
        migrate(AUTHORS)
    assert {row.participant_id for row in rows(before, "ratings.Comment")} == {
        row.pk for row in rows(before, "workshops.Participant")
    }
    of.closed_at = datetime.datetime(2026, 5, 14, 12, tzinfo=datetime.UTC)
    of.save()
    assert all(row.author for row in rows(migrate(AUTHORS), "ratings.Comment"))


def test_rehearsal_and_a_workshop_that_nobody_answered_stop_nothing(migrate: Migrate) -> None:
    before = migrate(FIRST)
    answered(before, closed=False)
    before.get_model("workshops.Participant").objects.filter(rehearsal=False).delete()
    now = migrate(AUTHORS)
    assert {row.source for row in rows(now, "ratings.Comment")} == {"played"}
