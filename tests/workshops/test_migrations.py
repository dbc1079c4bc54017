"""What older versions of workshops wrote comes along."""

from __future__ import annotations

import datetime

import pytest

from tests.older import Migrate, add, rows

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_planned_a_workshop_owns_it_and_nobody_loses_access(migrate: Migrate) -> None:
    before = migrate(("workshops", "0001_initial"))
    edition = add(before, "workshops.Edition", review=add(before, "workshops.Review", title="Review"), title="Review")
    people = [add(before, "auth.User", username=name) for name in ("first", "second", "third")]
    for code, of_it in (("482913", people[1:]), ("482914", people), ("482915", [])):
        workshop = add(before, "workshops.Workshop", edition=edition, code=code, date=datetime.date(2026, 5, 14))
        for user in of_it:
            add(before, "workshops.Facilitator", workshop=workshop, user=user)
    now = migrate(("workshops", "0002_roles"))
    assert [(row.workshop.code, row.user.username, row.role) for row in rows(now, "workshops.Facilitator")] == [
        ("482913", "second", "owner"),
        ("482913", "third", "facilitator"),
        ("482914", "first", "owner"),
        ("482914", "second", "facilitator"),
        ("482914", "third", "facilitator"),
    ]
