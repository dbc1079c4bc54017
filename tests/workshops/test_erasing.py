"""Erasing: all that was said in a workshop goes; a certificate stays. What files hold: `test_stolen_laptop.py`."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from eip2review.examples import load_example
from tests import factories
from workshops.erasing import due_workshops, erase_workshop, name_rows
from workshops.models import Erasure, Workshop

TODAY = date(2027, 5, 14)
DEPENDENT = {"workshops": {"Facilitator", "Group", "Participant", "Stage", "StageMove", "TrailEntry", "Workshop"}}
"""Models whose rows belong to one workshop; all of ratings' do."""


def rows() -> dict[str, int]:
    """Return how many rows there are that belong to a workshop, by model."""
    models = [*apps.get_app_config("workshops").get_models(), *apps.get_app_config("ratings").get_models()]
    mine = [m for m in models if m._meta.app_label == "ratings" or m.__name__ in DEPENDENT["workshops"]]
    return {m._meta.label: m._default_manager.count() for m in mine}


def erase_due(**options: object) -> str:
    """Run the command and return what it prints."""
    out = io.StringIO()
    call_command("erase_due", stdout=out, **options)
    return out.getvalue()


def test_certificate_names_rows_in_words_and_those_of_a_model_that_is_gone_by_its_label() -> None:
    erasure = Erasure(rows={"ratings.Score": 12, "ratings.Gone": 2, "workshops.TrailEntry": 3})
    assert name_rows(erasure) == [("ratings.Gone", 2), ("Score", 12), ("Trail entry", 3)]


@pytest.mark.django_db
def test_workshop_is_due_from_its_erase_date_on() -> None:
    of = factories.workshop(erase_on=TODAY)
    factories.workshop(erase_on=TODAY + timedelta(days=1))
    assert list(due_workshops(TODAY)) == [of]
    assert list(due_workshops(TODAY - timedelta(days=1))) == []


@pytest.mark.django_db
def test_everything_about_a_workshop_goes_and_nothing_of_another() -> None:
    user = User.objects.create_user("ada")
    closed, ready = load_example(facilitator=user)
    before = rows()
    erased = erase_workshop(workshop=closed, by="ada")
    after = rows()
    assert {label: n - after[label] for label, n in before.items() if n > after[label]} == {
        label: n for label, n in erased.rows.items() if label in before
    }
    assert erased.rows["ratings.Comment"] > 20
    assert list(Workshop.objects.all()) == [ready]
    assert all(n == 0 for label, n in after.items() if label.startswith("ratings."))
    assert (erased.organisation, erased.date, erased.by) == (closed.organisation, closed.date, "ada")


@pytest.mark.django_db(transaction=True)
def test_command_erases_what_is_due_prints_certificates_and_can_be_run_again() -> None:
    due = factories.workshop(organisation="Carreg Bay Council", erase_on=timezone.localdate())
    kept = factories.workshop(erase_on=timezone.localdate() + timedelta(days=1))
    assert due.code in erase_due(dry_run=True)
    assert Workshop.objects.count() == 2
    said = erase_due()
    assert "the workshop of Carreg Bay Council on 2026-05-14" in said
    assert list(Workshop.objects.all()) == [kept]
    assert erase_due() == "Nothing was erased.\n"
    assert erase_due(certificates=True) == said
    assert erase_due(dry_run=True) == "Nothing is due.\n"
    erase_due(code=kept.code)
    assert Workshop.objects.count() == 0
    assert Erasure.objects.count() == 2
    with pytest.raises(CommandError, match="No workshop has the code"):
        erase_due(code=kept.code)


@pytest.mark.django_db
def test_phone_and_desk_of_an_erased_workshop_are_told_that_there_is_none() -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user)
    phone, desk = factories.phone(of), factories.desk(user)
    erase_workshop(workshop=of, by=user.get_username())
    assert phone.get(reverse("phone", args=[of.code]), follow=True).status_code == 404
    assert desk.get(reverse("desk", args=[of.code])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "becomes"),
    [("", date(2027, 5, 14)), ("2026-06-01", date(2026, 6, 1)), ("2026-05-14", None), ("9999-12-31", date.max)],
)
def test_erase_date_is_a_detail_that_comes_after_the_workshop(typed: str, becomes: date | None) -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user, erase_on=date(2026, 12, 24))
    details = {"organisation": "Carreg Bay Council", "date": "2026-05-14", "erase_on": typed}
    page = factories.desk(user).post(reverse("workshops:edit_workshop", args=[of.code]), details)
    of.refresh_from_db()
    assert of.erase_on == (becomes or date(2026, 12, 24))
    assert ("Choose a day after the workshop" in page.content.decode()) is (becomes is None)
