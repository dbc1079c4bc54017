"""The pages of a participant's phone, with htmx and without JavaScript."""

import re
from typing import Any

import pytest
from django.test import Client

from ratings.authorship import author_of, signed
from ratings.choices import COMMENT_MAX, IMPERATIVE_MAX, Asked
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Participant, Stage, Workshop
from workshops.sessions import reveal_stage

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LARGEST_SAVE = 3_000  # bytes
SENDS: dict[StageKind, tuple[str, dict[str, Any]]] = {
    StageKind.SCALE: ("ratings:save_score", {"value": "7", "mark": "well", "text": "Words <b>as typed</b>"}),
    StageKind.RAG: ("ratings:save_rag", {"value": "A"}),
    StageKind.IMPERATIVES: ("ratings:save_imperatives", {"text_1": "First <b>as typed</b>", "text_2": "Second"}),
    StageKind.PRIORITIES: ("ratings:save_votes", {"imperative": []}),
}
REFUSED: dict[StageKind, tuple[dict[str, Any], str]] = {
    StageKind.SCALE: ({"value": "11", "text": "Words <b>as typed</b>"}, "Choose a number from 0 to 10"),
    StageKind.RAG: ({"value": "B"}, "Choose red, amber or green"),
    StageKind.IMPERATIVES: ({"text_1": " ", "text_2": ""}, "Write one thing that must happen"),
    StageKind.PRIORITIES: ({"imperative": ["0"]}, "One of these is no longer in the list"),
}
ANSWERED = list(SENDS)


class At:
    """A workshop of one deliverable at an open stage, a phone in it, and where the phone sends."""

    def __init__(self, kind: StageKind) -> None:
        self.of = factories.workshop(deliverables=1)
        self.imperatives = [factories.imperative(self.of, f"Imperative {n}") for n in range(1, 5)]
        self.stage = factories.opened(self.of, kind)
        self.phone = factories.phone(self.of)
        name, values = SENDS[kind]
        self.path = address(name, self.of, at=self.stage)
        self.values: dict[str, Any] = dict(values)
        if kind == StageKind.PRIORITIES:
            self.values["imperative"] = [str(row.pk) for row in self.imperatives[:3]]

    def page(self) -> str:
        """Return the phone's page."""
        return self.phone.get(address("phone", self.of)).content.decode()

    def send(self, values: dict[str, Any] | None = None, *, htmx: bool = False) -> Any:
        """Send these values, or an answer that is taken."""
        return self.phone.post(self.path, self.values if values is None else values, headers=HTMX if htmx else {})

    def me(self) -> Participant:
        """Return the phone's participant."""
        return factories.holder(self.phone, self.of)


def checked(page: str, kind: str) -> list[str]:
    """Return the values of the inputs of a kind that are chosen on a page."""
    return [
        re.findall(r'value="([^"]*)"', tag)[0] for tag in re.findall(rf'<input[^>]*type="{kind}"[^>]* checked>', page)
    ]


def counts() -> list[int]:
    """Return how many of each answer there are from phones."""
    kept: list[Any] = [Score, Comment, RagRating, Imperative]
    return [*(model.objects.exclude(author=None).count() for model in kept), Vote.objects.count()]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (StageKind.LOBBY, "You are in"),
        (StageKind.SCALE, "How close are we to the words beside 10, today?"),
        (StageKind.RAG, "Your overall rating"),
        (StageKind.TOGETHER, "Look up"),
        (StageKind.MAP, "Look up"),
        (StageKind.IMPERATIVES, "What must happen next?"),
        (StageKind.PRIORITIES, "Place your three dots"),
        (StageKind.CLOSED, "The workshop has closed"),
    ],
)
def test_late_joiner_lands_on_the_open_stage(kind: StageKind, words: str) -> None:
    of = factories.workshop(deliverables=1)
    if kind != StageKind.LOBBY:
        factories.opened(of, kind)
    phone = factories.phone(of)
    page = phone.get(address("phone", of)).content.decode()
    assert words in page
    assert ('http-equiv="refresh"' in page) is (kind not in ANSWERED)
    card = phone.get(address("ratings:open_card", of)).content.decode()
    assert words in card
    assert card.lstrip().startswith('<div id="card"')


