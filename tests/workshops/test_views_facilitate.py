"""The desk around a session: lists, plans, reviews and moves."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests import factories
from workshops.choices import ScaleKind, StageKind, StageState, WallView
from workshops.models import Edition, Review, Workshop
from workshops.reviewing import SCALE_FIELDS, latest_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    """A facilitator."""
    return factories.facilitator("ann")


@pytest.fixture
def desk(ann: User) -> Client:
    """Her browser."""
    return factories.desk(ann)


# Signing in


def test_sign_in_keeps_the_name_and_says_what_is_wrong() -> None:
    factories.facilitator("ann")
    page = Client().post("/desk/sign-in/", {"login": "an<b>n", "password": "wrong"}).content.decode()
    assert "That name and password do not go together" in page
    assert 'value="an&lt;b&gt;n"' in page
    assert "<title>Error: sign in" in page


def test_sign_in_leads_nowhere_else() -> None:
    factories.facilitator("ann")
    form = {"login": "ann", "password": "open sesame 10", "next": "https://elsewhere.example.org/"}
    assert Client().post("/desk/sign-in/", form).headers["Location"] == "/desk/"


# Workshops


def test_list_has_ones_own_workshops_and_their_states(ann: User, desk: Client) -> None:
    assert "No workshops yet" in desk.get("/desk/").content.decode()
    ready, under_way, closed = (factories.workshop(by=ann, organisation=name) for name in ("Aber", "Bryn", "Cwm"))
    factories.workshop(by=factories.facilitator(), organisation="Elsewhere")
    factories.participant(under_way)
    factories.opened(under_way, StageKind.SCALE)
    factories.opened(closed, StageKind.CLOSED)
    page = desk.get("/desk/").content.decode()
    rows = {row.organisation: page.split(row.organisation)[1].split("</tr>")[0] for row in (ready, under_way, closed)}
    assert "Elsewhere" not in page
    assert "Ready" in rows["Aber"]
    assert "Under way" in rows["Bryn"]
    assert "Closed" in rows["Cwm"]
    assert "Read the journal" in rows["Cwm"]
    assert "Read the journal" not in rows["Bryn"]
    assert ready.spaced_code in rows["Aber"]
    assert '<td class="num is-extra">1</td>' in rows["Bryn"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(
    django_assert_num_queries: Any, ann: User, desk: Client, rows: int
) -> None:
    for _ in range(rows):
        factories.participant(factories.workshop(by=ann))
    with django_assert_num_queries(3):
        assert desk.get("/desk/").content.decode().count("Run it") == rows


def test_workshop_is_planned_from_a_review(ann: User, desk: Client) -> None:
    edition = factories.edition()
    page = desk.get("/desk/new/", {"review": edition.review_id}).content.decode()
    assert f'<option value="{edition.review_id}" selected>' in page
    form = {"review": edition.review_id, "organisation": "Aber", "date": "2026-09-01", "groups": "One\n\n Two \nOne"}
    planned = desk.post("/desk/new/", form)
    of = Workshop.objects.get()
    assert planned.headers["Location"] == reverse("desk", args=[of.code])
    assert (of.organisation, of.edition, str(of.date)) == ("Aber", edition, "2026-09-01")
    assert [group.name for group in of.groups.all()] == ["One", "Two"]
    assert [row.user for row in of.facilitators.all()] == [ann]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"organisation": ""}, "Organisation: This field is required"),
        ({"date": "soon"}, "Date: Enter a valid date"),
        ({"review": "0"}, "Review: Select a valid choice"),
        ({"groups": "\n".join(map(str, range(21)))}, "Name at most 20 groups"),
        ({"groups": "x" * 61}, "Keep each group’s name to 60 characters"),
    ],
)
def test_plan_with_a_mistake_says_which_and_keeps_the_rest(
    desk: Client, changes: dict[str, str], sentence: str
) -> None:
    form = {"review": str(factories.edition().review_id), "organisation": "Aber", "date": "2026-09-01"} | changes
    page = desk.post("/desk/new/", form).content.decode()
    assert sentence in page.replace("&#x27;", "’").replace("'", "’")
    assert "<title>Error: new workshop" in page
    assert not Workshop.objects.exists()


def test_review_of_another_facilitator_cannot_be_planned(desk: Client) -> None:
    theirs = factories.edition(owner=factories.facilitator()).review
    form = {"review": theirs.pk, "organisation": "Aber", "date": "2026-09-01"}
    assert "Select a valid choice" in desk.post("/desk/new/", form).content.decode()
    assert not Workshop.objects.exists()


# Reviews


def written(deliverables: int, **changes: str) -> dict[str, str]:
    """Return the form of a review with so many deliverables, as a browser sends it."""
    form = {"title": "Our review", "imperative_question": "What next?", "threshold": "4", "save": "1"}
    form |= {"deliverables-TOTAL_FORMS": str(deliverables), "deliverables-INITIAL_FORMS": "0"}
    for n in range(deliverables):
        row = {"key": "", "name": f"Deliverable {n + 1}", "short_name": "", "lead": "", "ORDER": str(n + 1)}
        row |= {f"{kind}_{field}": f"{field} {n}" for kind in ScaleKind for field in SCALE_FIELDS}
        form |= {f"deliverables-{n}-{name}": value for name, value in row.items()}
    return form | changes


def test_list_of_reviews_has_the_shared_and_ones_own(ann: User, desk: Client) -> None:
    assert "No reviews yet" in desk.get("/desk/reviews/").content.decode()
    shared = factories.workshop(by=ann).edition.review
    own = factories.edition(owner=ann).review
    theirs = factories.edition(owner=factories.facilitator()).review
    Review.objects.filter(pk=theirs.pk).update(title="Of somebody else")
    page = desk.get("/desk/reviews/").content.decode()
    assert "Of somebody else" not in page
    assert "Shared by everyone here, 1 edition, 1 workshop of yours" in page
    assert "Yours, 1 edition, 0 workshops of yours" in page
    assert reverse("workshops:edit_review", args=[own.pk]) in page
    assert reverse("workshops:edit_review", args=[shared.pk]) not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_reviews_takes_as_many_queries_for_three_as_for_one(
    django_assert_num_queries: Any, desk: Client, rows: int
) -> None:
    for _ in range(rows):
        factories.edition()
    with django_assert_num_queries(4):
        assert desk.get("/desk/reviews/").content.decode().count("Half way there") >= rows


def test_review_is_written_from_nothing(ann: User, desk: Client) -> None:
    page = desk.get("/desk/reviews/new/").content.decode()
    assert "Write a review" in page
    assert "A new deliverable" in page
    assert desk.post("/desk/reviews/new/", written(2)).headers["Location"] == "/desk/reviews/"
    review = Review.objects.get()
    assert (review.owner, review.title, latest_edition(review).threshold) == (ann, "Our review", 4)
    assert [each.name for each in latest_edition(review).deliverables.all()] == ["Deliverable 1", "Deliverable 2"]


@pytest.mark.parametrize("threshold", ["2", "21"])
def test_review_shows_no_fewer_together_than_three(desk: Client, threshold: str) -> None:
    page = desk.post("/desk/reviews/new/", written(1, threshold=threshold)).content.decode()
    assert "Choose a number from 3 to 20." in page
    assert f'value="{threshold}"' in page
    assert not Review.objects.exists()


def test_review_asks_what_one_point_higher_is_when_that_is_ticked(desk: Client) -> None:
    assert 'aria-describedby="id_asks_higher_helptext"' in desk.get("/desk/reviews/new/").content.decode()
    desk.post("/desk/reviews/new/", written(1, asks_higher="on"))
    review = Review.objects.get()
    assert latest_edition(review).asks_higher
    edit = reverse("workshops:edit_review", args=[review.pk])
    box = re.search(r"<input[^>]*asks_higher[^>]*>", desk.get(edit).content.decode())
    assert box
    assert "checked" in box[0]
    opened = factories.planned(latest_edition(review))
    factories.opened(opened, StageKind.SCALE)
    desk.post(edit, written(1))
    assert not latest_edition(review).asks_higher
    opened.edition.refresh_from_db()
    assert opened.edition.asks_higher


def test_copy_starts_from_the_words_of_another(desk: Client) -> None:
    source = factories.edition()
    page = desk.get("/desk/reviews/new/", {"copy": source.review_id}).content.decode()
    assert 'value="Half way there"' in page
    assert 'value="Deliverable 2"' in page
    assert desk.get("/desk/reviews/new/", {"copy": "0"}).status_code == 404
    assert "A new deliverable" in desk.get("/desk/reviews/new/", {"copy": "9" * 5000}).content.decode()


def test_review_of_others_cannot_be_copied(desk: Client) -> None:
    theirs = factories.edition(owner=factories.facilitator()).review
    assert desk.get("/desk/reviews/new/", {"copy": theirs.pk}).status_code == 404


def test_deliverables_are_put_in_order_and_taken_out(desk: Client) -> None:
    changes = {"deliverables-0-ORDER": "4", "deliverables-1-DELETE": "on"}
    desk.post("/desk/reviews/new/", written(3, **changes))
    assert [each.name for each in Edition.objects.get().deliverables.all()] == ["Deliverable 3", "Deliverable 1"]


def test_add_gives_one_more_and_saves_nothing(desk: Client) -> None:
    form = written(1, **{"deliverables-0-name": "Typed <b>"}) | {"add": "1"}
    form.pop("save")
    page = desk.post("/desk/reviews/new/", form).content.decode()
    assert 'name="deliverables-TOTAL_FORMS" value="2"' in page
    assert "Typed &lt;b&gt;" in page
    assert "Not saved yet" not in page
    assert not Review.objects.exists()
    full = desk.post("/desk/reviews/new/", written(12) | {"add": "1"}).content.decode()
    assert 'name="deliverables-TOTAL_FORMS" value="12"' in full


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Title on the journal: This field is required"),
        ({"deliverables-0-name": ""}, "Deliverable 1, Name: This field is required"),
        ({"deliverables-1-being_anchor_ten": ""}, "Deliverable 2, 10 means: This field is required"),
        (
            {"deliverables-0-progress_short_zero": "x" * 27},
            "Deliverable 1, 0 in short: Ensure this value",
        ),
        ({"deliverables-0-DELETE": "on", "deliverables-1-DELETE": "on"}, "A review needs at least one deliverable"),
    ],
)
def test_review_with_a_mistake_says_which(desk: Client, changes: dict[str, str], sentence: str) -> None:
    page = desk.post("/desk/reviews/new/", written(2, **changes)).content.decode()
    assert sentence in page
    assert "<title>Error: review not saved" in page
    assert not Review.objects.exists()


def test_own_review_is_changed_until_a_workshop_opens_it(ann: User, desk: Client) -> None:
    of = factories.workshop(by=ann)
    review = of.edition.review
    Review.objects.filter(pk=review.pk).update(owner=ann)
    path = reverse("workshops:edit_review", args=[review.pk])
    assert "You can change it until a workshop has opened it" in desk.get(path).content.decode()
    desk.post(path, written(1))
    assert review.editions.get().title == "Our review"
    factories.opened(of, StageKind.SCALE)
    assert "A workshop has opened edition 1, so it stays as it is" in desk.get(path).content.decode()
    desk.post(path, written(3))
    assert [each.number for each in review.editions.all()] == [1, 2]


# Moves


def test_moves_are_made_by_who_signed_in(ann: User, desk: Client) -> None:
    of = factories.workshop(by=ann)
    stage = factories.stage(of, StageKind.SCALE)
    for name, state in (
        ("move_to", StageState.OPEN),
        ("reveal", StageState.REVEALED),
        ("cover", StageState.OPEN),
    ):
        made = desk.post(reverse(f"workshops:{name}", args=[of.code, stage.pk]))
        assert made.headers["Location"] == reverse("desk", args=[of.code])
        stage.refresh_from_db()
        assert stage.state == state
    assert {move.user for move in stage.moves.all()} == {ann}
    assert stage.moves.count() == 3


def test_move_that_was_overtaken_changes_nothing(ann: User, desk: Client) -> None:
    of = factories.workshop(by=ann)
    stage = factories.stage(of, StageKind.SCALE)
    made = desk.post(reverse("workshops:reveal", args=[of.code, stage.pk]))
    stage.refresh_from_db()
    assert (made.status_code, stage.state) == (302, StageState.WAITING)


@pytest.mark.parametrize(
    ("view", "page", "kept"),
    [
        ("comments", "2", (WallView.COMMENTS, 2)),
        ("comments", "", (WallView.STRIP, 1)),
        ("comments", "-1", (WallView.STRIP, 1)),
        ("comments", "1000", (WallView.STRIP, 1)),
        ("comments", "9" * 5000, (WallView.STRIP, 1)),
        ("comments", "²", (WallView.STRIP, 1)),
        ("map", "1", (WallView.STRIP, 1)),
        ("nothing", "1", (WallView.STRIP, 1)),
        ("", "1", (WallView.STRIP, 1)),
    ],
)
def test_wall_shows_what_was_chosen_where_it_can(
    ann: User, desk: Client, view: str, page: str, kept: tuple[WallView, int]
) -> None:
    of = factories.workshop(by=ann)
    factories.revealed(of, StageKind.SCALE)
    assert desk.post(reverse("workshops:show", args=[of.code]), {"view": view, "page": page}).status_code == 302
    of.refresh_from_db()
    assert (of.wall_view, of.wall_page) == kept
