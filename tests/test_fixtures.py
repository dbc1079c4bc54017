"""What a new installation starts with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count

from eip2review.examples import DEFAULT_REVIEW, ILLUSTRATION, load_default_review, load_example
from ratings.choices import COMMENT_MAX, IMPERATIVE_MAX, VOTES_EACH, CommentState, Mark, Source
from ratings.likeness import groups_alike
from ratings.management.commands.rehearse import SENTENCES
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.names import find_names
from ratings.summaries import summarise_workshop
from workshops.choices import StageKind, StageState, WallView
from workshops.joining import count_people
from workshops.models import Deliverable, Edition, Participant, Review, Scale, Stage, StageMove, Workshop
from workshops.reviewing import describe_deliverables, write_review

pytestmark = pytest.mark.django_db

EVERYTHING = (
    Review,
    Edition,
    Deliverable,
    Scale,
    Workshop,
    Stage,
    StageMove,
    Participant,
    Score,
    Comment,
    Imperative,
    Vote,
)


@pytest.fixture
def facilitator() -> User:
    """Somebody to run the examples."""
    return User.objects.create_user("ada")


def test_default_review_is_as_it_was_agreed() -> None:
    call_command("loaddata", DEFAULT_REVIEW, verbosity=0)
    edition = Edition.objects.get()

    assert (edition.number, edition.review.owner, edition.review.title) == (1, None, edition.title)
    assert [(row.key, row.name) for row in edition.deliverables.all()] == [
        ("safety-planning-and-networks", "Safety planning and networks"),
        ("alignment-of-forms-and-processes", "Alignment of forms and processes"),
        ("qa-alignment", "QA alignment"),
    ]
    assert [scale.kind for row in edition.deliverables.all() for scale in row.scales.all()] == ["being", "progress"] * 3
    assert all(row.short_name and row.lead.count(".") == 1 for row in edition.deliverables.all())


def test_default_review_fits_its_fields() -> None:
    for record in serializers.deserialize("json", DEFAULT_REVIEW.read_text()):
        record.object.full_clean(validate_unique=False, exclude=["review", "edition", "deliverable"])
        if isinstance(record.object, Scale):
            assert all((record.object.short_ten, record.object.short_zero))


def test_default_review_is_the_same_by_loaddata_and_by_code() -> None:
    call_command("loaddata", DEFAULT_REVIEW, verbosity=0)
    by_loaddata = load_default_review()
    described = describe_deliverables(by_loaddata)
    Review.objects.all().delete()
    by_code = load_default_review()

    assert by_code.pk != by_loaddata.pk
    assert describe_deliverables(by_code) == described
    assert (by_code.title, by_code.epigraph) == (by_loaddata.title, by_loaddata.epigraph)


def test_default_review_does_not_touch_a_review_that_came_first(facilitator: User) -> None:
    mine = write_review(owner=facilitator, review=None, edition={"title": "Mine"}, deliverables=[])
    default = load_default_review()

    assert default.pk != mine.pk
    assert Edition.objects.get(pk=mine.pk).title == "Mine"


def test_load_example_makes_one_closed_and_one_ready_workshop(facilitator: User) -> None:
    closed, ready = load_example(facilitator=facilitator)

    assert closed.is_closed
    assert closed.wall_view == WallView.THANKS
    assert not closed.stages.filter(kind=StageKind.SCALE, revealed_at=None).exists()
    assert ready.stages.get(state=StageState.OPEN).kind == StageKind.LOBBY
    assert closed.edition == ready.edition
    assert all("(illustrative)" in workshop.organisation for workshop in (closed, ready))
    assert Workshop.objects.of(facilitator.pk).count() == 2
    assert ready.groups.count() == 4
    assert not ready.participants.exists()


def test_load_example_gives_everybody_an_answer_to_everything(facilitator: User) -> None:
    closed, _ = load_example(facilitator=facilitator)
    people = count_people(closed)

    assert people == 26
    scores = Score.objects.filter(workshop=closed)
    groups = scores.values_list("group__name").annotate(n=Count("pk")).order_by("group__position")
    assert [*groups] == [(None, 6 * (6 + 5)), ("Assessment and duty", 6 * 8), ("Family support", 6 * 7)]
    assert Score.objects.filter(workshop=closed).count() == 6 * people
    assert RagRating.objects.filter(workshop=closed).count() == 3 * people
    assert not Comment.objects.exclude(state=CommentState.SHOWN, source=Source.PHONE).exists()
    per_scale = Comment.objects.values("scale").annotate(n=Count("pk"), marks=Count("mark", distinct=True))
    assert all(8 <= row["n"] <= 12 and row["marks"] == 4 for row in per_scale)
    assert len(per_scale) == 6
    assert (VOTES_EACH - 1) * people <= Vote.objects.count() <= VOTES_EACH * people
    told = json.loads(ILLUSTRATION.read_text())["imperatives"]
    counted = Imperative.objects.annotate(n=Count("votes")).values_list("text", "n")
    assert dict(counted) == {row["text"]: row["votes"] for row in told}


def test_load_example_has_scales_of_different_shapes(facilitator: User) -> None:
    closed, _ = load_example(facilitator=facilitator)
    summary = summarise_workshop(closed, revealed_only=True)
    scales = [scale for row in summary.deliverables for _, scale in row.scales]

    assert len({scale.counts for scale in scales}) == 6
    assert len({scale.spread for scale in scales}) == 6
    assert sum(scale.cant_say for scale in scales) > 5
    assert all(row.rag.n + row.rag.cant_say == 26 for row in summary.deliverables)


def test_load_example_again_changes_nothing(facilitator: User) -> None:
    def everything() -> list[Any]:
        return [list(model._default_manager.order_by("pk").values()) for model in EVERYTHING]

    load_example(facilitator=facilitator)
    before = everything()
    load_example(facilitator=facilitator)

    assert everything() == before


def test_load_example_prints_the_codes(facilitator: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_example", facilitator="ada")
    closed, ready = Workshop.objects.order_by("pk")

    assert capsys.readouterr().out.splitlines() == [
        f"Carreg Bay Council (illustrative), closed: {closed.code}",
        f"Glanmor Council (illustrative), ready to run: {ready.code}",
    ]


def test_load_example_for_nobody_is_refused() -> None:
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        call_command("load_example", facilitator="nobody")

    assert not Review.objects.exists()


def test_rehearsal_words_fit_a_phone() -> None:
    sentences = json.loads(SENTENCES.read_text())

    assert set(sentences) == {*Mark.values, "plain", "imperatives"}
    for kind, said in sentences.items():
        assert len(said) == len(set(said)) >= 10
        assert max(map(len, said)) <= (IMPERATIVE_MAX if kind == "imperatives" else COMMENT_MAX)


def test_rehearsal_has_imperatives_to_put_together_and_one_to_decide_about() -> None:
    named = json.loads(SENTENCES.read_text())["imperatives"]

    assert [len(group) for group in groups_alike(named)] == [2, 2]
    assert len([text for text in named if find_names(text)]) == 1