def test_second_scale_asks_the_other_question() -> None:
    of = factories.workshop(deliverables=1)
    factories.opened(of, StageKind.SCALE, n=2)
    page = factories.phone(of).get(address("phone", of)).content.decode()
    assert "Are we moving towards the words beside 10?" in page
    assert "Question 2 of 3" in page


def test_lobby_counts_people() -> None:
    of = factories.workshop()
    phone = factories.phone(of)
    assert "<strong>1 person</strong> is here" in phone.get(address("phone", of)).content.decode()
    factories.participant(of)
    assert "<strong>2 people</strong> are here" in phone.get(address("phone", of)).content.decode()


def test_priorities_without_imperatives_say_so() -> None:
    of = factories.workshop(deliverables=1)
    factories.opened(of, StageKind.PRIORITIES)
    page = factories.phone(of).get(address("phone", of)).content.decode()
    assert "Nobody has named anything yet" in page


@pytest.mark.parametrize("kind", ANSWERED)
def test_answer_is_kept_and_stands_on_the_page_without_javascript(kind: StageKind) -> None:
    at = At(kind)
    before = at.page()
    assert checked(before, "radio") == checked(before, "checkbox") == []
    assert "Save the change" not in before
    assert at.send().headers["Location"] == address("phone", at.of)
    page = at.page()
    assert "Save the change" in page
    assert "as typed</b>" not in page
    if kind == StageKind.SCALE:
        assert checked(page, "radio") == ["7", "well"]
        assert "Words &lt;b&gt;as typed&lt;/b&gt;</textarea>" in page
    elif kind == StageKind.RAG:
        assert checked(page, "radio") == ["A"]
    elif kind == StageKind.IMPERATIVES:
        assert "First &lt;b&gt;as typed&lt;/b&gt;</textarea>" in page
    else:
        assert sorted(checked(page, "checkbox")) == sorted(at.values["imperative"])


@pytest.mark.parametrize("kind", ANSWERED)
def test_save_with_htmx_is_one_small_answer(kind: StageKind) -> None:
    at = At(kind)
    answer = at.send(htmx=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Saved at" in page
    assert "<html" not in page
    assert '<div class="dock" id="dock">' in page
    assert "<textarea" not in page
    assert len(answer.content) < LARGEST_SAVE


@pytest.mark.parametrize("kind", ANSWERED)
def test_answer_sent_twice_counts_once(kind: StageKind) -> None:
    at = At(kind)
    at.send()
    once = counts()
    at.send(htmx=True)
    assert counts() == once
    assert sum(once) >= 1


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("kind", ANSWERED)
def test_refused_answer_says_why_and_keeps_what_was_typed(kind: StageKind, htmx: bool) -> None:
    at = At(kind)
    values, why = REFUSED[kind]
    answer = at.send(values, htmx=htmx)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert why in page
    assert "Saved" not in page
    assert counts() == [0, 0, 0, 0, 0]
    if not htmx:
        assert "<title>Error: not saved yet" in page
        assert ("Words &lt;b&gt;as typed&lt;/b&gt;</textarea>" in page) is (kind == StageKind.SCALE)


def test_fourth_dot_is_sent_back_with_all_four_still_chosen() -> None:
    at = At(StageKind.PRIORITIES)
    four = [str(row.pk) for row in at.imperatives]
    page = at.send({"imperative": four}).content.decode()
    assert "You chose 4. Keep three dots" in page
    assert sorted(checked(page, "checkbox")) == sorted(four)
    assert Vote.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "field", "most"),
    [(StageKind.SCALE, "text", COMMENT_MAX), (StageKind.IMPERATIVES, "text_1", IMPERATIVE_MAX)],
)
def test_words_of_the_greatest_length_are_kept_and_one_more_is_sent_back(
    kind: StageKind, field: str, most: int
) -> None:
    at = At(kind)
    long = "a" * (most - 2) + "\r\nb"  # a line break counts as one, as in a browser
    page = at.send(at.values | {field: long + "c"}).content.decode()
    assert f"{most + 1} characters" in page
    assert long[:most] in page.replace("\n", "\r\n").replace("\r\r", "\r")
    assert at.send(at.values | {field: long}).status_code == 302
    kept = (
        Comment.objects.get().text
        if field == "text"
        else Imperative.objects.get(author=author_of(at.me(), Imperative), slot=1).text
    )
    assert kept == long.replace("\r\n", "\n")


