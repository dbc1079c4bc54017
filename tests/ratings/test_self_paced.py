"""Workshops that everybody goes through in their own time: all questions open until a date."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from ratings.aloud import add_comment
from ratings.choices import Source
from ratings.models import Score
from ratings.tallies import tally_questions
from tests import factories
from workshops.choices import StageKind
from workshops.models import Workshop
from workshops.sessions import open_stage

pytestmark = pytest.mark.django_db


def today() -> Any:
    return timezone.localdate()


def self_paced(**fields: Any) -> Workshop:
    """Return a workshop that is open to everybody until today."""
    return factories.workshop(**{"self_paced_until": today()} | fields)


def test_all_questions_are_listed_with_what_is_done() -> None:
    of = self_paced()
    phone = factories.phone(of)
    html = phone.get(reverse("phone", args=[of.code])).content.decode()
    assert "0 of 8 answered" in html  # two deliverables with three questions, imperatives, dots
    assert html.count("Not yet") == 8
    assert "data-live" not in html


def test_any_question_can_be_answered_and_changed_in_any_order() -> None:
    of = self_paced()
    phone = factories.phone(of)
    last = factories.stage(of, StageKind.SCALE, n=4)
    page = reverse("ratings:question", args=[of.code, last.pk])
    assert f'data-stage="{last.pk}-waiting"' in phone.get(page).content.decode()
    for value in ("3", "7"):
        saved = phone.post(reverse("ratings:save_score", args=[of.code, last.scale_id]), {"value": value})
        assert saved["Location"] == reverse("phone", args=[of.code])
    assert list(Score.objects.values_list("scale", "value")) == [(last.scale_id, 7)]
    assert "1 of 8 answered" in phone.get(reverse("phone", args=[of.code])).content.decode()
    assert 'value="7" required checked' in phone.get(page).content.decode()


def test_question_page_is_not_connected_to_the_live_channel() -> None:
    of = self_paced()
    stage = factories.stage(of, StageKind.RAG)
    html = factories.phone(of).get(reverse("ratings:question", args=[of.code, stage.pk])).content.decode()
    assert 'data-live=""' in html


def test_after_its_date_the_facilitator_paces() -> None:
    of = self_paced(self_paced_until=today() - timedelta(days=1))
    phone = factories.phone(of)
    stage = factories.stage(of, StageKind.SCALE)
    save = reverse("ratings:save_score", args=[of.code, stage.scale_id])
    assert "closed before your answer" in phone.post(save, {"value": "3"}).content.decode()
    assert phone.get(reverse("ratings:question", args=[of.code, stage.pk]))["Location"] == reverse(
        "phone", args=[of.code]
    )
    open_stage(stage=stage, user=None)
    assert phone.post(save, {"value": "3"}).status_code == 302


def test_what_the_room_has_seen_and_what_is_closed_takes_no_more() -> None:
    of = self_paced()
    phone = factories.phone(of)
    seen = factories.revealed(of, StageKind.SCALE)
    save = reverse("ratings:save_score", args=[of.code, seen.scale_id])
    assert "closed before your answer" in phone.post(save, {"value": "3"}).content.decode()
    other = factories.stage(of, StageKind.SCALE, n=2)
    factories.opened(of, StageKind.CLOSED)
    late = phone.post(reverse("ratings:save_score", args=[of.code, other.scale_id]), {"value": "3", "text": "Late"})
    assert "closed before your answer" in late.content.decode()
    assert "Late" in late.content.decode()
    assert not Score.objects.exists()


def test_stages_that_ask_nothing_are_no_questions() -> None:
    of = self_paced()
    stage = factories.stage(of, StageKind.MAP)
    html = factories.phone(of).get(reverse("ratings:question", args=[of.code, stage.pk])).content.decode()
    assert "<form" not in html


def test_the_edition_is_frozen_as_soon_as_somebody_joins() -> None:
    of = self_paced()
    of.edition.refresh_from_db()
    assert of.edition.frozen_at is None
    factories.phone(of)
    of.edition.refresh_from_db()
    assert of.edition.frozen_at is not None


def test_a_facilitator_makes_a_workshop_self_paced_and_paced_again() -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user)
    desk, page = factories.desk(user), reverse("workshops:edit_workshop", args=[of.code])
    details = {"organisation": "Carreg Bay Council", "date": "2026-05-14"}
    for until, open_to_all in ((today().isoformat(), True), ("", False)):
        desk.post(page, {**details, "self_paced_until": until})
        of.refresh_from_db()
        assert of.is_open_to_all is open_to_all


@pytest.mark.parametrize("phones", [1, 3])
def test_the_desk_counts_every_question_in_as_many_queries_for_three_phones_as_for_one(
    django_assert_num_queries: Any, phones: int
) -> None:
    of = self_paced()
    first = factories.stage(of, StageKind.SCALE)
    for _ in range(phones):
        save = reverse("ratings:save_score", args=[of.code, first.scale_id])
        factories.phone(of).post(save, {"value": "3"})
    with django_assert_num_queries(6):
        rows = tally_questions(of)
    assert [(stage.title, tally.answered) for stage, tally in rows][:2] == [
        ("Being at the goal", phones),
        ("Making progress", 0),
    ]
    assert {tally.people for _, tally in rows} == {phones}


def test_the_desk_of_a_self_paced_workshop_lists_the_questions() -> None:
    user = factories.facilitator()
    of = self_paced(by=user)
    html = factories.desk(user).get(reverse("desk", args=[of.code])).content.decode()
    assert "Everybody answers in their own time until" in html
    assert html.count("0 of 0") == 8
    of.self_paced_until = None
    of.save()
    assert "in their own time" not in factories.desk(user).get(reverse("desk", args=[of.code])).content.decode()


def test_what_is_written_down_before_anybody_joined_keeps_the_wording_it_answers() -> None:
    of = self_paced()
    add_comment(workshop=of, scale=factories.scale(of), text="Said on the phone", source=Source.ALOUD)
    of.edition.refresh_from_db()
    assert of.edition.frozen_at is not None
