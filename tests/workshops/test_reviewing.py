"""Writing reviews: what may change, what stays, and which edition is next."""

from typing import Any

import pytest

from tests import factories
from workshops.choices import ScaleKind, StageKind, StageState
from workshops.models import Deliverable, Edition, Review, Scale
from workshops.reviewing import describe_deliverables, latest_edition, write_review

pytestmark = pytest.mark.django_db

WORDS = {"title": "Half way", "imperative_question": "What next?"}


def write(review: Review | None, *names: str, **words: Any) -> Edition:
    """Write a review with deliverables of these names."""
    rows = [factories.deliverable_row(name) for name in names]
    return write_review(owner=None, review=review, edition=WORDS | words, deliverables=rows)


def test_new_review_has_its_first_edition() -> None:
    owner = factories.facilitator()
    edition = write_review(
        owner=owner,
        review=None,
        edition=WORDS | {"epigraph": "E", "epigraph_by": "B", "subtitle": "S"},
        deliverables=[factories.deliverable_row("Plans", short_name="P", lead="L")],
    )
    edition.refresh_from_db()
    assert (edition.number, edition.review.owner, edition.review.title) == (1, owner, "Half way")
    assert (edition.epigraph, edition.epigraph_by, edition.subtitle) == ("E", "B", "S")
    deliverable = edition.deliverables.get()
    assert (deliverable.key, deliverable.position, deliverable.short_name, deliverable.lead) == ("plans", 1, "P", "L")
    being, progress = deliverable.scales.all()
    assert (being.kind, being.anchor_ten) == (ScaleKind.BEING, "Plans being anchor_ten")
    assert (progress.kind, progress.short_zero) == (ScaleKind.PROGRESS, "Plans progress short_zero")


def test_review_without_owner_is_shared() -> None:
    assert write(None, "Plans").review.owner is None


def test_edition_that_no_workshop_opened_is_rewritten_in_place() -> None:
    first = write(None, "Plans", "Forms")
    second = write(first.review, "Forms", "Audits", title="New title")
    assert second.pk == first.pk
    assert [each.name for each in second.deliverables.all()] == ["Forms", "Audits"]
    assert Deliverable.objects.count() == 2
    assert Scale.objects.count() == 4
    first.review.refresh_from_db()
    assert first.review.title == "New title"


def test_frozen_edition_stays_and_the_next_is_made() -> None:
    of = factories.workshop(deliverables=1)
    factories.opened(of, StageKind.SCALE)
    first = latest_edition(of.edition.review)
    before = describe_deliverables(first)
    second = write(first.review, "Other", title="Second thoughts")
    assert (second.number, second.frozen_at) == (2, None)
    assert describe_deliverables(first) == before
    assert Edition.objects.get(pk=first.pk).title == "Half way there"
    of.refresh_from_db()
    assert of.edition == first
    assert of.stages.filter(kind=StageKind.SCALE).count() == 2
    assert latest_edition(first.review) == second


def test_third_edition_follows_the_second() -> None:
    first = write(None, "Plans")
    for number in (2, 3):
        Edition.objects.filter(review=first.review).update(frozen_at="2026-01-01T00:00Z")
        assert write(first.review, "Plans").number == number


def test_workshops_planned_from_a_rewritten_edition_get_its_stages() -> None:
    of = factories.workshop(deliverables=1)
    write(of.edition.review, "Forms", "Audits")
    assert [stage.deliverable.name for stage in of.stages.filter(kind=StageKind.RAG) if stage.deliverable] == [
        "Forms",
        "Audits",
    ]
    assert of.stages.get(state=StageState.OPEN).kind == StageKind.LOBBY


def test_deliverable_keeps_its_key_when_its_name_changes() -> None:
    first = write(None, "Plans")
    row = describe_deliverables(first)[0] | {"name": "Safety plans"}
    second = write_review(owner=None, review=first.review, edition=WORDS, deliverables=[row])
    assert [(each.key, each.name) for each in second.deliverables.all()] == [("plans", "Safety plans")]


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["Plans", "Plans"], ["plans", "plans-2"]),
        (["Plans", "Plans 3", "Plans"], ["plans", "plans-3", "plans-4"]),
        (["…", "!"], ["deliverable", "deliverable-2"]),
        (["Ü" + "a" * 80], ["u" + "a" * 49]),
    ],
)
def test_keys_come_from_names_and_differ(names: list[str], keys: list[str]) -> None:
    assert [each.key for each in write(None, *names).deliverables.all()] == keys


def test_same_long_keys_still_fit_and_differ() -> None:
    rows = [factories.deliverable_row("Plans", key="k" * 60) for _ in range(3)]
    edition = write_review(owner=None, review=None, edition=WORDS, deliverables=rows)
    keys = [each.key for each in edition.deliverables.all()]
    assert len(set(keys)) == 3
    assert max(map(len, keys)) <= 60


def test_description_writes_the_same_again(django_assert_num_queries: Any) -> None:
    edition = factories.edition(3)
    with django_assert_num_queries(2):
        rows = describe_deliverables(edition)
    copy = write_review(owner=None, review=None, edition=WORDS, deliverables=rows)
    assert describe_deliverables(copy) == rows
    assert len(rows) == 3