@pytest.mark.parametrize("kind", ANSWERED)
def test_closed_question_refuses_kindly_and_shows_the_words_to_copy(kind: StageKind) -> None:
    at = At(kind)
    reveal_stage(stage=at.stage, user=None)
    page = at.send().content.decode()
    assert "This question has closed" in page
    assert "closed before your answer arrived, so it was not saved" in page
    words = re.findall(r"data-kept-words>([^<]*)<", page)
    assert words == {
        StageKind.SCALE: ["Words &lt;b&gt;as typed&lt;/b&gt;"],
        StageKind.IMPERATIVES: ["First &lt;b&gt;as typed&lt;/b&gt;", "Second"],
    }.get(kind, [])
    assert counts() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("kind", [StageKind.SCALE, StageKind.IMPERATIVES])
def test_form_with_a_mistake_for_a_closed_question_keeps_its_words_too(kind: StageKind) -> None:
    at = At(kind)
    factories.opened(at.of, StageKind.RAG)
    values = {"value": "", "text": "Typed late", "text_1": "Typed late", "text_2": "x" * 999}
    page = at.send(values).content.decode()
    assert "This question has closed" in page
    assert re.findall(r"data-kept-words>([^<]*)<", page)[0] == "Typed late"


@pytest.mark.parametrize("kind", ANSWERED)
def test_closed_question_with_htmx_leaves_the_form_in_place(kind: StageKind) -> None:
    at = At(kind)
    factories.opened(at.of, StageKind.MAP)
    answer = at.send(htmx=True)
    page = answer.content.decode()
    assert "closed before your answer arrived" in page
    assert "Saved" not in page
    assert "<textarea" not in page
    assert len(answer.content) < LARGEST_SAVE
    assert counts() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("value", ["unsure", "0"])
def test_cant_say_and_zero_are_two_answers(value: str) -> None:
    at = At(StageKind.SCALE)
    at.send({"value": value})
    assert checked(at.page(), "radio") == [value]
    assert Score.objects.get().value == (None if value == "unsure" else 0)
    answers = at.phone.get(address("ratings:answers", at.of)).content.decode()
    assert ("Can’t say" in answers) is (value == "unsure")


def test_cant_say_of_a_rag_is_kept_as_such() -> None:
    at = At(StageKind.RAG)
    at.send({"value": "unsure"})
    assert RagRating.objects.get().value == ""
    assert checked(at.page(), "radio") == ["unsure"]


def test_imperatives_keep_their_deliverables() -> None:
    at = At(StageKind.IMPERATIVES)
    pk = str(at.of.edition.deliverables.get().pk)
    at.send({"text_1": "First", "deliverables_1": [pk], "text_2": "Second"})
    assert checked(at.page(), "checkbox") == [pk]


