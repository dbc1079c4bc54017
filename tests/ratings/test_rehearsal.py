"""Rehearsals: people played through the pages that phones use, marked, and removed in one step."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from ratings.authorship import author_of, signed
from ratings.choices import VOTES_EACH, Mark, Source
from ratings.imperatives import to_vote_on
from ratings.management.commands import rehearse
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.rehearsal import Removed, mark_as_rehearsal, remove_rehearsal
from ratings.rehearsing.browser import Field, WebForm, read_page
from ratings.rehearsing.player import NotJoined, Player, Words, room_feels
from ratings.rehearsing.room import Room
from tests import factories
from workshops.choices import StageKind
from workshops.joining import hash_token, join_workshop
from workshops.models import Participant, Scale, Stage, Workshop
from workshops.planning import plan_workshop
from workshops.reviewing import SCALE_FIELDS, write_review
from workshops.sessions import current_stage, open_stage
from workshops.timing import add_time, set_timer

SENTENCES = json.loads(rehearse.SENTENCES.read_text())
GROUPS = ("Banks", "Piers")


class Clock:
    """Time that passes only when somebody sleeps."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def workshop(transactional_db: None) -> Workshop:
    """A workshop of one deliverable, in its lobby, with groups."""
    scales = {f"{kind}_{field}": "x" for kind in ("being", "progress") for field in SCALE_FIELDS}
    edition = write_review(
        owner=None,
        review=None,
        edition={"title": "Rivers", "imperative_question": "What next?"},
        deliverables=[{"key": "", "name": "Boats", "short_name": "", "lead": "", **scales}],
    )
    return plan_workshop(edition=edition, organisation="Ferry Board", date=date(2026, 5, 14), groups=GROUPS)


def open_kind(workshop: Workshop, kind: StageKind) -> None:
    """Open the first stage of a kind."""
    open_stage(stage=workshop.stages.filter(kind=kind)[0], user=None)


def new_player(live_server: LiveServer, workshop: Workshop, seed: int = 1) -> Player:
    """Return somebody who decides everything as `seed` has it."""
    chance = random.Random(seed)
    return Player(server=live_server.url, code=workshop.code, words=Words(SENTENCES, chance), chance=chance)


def joined_player(live_server: LiveServer, workshop: Workshop, seed: int = 1) -> Player:
    """Return somebody who has joined."""
    player = new_player(live_server, workshop, seed)
    mark_as_rehearsal(workshop=workshop, token=player.join())
    return player


def new_room(live_server: LiveServer, workshop: Workshop, people: int, is_over: Callable[[], bool]) -> Room:
    """Return a room of people whose time passes at once."""
    clock = Clock()

    def admit(token: str) -> None:
        assert mark_as_rehearsal(workshop=workshop, token=token)

    return Room(
        players=[new_player(live_server, workshop, seed) for seed in range(people)],
        admit=admit,
        is_over=is_over,
        chance=random.Random(7),
        tell=lambda is_back: None,
        clock=clock,
        sleep=clock.sleep,
    )


@pytest.mark.parametrize(
    ("controls", "fields"),
    [
        ('<input type="hidden" name="a" value="1">', [Field("a", "hidden", "1")]),
        ('<input name="a">', [Field("a", "text", "")]),
        ('<input type="radio" name="a" value="1">', [Field("a", "radio", "1", picked=False)]),
        ('<input type="checkbox" name="a" checked>', [Field("a", "checkbox", "on")]),
        ('<textarea name="a">5 &lt; 6</textarea> after', [Field("a", "textarea", "5 < 6")]),
        ('<input name="a" disabled><input type="submit" name="b"><input value="c"><button>d</button>', []),
        ('<button name="a" value="1">words</button>', [Field("a", "button", "1", picked=False)]),
    ],
)
def test_read_page_gathers_what_a_browser_would_send(controls: str, fields: list[Field]) -> None:
    html = (
        f'<input name="outside"><form method="post" action="/go/" data-stage="3">{controls}</form><input name="late">'
    )

    assert read_page("/", html).forms == [WebForm("post", "/go/", "3", fields)]


def test_filled_form_keeps_what_was_not_answered() -> None:
    page = read_page(
        "/",
        '<form action="/go/"><input type="hidden" name="key" value="k">'
        '<input type="radio" name="pick" value="1" checked>'
        '<input type="radio" name="pick" value="2"><textarea name="words">before</textarea></form>',
    )
    form = page.forms[0]

    assert form.filled({}) == [("key", "k"), ("pick", "1"), ("words", "before")]
    assert form.filled({"pick": ["2"], "unknown": ["x"]}) == [("key", "k"), ("words", "before"), ("pick", "2")]
    assert form.filled({"pick": []}) == [("key", "k"), ("words", "before")]


def test_words_repeat_only_when_all_have_been_said() -> None:
    words = Words({"well": ["a", "b", "c"]}, random.Random(1))
    dealt = [words.deal("well") for _ in range(6)]

    assert set(dealt[:3]) == {"a", "b", "c"}
    assert dealt[:3] == dealt[3:]


