"""What one point higher would look like: asked after the reveal of a scale, gathered like comments."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from ratings.answers import answers_so_far
from ratings.cards import participant_card, render_phone_fragment
from ratings.choices import COMMENT_MAX, Asked, CommentState
from ratings.deciding import show_new_comments
from ratings.desk import read_panel
from ratings.models import Comment
from ratings.rehearsal import remove_rehearsal
from ratings.scoring import record_higher, record_score
from ratings.wall import WallPainter, approved_comments
from tests import factories
from tests.ratings.test_rehearsal import SENTENCES, joined_player
from tests.routes import address
from workshops.choices import StageKind, WallView
from workshops.joining import find_participant
from workshops.models import Participant, Stage, Workshop
from workshops.sessions import StageClosed, open_stage, show_on_wall, take_down, wall_views

pytestmark = pytest.mark.django_db

QUESTION = "What would one point higher look like?"
WORDS = "Two teams try it"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def of() -> Workshop:
    """A workshop of one deliverable that asks; nobody has joined it, three papers rated its first scale."""
    workshop = factories.workshop(deliverables=1, asks_higher=True)
    factories.scores(workshop, factories.scale(workshop), 2, 3, 9)
    return workshop


@pytest.fixture
def seen(of: Workshop) -> Stage:
    """Its first scale, which the room looks at."""
    return factories.revealed(of, StageKind.SCALE)


@pytest.fixture
def me(of: Workshop) -> Participant:
    return factories.participant(of)


def say(participant: Participant, stage: Stage, text: str) -> None:
    """Say it as a phone does; the workshop is read anew, as in a request."""
    assert stage.scale is not None
    me = factories.afresh(participant)
    record_higher(participant=me, scale=stage.scale, text=text)


def said() -> list[tuple[str, str]]:
    """Return every comment there is, and how it is kept."""
    return list(Comment.objects.filter(asked=Asked.HIGHER).values_list("text", "state"))


def higher_url(of: Workshop) -> str:
    return address("ratings:save_higher", of)


# Saving


def test_answer_is_kept_changed_and_taken_back_apart_from_the_comment(of: Workshop, me: Participant) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    assert stage.scale is not None
    record_score(participant=me, scale=stage.scale, value=4, text="Why I say so")
    stage = factories.revealed(of, StageKind.SCALE)
    say(me, stage, WORDS)
    say(me, stage, WORDS)
    assert said() == [(WORDS, CommentState.NEW)]
    show_new_comments(workshop=of, comments=[Comment.objects.get(asked=Asked.HIGHER).pk], user=None)
    say(me, stage, WORDS)
    assert said() == [(WORDS, CommentState.SHOWN)]
    say(me, stage, "Three teams try it")
    assert said() == [("Three teams try it", CommentState.NEW)]
    say(me, stage, "")
    assert list(Comment.objects.values_list("text", flat=True)) == ["Why I say so"]


def test_answer_that_may_name_somebody_is_held(of: Workshop, seen: Stage, me: Participant) -> None:
    say(me, seen, "Ask Megan how she did it")
    assert said() == [("Ask Megan how she did it", CommentState.HELD)]
    assert Comment.objects.get().flagged


def not_asked(of: Workshop) -> None:
    of.edition.asks_higher = False
    of.edition.save()


def taken_down(of: Workshop) -> None:
    take_down(stage=factories.stage(of, StageKind.SCALE), user=None)


def gone_on(of: Workshop) -> None:
    factories.opened(of, StageKind.SCALE, n=2)


def closed(of: Workshop) -> None:
    factories.opened(of, StageKind.CLOSED)


NOT_NOW = pytest.mark.parametrize("happens", [not_asked, taken_down, gone_on, closed])


@NOT_NOW
def test_nothing_is_taken_unless_the_room_looks_at_it(
    happens: Callable[[Workshop], None], of: Workshop, seen: Stage, me: Participant
) -> None:
    happens(of)
    with pytest.raises(StageClosed):
        say(me, seen, WORDS)
    assert said() == []


def test_open_question_takes_no_answer_to_the_one_that_follows(of: Workshop, me: Participant) -> None:
    with pytest.raises(StageClosed):
        say(me, factories.opened(of, StageKind.SCALE), WORDS)


# The phone


def test_phone_asks_below_the_picture_and_nowhere_else(of: Workshop, seen: Stage) -> None:
    phone = factories.phone(of)
    page = phone.get(address("phone", of)).content.decode()
    assert QUESTION in page
    assert f'data-stage="{seen.pk}-higher"' in page
    assert 'http-equiv="refresh"' not in page  # it would take the words being typed
    assert QUESTION in phone.get(address("ratings:open_card", of)).content.decode()
    for kind in (StageKind.RAG, StageKind.TOGETHER, StageKind.MAP):
        factories.opened(of, kind)
        assert QUESTION not in phone.get(address("phone", of)).content.decode()


def test_phone_asks_nothing_where_the_review_does_not(of: Workshop, seen: Stage) -> None:
    not_asked(of)
    page = factories.phone(of).get(address("phone", of)).content.decode()
    assert QUESTION not in page
    assert 'http-equiv="refresh"' in page


def test_pushed_card_is_the_same_for_all_and_asks_nobody_yet(of: Workshop, seen: Stage, me: Participant) -> None:
    before = render_phone_fragment(Workshop.objects.get(pk=of.pk)).html
    say(me, seen, WORDS)
    after = render_phone_fragment(Workshop.objects.get(pk=of.pk)).html
    assert before == after
    assert '<div id="higher" data-part></div>' in after
    assert QUESTION not in after


def test_phone_shows_what_it_sent_and_no_other_phone_does(of: Workshop, seen: Stage) -> None:
    phone, other = factories.phone(of), factories.phone(of)
    assert phone.post(higher_url(of), {"higher": WORDS}).headers["Location"] == address("phone", of)
    page = phone.get(address("phone", of)).content.decode()
    assert f">{WORDS}</textarea>" in page
    assert "Saved." in page
    assert "Save the change" in page
    for name in ("phone", "ratings:open_card", "ratings:answers"):
        assert WORDS not in other.get(address(name, of)).content.decode()


def test_save_with_script_answers_with_the_dock_alone(of: Workshop, seen: Stage) -> None:
    phone = factories.phone(of)
    answer = phone.post(higher_url(of), {"higher": WORDS}, headers=HTMX)
    assert answer["Midpoint-Answer"] == "saved"
    page = answer.content.decode()
    assert "Saved at" in page
    assert "while the room looks at this" in page
    assert len(answer.content) < 1200
    answer = phone.post(higher_url(of), {"higher": ""}, headers=HTMX)
    assert answer["Midpoint-Answer"] == "saved"
    assert "Nothing from you is saved here." in answer.content.decode()
    assert said() == []


def test_too_many_words_come_back_as_typed(of: Workshop, seen: Stage) -> None:
    phone = factories.phone(of)
    longest = "w" * COMMENT_MAX
    assert phone.post(higher_url(of), {"higher": longest}).status_code == 302
    page = phone.post(higher_url(of), {"higher": longest + "x"}).content.decode()
    assert longest + "x</textarea>" in page
    assert f'<a href="#f-higher">That is too long by a little: {COMMENT_MAX + 1} characters.' in page
    assert "You gave no answer here." in page  # the picture and one's own score are still there
    answer = phone.post(higher_url(of), {"higher": longest + "x"}, headers=HTMX)
    assert answer["Midpoint-Answer"] == "refused"
    assert said() == [(longest, CommentState.NEW)]


@NOT_NOW
def test_what_comes_too_late_is_refused_with_the_words_kept(
    happens: Callable[[Workshop], None], of: Workshop, seen: Stage
) -> None:
    phone = factories.phone(of)
    happens(of)
    page = phone.post(higher_url(of), {"higher": WORDS}).content.decode()
    assert "This question closed before your answer arrived, so it was not saved." in page
    assert f"data-kept-words>{WORDS}<" in page
    answer = phone.post(higher_url(of), {"higher": WORDS}, headers=HTMX)
    assert answer["Midpoint-Answer"] == "closed"
    assert "This question closed before your answer arrived" in answer.content.decode()
    assert said() == []


def test_late_score_does_not_take_what_was_said_since_for_typed(of: Workshop, seen: Stage) -> None:
    phone = factories.phone(of)
    phone.post(higher_url(of), {"higher": WORDS})
    page = phone.post(address("ratings:save_score", of), {"value": "4", "text": "Too late"}).content.decode()
    assert "data-kept-words>Too late<" in page
    assert WORDS not in page


def test_possible_name_is_said_once_to_a_phone_without_script(of: Workshop, seen: Stage) -> None:
    phone = factories.phone(of)
    page = phone.post(higher_url(of), {"higher": "Ask Megan"}).content.decode()
    assert 'Possible name: <strong dir="auto">Megan</strong>' in page
    assert 'href="#f-higher"' in page
    assert said() == []
    assert phone.post(higher_url(of), {"higher": "Ask Megan", "as_it_is": "1"}).status_code == 302
    assert said() == [("Ask Megan", CommentState.HELD)]


def test_open_question_again_has_the_comment_and_not_the_other_answer(of: Workshop, seen: Stage) -> None:
    phone = factories.phone(of)
    phone.post(higher_url(of), {"higher": WORDS})
    take_down(stage=seen, user=None)
    card = participant_card(_holder(phone, of))
    assert (card.answer, card.saved) == ({}, False)
    factories.revealed(of, StageKind.SCALE)
    assert WORDS in phone.get(address("phone", of)).content.decode()  # and is still there when it is shown again


def _holder(phone: Client, of: Workshop) -> Participant:
    participant = find_participant(phone.get(address("phone", of)).wsgi_request, of.code)
    assert participant is not None
    return participant


def test_answers_so_far_list_it_beside_the_comment(of: Workshop, me: Participant) -> None:
    stage = factories.opened(of, StageKind.SCALE)
    assert stage.scale is not None
    record_score(participant=me, scale=stage.scale, value=4, text="Why I say so")
    say(me, factories.revealed(of, StageKind.SCALE), WORDS)
    row, *others = answers_so_far(me).deliverables[0].rows
    assert (row.comment, row.higher) == ("Why I say so", WORDS)
    assert {each.higher for each in others} == {""}
    phone = factories.phone(of)
    phone.post(higher_url(of), {"higher": WORDS})
    page = phone.get(address("ratings:answers", of)).content.decode()
    assert page.index(QUESTION) < page.index(WORDS)


@pytest.mark.parametrize("people", [1, 3])
def test_own_card_takes_a_fixed_number_of_queries(
    people: int, of: Workshop, seen: Stage, me: Participant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(people):
        say(factories.participant(of), seen, WORDS)
    me = factories.afresh(me)
    with django_assert_num_queries(6):
        assert participant_card(me).asks_higher


# The desk and the wall


def test_desk_counts_them_and_lists_them_with_their_question() -> None:
    user = factories.facilitator()
    of = factories.workshop(deliverables=1, by=user, asks_higher=True)
    desk = factories.desk(user)
    factories.scores(of, factories.scale(of), 2)
    factories.comment(of, factories.scale(of), "Why somebody said so")
    stage = factories.opened(of, StageKind.SCALE)
    assert not read_panel(of, user).asks_higher
    assert "One point higher" not in desk.get(address("ratings:tally", of)).content.decode()
    stage = factories.revealed(of, StageKind.SCALE)
    for n in range(2):
        say(factories.participant(of), stage, f"{WORDS} {n}")
    say(factories.participant(of), stage, "Ask Megan")
    panel = read_panel(of, user)
    assert (panel.asks_higher, panel.comment_count, panel.higher_count) == (True, 1, 3)
    page = desk.get(address("desk", of)).content.decode()
    assert "Phones ask what one point higher would look like." in page
    assert "<dt>One point higher</dt><dd>3</dd>" in page
    assert page.count(f"Being at the goal: {QUESTION}") == 3
    for view in (WallView.COMMENTS, WallView.HIGHER):
        show_on_wall(workshop=of, view=view)
        assert "<dt>One point higher</dt><dd>3</dd>" in desk.get(address("ratings:tally", of)).content.decode()
    everything = desk.get(address("ratings:comments", of)).content.decode()
    assert everything.count(f"Deliverable 1, Being at the goal: {QUESTION}") == 3
    assert QUESTION in desk.get(address("ratings:themes", of), follow=True).content.decode()


def test_desk_does_not_say_that_phones_ask_where_they_have_no_picture() -> None:
    user = factories.facilitator()
    of = factories.workshop(deliverables=1, by=user, asks_higher=True)
    factories.revealed(of, StageKind.SCALE)
    assert not read_panel(of, user).asks_higher
    assert QUESTION not in factories.phone(of).get(address("phone", of)).content.decode()


def test_wall_has_them_as_a_view_of_their_own_when_they_are_shown() -> None:
    user = factories.facilitator()
    of = factories.workshop(deliverables=1, by=user, asks_higher=True)
    wall, scale = factories.desk(user), factories.scale(of)
    factories.scores(of, scale, 2)
    factories.comment(of, scale, "Why somebody said so")
    stage = factories.revealed(of, StageKind.SCALE)
    for n in range(3):
        say(factories.participant(of), stage, f"{WORDS} {n}")
    show_on_wall(workshop=of, view=WallView.HIGHER)
    page = wall.get(address("wall", of)).content.decode()
    assert "Answers stand here once the facilitator has shown them." in page
    assert WORDS not in page
    comments = Comment.objects.filter(asked=Asked.HIGHER)
    show_new_comments(workshop=of, comments=[each.pk for each in comments[:2]], user=user)
    page = wall.get(address("wall", of)).content.decode()
    assert QUESTION in page
    assert page.count(WORDS) == 2
    assert "Why somebody said so" not in page
    assert "Also said" not in page
    show_on_wall(workshop=of, view=WallView.COMMENTS)
    page = wall.get(address("wall", of)).content.decode()
    assert "Why somebody said so" in page
    assert WORDS not in page
    together = factories.opened(of, StageKind.TOGETHER)
    assert wall_views(together)[-1] == WallView.HIGHER
    assert sum(len(rows) for _mark, rows in approved_comments(of, together, Asked.HIGHER)) == 2
    open_stage(stage=stage, user=None)
    take_down(stage=factories.stage(of, StageKind.SCALE), user=None)
    assert sum(len(rows) for _mark, rows in approved_comments(of, together, Asked.HIGHER)) == 0


def test_wall_puts_them_in_two_columns_page_by_page(of: Workshop, seen: Stage) -> None:
    for n in range(41):
        comment = factories.comment(of, factories.scale(of), f"Answer {n}")
        Comment.objects.filter(pk=comment.pk).update(asked=Asked.HIGHER)
    show_on_wall(workshop=of, view=WallView.HIGHER)
    of.refresh_from_db()
    picture = WallPainter(of).picture()
    assert picture.pages > 1
    assert picture.comments is not None
    assert [column.comments[0].text for column in picture.comments.columns] == ["Answer 0", "Answer 1"]


@pytest.mark.parametrize("asks", [True, False])
def test_wall_offers_the_view_only_where_it_is_asked(asks: bool) -> None:
    of = factories.workshop(asks_higher=asks)
    for bring, kind in ((factories.revealed, StageKind.SCALE), (factories.opened, StageKind.TOGETHER)):
        assert (WallView.HIGHER in wall_views(bring(of, kind))) == asks
    for kind in {*StageKind} - {StageKind.SCALE, StageKind.TOGETHER}:
        assert WallView.HIGHER not in wall_views(factories.opened(of, kind))


# Rehearsal


def test_some_players_say_it_and_it_goes_with_them(live_server: LiveServer, of: Workshop) -> None:
    players = [joined_player(live_server, of, seed) for seed in range(12)]
    factories.opened(of, StageKind.SCALE)
    scored = {player.answer() for player in players}
    factories.revealed(of, StageKind.SCALE)
    stages = {player.answer() for player in players}
    assert not stages & scored
    assert len(stages) == 2  # the one that asks, and "" for those who keep silent
    comments = Comment.objects.filter(asked=Asked.HIGHER)
    assert 0 < len(comments) < 12
    assert all(comment.text in SENTENCES["next"] for comment in comments)
    remove_rehearsal(workshop=of)
    assert not Comment.objects.exists()