def test_imperatives_stand_in_an_order_of_each_phones_own() -> None:
    of = factories.workshop(deliverables=1)
    for n in range(12):
        factories.imperative(of, f"Imperative {n}")
    factories.opened(of, StageKind.PRIORITIES)
    orders = set()
    for phone in [factories.phone(of) for _ in range(4)]:
        texts = re.findall(
            r'<span dir="auto">(Imperative \d+)</span>', phone.get(address("phone", of)).content.decode()
        )
        again = re.findall(
            r'<span dir="auto">(Imperative \d+)</span>', phone.get(address("ratings:open_card", of)).content.decode()
        )
        assert texts == again
        assert len(set(texts)) == 12
        orders.add(tuple(texts))
    assert len(orders) > 1


def test_two_tabs_of_one_phone_are_one_participant() -> None:
    at = At(StageKind.SCALE)
    tab = Client()
    tab.cookies.update(at.phone.cookies)
    at.send({"value": "3"})
    tab.post(at.path, {"value": "9"})
    assert Score.objects.get().value == 9


def test_answers_page_shows_what_was_given_and_what_was_not() -> None:
    at = At(StageKind.SCALE)
    at.send()
    page = at.phone.get(address("ratings:answers", at.of)).content.decode()
    assert "<dd>7" in page
    assert "Words &lt;b&gt;as typed&lt;/b&gt;" in page
    assert ">Change</a>" in page
    assert page.count("Not yet open") == 2
    factories.opened(at.of, StageKind.RAG)
    factories.opened(at.of, StageKind.IMPERATIVES)
    page = at.phone.get(address("ratings:answers", at.of)).content.decode()
    assert "No answer" in page
    assert ">Change</a>" not in page


def test_answers_page_shows_imperatives_and_dots() -> None:
    at = At(StageKind.IMPERATIVES)
    at.send()
    factories.opened(at.of, StageKind.PRIORITIES)
    votes = address("ratings:save_votes", at.of)
    at.phone.post(votes, {"imperative": [at.imperatives[0].pk]})
    page = at.phone.get(address("ratings:answers", at.of)).content.decode()
    assert "Second</p>" in page
    assert "Your dots" in page
    assert "Imperative 1</p>" in page


def at_with(people: int, *, answered: bool) -> tuple[Workshop, Stage, Client]:
    """Return a workshop at its first scale, scored by so many people, and a phone among them."""
    of = factories.workshop(deliverables=1)
    stage = factories.opened(of, StageKind.SCALE)
    phone = factories.phone(of)
    for each in [factories.participant(of) for _ in range(people - 1)]:
        Score.objects.create(
            workshop=of, scale=factories.scale(of), value=5, **signed(each, Score, factories.scale(of).pk)
        )
        Comment.objects.create(
            workshop=of,
            scale=factories.scale(of),
            text="Words",
            **signed(each, Comment, factories.scale(of).pk, Asked.WHY),
        )
    if answered:
        phone.post(address("ratings:save_score", of, at=stage), {"value": "4", "text": "Mine"})
    return of, stage, phone


@pytest.mark.parametrize("people", [1, 3, 50])
@pytest.mark.parametrize(("answered", "queries"), [(False, 5), (True, 6)])
def test_rating_page_takes_as_many_queries_for_fifty_as_for_one(
    django_assert_num_queries: Any, people: int, answered: bool, queries: int
) -> None:
    of, _, phone = at_with(people, answered=answered)
    path = address("phone", of)
    with django_assert_num_queries(queries):
        assert phone.get(path).status_code == 200


@pytest.mark.parametrize("people", [1, 3, 50])
@pytest.mark.parametrize(("text", "answered", "queries"), [("", False, 6), ("New", False, 7), ("Mine", True, 6)])
def test_save_takes_as_many_queries_for_fifty_as_for_one(
    django_assert_num_queries: Any, people: int, text: str, answered: bool, queries: int
) -> None:
    of, stage, phone = at_with(people, answered=answered)
    path = address("ratings:save_score", of, at=stage)
    with django_assert_num_queries(queries):
        answer = phone.post(path, {"value": "4", "text": text}, headers=HTMX)
    assert "Saved at" in answer.content.decode()