def test_rooms_feel_differently_about_different_questions() -> None:
    feelings = [room_feels(f"/scales/{number}/") for number in range(20)]

    assert len(set(feelings)) == 20
    assert all(2.5 <= feeling <= 7.5 for feeling in feelings)


def test_player_joins_with_a_group_and_is_marked(live_server: LiveServer, workshop: Workshop) -> None:
    token = new_player(live_server, workshop).join()

    participant = Participant.objects.get()
    assert participant.token_hash == hash_token(workshop.code, token)
    assert participant.group is not None
    assert participant.group.name in GROUPS
    assert not participant.rehearsal
    assert mark_as_rehearsal(workshop=workshop, token=token)
    participant.refresh_from_db()
    assert participant.rehearsal


def test_player_joins_where_there_are_no_groups(live_server: LiveServer, workshop: Workshop) -> None:
    workshop.groups.all().delete()
    new_player(live_server, workshop).join()

    assert Participant.objects.get().group is None


def test_player_who_joins_again_is_the_same_participant(live_server: LiveServer, workshop: Workshop) -> None:
    player = new_player(live_server, workshop)

    assert player.join() == player.join()
    assert Participant.objects.count() == 1


def test_player_cannot_join_a_closed_workshop(live_server: LiveServer, workshop: Workshop) -> None:
    open_kind(workshop, StageKind.CLOSED)

    with pytest.raises(NotJoined):
        new_player(live_server, workshop).join()


@pytest.mark.parametrize("kind", [StageKind.LOBBY, StageKind.TOGETHER, StageKind.MAP, StageKind.CLOSED])
def test_player_says_nothing_where_nothing_is_asked(
    live_server: LiveServer, workshop: Workshop, kind: StageKind
) -> None:
    player = joined_player(live_server, workshop)
    open_kind(workshop, kind)

    assert player.answer() == ""


def test_players_rate_a_scale(live_server: LiveServer, workshop: Workshop) -> None:
    players = [joined_player(live_server, workshop, seed) for seed in range(12)]
    open_kind(workshop, StageKind.SCALE)
    stages = {player.answer() for player in players}

    assert len(stages) == 1
    assert "" not in stages
    assert Score.objects.filter(source=Source.PLAYED, scale=Scale.objects.filter(kind="being").get()).count() == 12
    assert len(set(Score.objects.values_list("value", flat=True))) > 2
    comments = Comment.objects.all()
    assert 0 < len(comments) < 12
    assert all(comment.text in SENTENCES[comment.mark or "plain"] for comment in comments)
    assert {comment.mark for comment in comments} <= {"", *Mark.values}


def test_players_give_a_rag_rating(live_server: LiveServer, workshop: Workshop) -> None:
    players = [joined_player(live_server, workshop, seed) for seed in range(8)]
    open_kind(workshop, StageKind.RAG)

    assert all(player.answer() for player in players)
    assert RagRating.objects.count() == 8
    assert len(set(RagRating.objects.values_list("value", flat=True))) > 1


def test_players_name_imperatives_and_vote(live_server: LiveServer, workshop: Workshop) -> None:
    players = [joined_player(live_server, workshop, seed) for seed in range(10)]
    open_kind(workshop, StageKind.IMPERATIVES)
    named = [player for player in players if player.answer()]
    open_kind(workshop, StageKind.PRIORITIES)
    voted = [player for player in players if player.answer()]

    assert 0 < len(named) < 10
    assert Imperative.objects.values("author").distinct().count() == len(named)
    assert all(
        row.text in SENTENCES["imperatives"] and row.deliverables.count() == 1 for row in Imperative.objects.all()
    )
    assert len(voted) == 10
    assert Vote.objects.count() == 10 * min(VOTES_EACH, to_vote_on(workshop).count())


def test_player_sends_words_with_a_name_as_they_are_and_they_are_held(
    live_server: LiveServer, workshop: Workshop
) -> None:
    words = Words({"imperatives": ["Let Maria show the other teams how she does it"]}, random.Random(3))
    players = [joined_player(live_server, workshop, seed) for seed in range(6)]
    open_kind(workshop, StageKind.IMPERATIVES)
    for player in players:
        player._words = words
    named = [player for player in players if player.answer()]

    assert named
    assert set(Imperative.objects.values_list("flagged", flat=True)) == {True}
    assert Imperative.objects.values("author").distinct().count() == len(named)
    assert not to_vote_on(workshop).exists()


def test_room_follows_the_facilitator_to_the_end(live_server: LiveServer, workshop: Workshop) -> None:
    stages = iter(list(workshop.stages.all())[1:])
    glances = 0

    def is_over() -> bool:
        nonlocal glances
        glances += 1
        if glances % 30 == 0:
            open_stage(stage=next(stages), user=None)
        workshop.refresh_from_db()
        return workshop.is_closed

    room = new_room(live_server, workshop, 5, is_over)
    room.play()

    assert next(stages, None) is None
    assert (room.tally.joined, room.tally.lost) == (5, 0)
    assert Participant.objects.filter(rehearsal=True).count() == 5
    assert Score.objects.count() == 10
    assert RagRating.objects.count() == 5
    given = Score.objects.count() + RagRating.objects.count() + Vote.objects.values("author").distinct().count()
    assert room.tally.answers == given + Imperative.objects.values("author").distinct().count()


def test_room_counts_what_the_server_did_not_answer(live_server: LiveServer, workshop: Workshop) -> None:
    def close_after_the_first() -> bool:
        current = current_stage(workshop)
        if current is not None and current.kind == StageKind.LOBBY:
            open_kind(workshop, StageKind.CLOSED)
        return False

    room = new_room(live_server, workshop, 4, close_after_the_first)
    room.play(seconds=60)

    assert (room.tally.joined, room.tally.lost) == (1, 3)


def test_room_stops_when_its_time_is_over(live_server: LiveServer, workshop: Workshop) -> None:
    room = new_room(live_server, workshop, 40, lambda: False)
    room.play(seconds=10)

    assert 1 < room.tally.joined < 40


def test_late_arrivals_answer_the_open_stage(live_server: LiveServer, workshop: Workshop) -> None:
    open_kind(workshop, StageKind.SCALE)
    room = new_room(live_server, workshop, 4, lambda: False)
    room.play(seconds=120)

    assert Score.objects.count() == room.tally.joined == 4


def test_room_answers_all_questions_where_they_are_open_at_once(live_server: LiveServer, workshop: Workshop) -> None:
    workshop.self_paced_until = timezone.localdate()
    workshop.save()
    room = new_room(live_server, workshop, 4, lambda: False)
    room.play(seconds=600)

    assert room.tally.lost == 0
    assert (Score.objects.count(), RagRating.objects.count()) == (8, 4)
    given = 12 + Imperative.objects.values("author").distinct().count()
    assert room.tally.answers == given + Vote.objects.values("author").distinct().count()


def test_players_stop_when_the_time_is_over_and_go_on_when_there_is_more(
    live_server: LiveServer, workshop: Workshop
) -> None:
    player = joined_player(live_server, workshop)
    open_kind(workshop, StageKind.SCALE)
    stage = workshop.stages.filter(kind=StageKind.SCALE)[0]
    asked = player.look()
    set_timer(stage=stage, seconds=60, closes_itself=True, user=None)
    Stage.objects.filter(pk=stage.pk).update(ends_at=timezone.now())

    assert player.look().stage_form is None
    assert player.answer() == ""
    form = asked.stage_form
    assert form is not None
    refused = player.browser.submit(asked, form, {"value": ["4"]})  # from the page that was open before
    assert refused.url.endswith(form.action)
    assert not Score.objects.exists()
    add_time(stage=stage, user=None)
    assert player.answer() == f"{stage.pk}-open"
    assert Score.objects.count() == 1


def test_remove_rehearsal_leaves_what_people_said(live_server: LiveServer, workshop: Workshop) -> None:
    person = factories.participant(workshop)
    scale = Scale.objects.filter(kind="being").get()
    Score.objects.create(workshop=workshop, scale=scale, value=4, **signed(person, Score, scale.pk))
    players = [joined_player(live_server, workshop, seed) for seed in range(6)]
    for kind in (StageKind.SCALE, StageKind.RAG, StageKind.IMPERATIVES, StageKind.PRIORITIES):
        open_kind(workshop, kind)
        for player in players:
            player.answer()
    dot = Vote.objects.create(imperative=Imperative.objects.all()[0], slot=1, **signed(person, Vote))
    expected = Removed(
        people=6,
        scores=6,
        comments=Comment.objects.count(),
        rag_ratings=6,
        imperatives=Imperative.objects.count(),
        votes=Vote.objects.count(),
    )
    revision = Workshop.objects.get().revision

    assert remove_rehearsal(workshop=workshop) == expected
    assert Participant.objects.get() == person
    assert Score.objects.get().author == author_of(person, Score, scale.pk)
    assert not Vote.objects.filter(pk=dot.pk).exists()
    assert not Comment.objects.exists()
    assert Workshop.objects.get().revision == revision + 1


def test_remove_rehearsal_twice_or_elsewhere_removes_nothing(workshop: Workshop) -> None:
    other = plan_workshop(edition=workshop.edition, organisation="Other bank", date=workshop.date)
    mark_as_rehearsal(workshop=other, token=join_workshop(workshop=other, ticket=""))

    assert remove_rehearsal(workshop=workshop) == Removed(0, 0, 0, 0, 0, 0)
    assert remove_rehearsal(workshop=other).people == 1
    assert remove_rehearsal(workshop=other).people == 0


def test_mark_as_rehearsal_knows_only_its_own_workshop(workshop: Workshop) -> None:
    other = plan_workshop(edition=workshop.edition, organisation="Other bank", date=workshop.date)
    token = join_workshop(workshop=workshop, ticket="")

    assert not mark_as_rehearsal(workshop=other, token=token)
    assert not mark_as_rehearsal(workshop=workshop, token="somebody else's")
    assert not Participant.objects.get().rehearsal
