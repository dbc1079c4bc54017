"""Before the reveal, nothing that a phone or the wall can fetch depends on what people answered.

Every address is fetched twice, once for each of two very different sets of answers from the same people; what comes
back must be the same to the byte. Only random tokens, signed keys and the time of a save are made equal first.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from django.test import Client

from ratings.authorship import author_of, signed
from ratings.choices import Asked, CommentState, Rag
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from tests import factories
from tests.routes import ROUTES, address
from workshops.choices import StageKind, WallView
from workshops.joining import cookie_name, find_participant
from workshops.live.state import read_state
from workshops.models import Deliverable, Participant, Scale, Stage, Workshop
from workshops.sessions import current_stage, open_stage, show_on_wall, take_down, wall_views

pytestmark = pytest.mark.django_db

PHONE, WALL, DESK, SEND = "a phone may look", "the wall may look", "only facilitators", "only to send to"
WHO_MAY_LOOK = {
    "workshops:home": PHONE,
    "workshops:enter_code": SEND,
    "workshops:join": PHONE,
    "workshops:join_by_token": PHONE,
    "workshops:qr": WALL,
    "workshops:leave": SEND,
    **dict.fromkeys(("socialaccount_login_cancelled", "openid_connect_callback"), PHONE),
    "socialaccount_connections": DESK,
    "openid_connect_login": SEND,
    **dict.fromkeys(("account_login", "account_inactive", "mfa_authenticate", "mfa_login_webauthn"), PHONE),
    **dict.fromkeys(("mfa_index", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"), DESK),
    **dict.fromkeys(("account_change_password", "account_set_password", "mfa_activate_totp"), DESK),
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"), DESK),
    **dict.fromkeys(("mfa_add_webauthn", "mfa_remove_webauthn"), DESK),
    "workshops:sign_out": SEND,
    "workshops:workshops": DESK,
    "workshops:new_workshop": DESK,
    "workshops:reviews": DESK,
    "workshops:new_review": DESK,
    "workshops:edit_review": DESK,
    "workshops:edit_workshop": DESK,
    "workshops:people": DESK,
    "workshops:change_role": SEND,
    "workshops:remove_person": SEND,
    "workshops:invite_person": SEND,
    "workshops:withdraw": SEND,
    "workshops:invite_planner": DESK,
    "workshops:withdraw_planner": SEND,
    "workshops:invitation": PHONE,
    "workshops:run_sheet": DESK,
    "workshops:wifi": DESK,
    "workshops:wifi_qr": WALL,
    "workshops:move_to": SEND,
    "workshops:reveal": SEND,
    "workshops:cover": SEND,
    "workshops:timer": SEND,
    "workshops:one_more_minute": SEND,
    "workshops:pause": SEND,
    "workshops:resume": SEND,
    "workshops:blank": SEND,
    "workshops:take_over": SEND,
    "workshops:show": SEND,
    "ratings:open_card": PHONE,
    "ratings:answers": PHONE,
    "ratings:copy": PHONE,
    "ratings:withdraw": PHONE,
    "ratings:save_score": SEND,
    "ratings:save_higher": SEND,
    "ratings:save_rag": SEND,
    "ratings:save_imperatives": SEND,
    "ratings:save_votes": SEND,
    "ratings:now": DESK,
    "ratings:tally": DESK,
    "ratings:peek": DESK,
    "ratings:log": DESK,
    "ratings:closing": DESK,
    "ratings:seal": DESK,
    "ratings:data": DESK,
    "ratings:export": DESK,
    "ratings:carry": DESK,
    "ratings:carry_file": SEND,
    "take_in": DESK,
    "ratings:trail": DESK,
    "ratings:trail_file": DESK,
    "ratings:certificate": DESK,
    "ratings:add_aloud": SEND,
    "ratings:paper": DESK,
    "ratings:comments": DESK,
    "ratings:themes": DESK,
    "ratings:deliverable_themes": DESK,
    "ratings:group": SEND,
    "ratings:comment": DESK,
    "ratings:decision_log": DESK,
    "ratings:decide": SEND,
    "ratings:show_new": SEND,
    "ratings:imperatives": DESK,
    "ratings:merge": SEND,
    "ratings:put_away": SEND,
    "ratings:imperative": DESK,
    "ratings:decide_imperative": SEND,
    "ratings:part": SEND,
    "ratings:action": SEND,
    "ratings:question": PHONE,
    "ratings:edit_journal": DESK,
    "ratings:edit_deliverable": DESK,
    "ratings:preview": DESK,
    "ratings:preview_pages": DESK,
    "ratings:preview_page": DESK,
    "ratings:preview_progress": DESK,
    "ratings:remove_rehearsal": SEND,
    "ratings:wall_picture": WALL,
    "ratings:journal_pdf": DESK,
    "ratings:printing": DESK,
    "ratings:last_print": DESK,
    "ratings:journal_file": DESK,
    **dict.fromkeys(("ratings:sign_off", "ratings:signed_journal", "ratings:signed_file"), DESK),
    **dict.fromkeys(("ratings:check", "ratings:sign", "ratings:share", "ratings:revoke"), SEND),
    **dict.fromkeys(("ratings:shared", "ratings:shared_file", "ratings:verify", "ratings:robots"), PHONE),
    "phone": PHONE,
    "desk": DESK,
    "wall": WALL,
    "journal": DESK,
}

OTHERS = 5
TWO_WAYS = ("one way", "the other way")


def test_every_address_is_in_the_table() -> None:
    assert set(WHO_MAY_LOOK) == set(ROUTES), "say who may look at a new address"


# What others answer, in two ways


def answer_scale(stage: Stage, phones: list[Participant], way: str) -> None:
    scale = cast(Scale, stage.scale)
    Score.objects.filter(author__in=[author_of(phone, Score, scale.pk) for phone in phones]).delete()
    Comment.objects.filter(scale=scale).delete()
    values = [0, 0, 0, 0, 0] if way == TWO_WAYS[0] else [10, 10, 3, None, 9]
    for phone, value in zip(phones, values, strict=True):
        Score.objects.create(workshop=stage.workshop, scale=scale, value=value, **signed(phone, Score, scale.pk))
        if way == TWO_WAYS[1]:
            words = {"text": "A comment that was approved. " * 8, "state": CommentState.SHOWN}
            for asked in Asked:
                Comment.objects.create(
                    workshop=stage.workshop,
                    scale=scale,
                    asked=asked,
                    **words,
                    **signed(phone, Comment, scale.pk, asked),
                )


def answer_rag(stage: Stage, phones: list[Participant], way: str) -> None:
    deliverable = cast(Deliverable, stage.deliverable)
    RagRating.objects.filter(author__in=[author_of(phone, RagRating, deliverable.pk) for phone in phones]).delete()
    values = [Rag.RED] * OTHERS if way == TWO_WAYS[0] else [Rag.GREEN, Rag.GREEN, Rag.AMBER, "", ""]
    for phone, value in zip(phones, values, strict=True):
        RagRating.objects.create(
            workshop=stage.workshop, deliverable=deliverable, value=value, **signed(phone, RagRating, deliverable.pk)
        )


def answer_imperatives(stage: Stage, phones: list[Participant], way: str) -> None:
    Imperative.objects.filter(author__in=[author_of(phone, Imperative) for phone in phones]).delete()
    for phone in phones:
        text = "Short" if way == TWO_WAYS[0] else "Long and quite different. " * 6
        Imperative.objects.create(workshop=stage.workshop, text=text, **signed(phone, Imperative))


def answer_priorities(stage: Stage, phones: list[Participant], way: str) -> None:
    Vote.objects.filter(author__in=[author_of(phone, Vote) for phone in phones]).delete()
    rows = list(Imperative.objects.filter(workshop=stage.workshop))
    for phone in phones:
        for slot, row in enumerate(rows[:1] if way == TWO_WAYS[0] else rows[-3:], start=1):
            Vote.objects.create(imperative=row, slot=slot, **signed(phone, Vote))


ANSWER: dict[StageKind, Callable[[Stage, list[Participant], str], None]] = {
    StageKind.SCALE: answer_scale,
    StageKind.RAG: answer_rag,
    StageKind.IMPERATIVES: answer_imperatives,
    StageKind.PRIORITIES: answer_priorities,
}
OWN = {
    StageKind.SCALE: ("ratings:save_score", {"value": "4", "text": "Mine", "mark": "well"}),
    StageKind.RAG: ("ratings:save_rag", {"value": "A"}),
    StageKind.IMPERATIVES: ("ratings:save_imperatives", {"text_1": "Mine", "text_2": ""}),
    StageKind.PRIORITIES: ("ratings:save_votes", {}),
}


# What can be seen


NOT_THE_SAME_TWICE = [
    (rb'(name="csrfmiddlewaretoken" value=|data-csrf=)"[A-Za-z0-9]{64}"', rb'\1"token"'),
    (rb'name="ticket" value="[A-Za-z0-9_-]{32}"', rb'name="ticket"'),
    (rb"\?key=[A-Za-z0-9_%-]+", rb"?key="),
    (rb"Saved at \d\d:\d\d", rb"Saved at"),
]


def seen(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    """Return all that a screen learns from an answer, its length included, with what is random made equal."""
    headers = {name: value for name, value in answer.headers.items() if name != "Expires"}  # it says the time
    content = answer.content
    for pattern, plain in NOT_THE_SAME_TWICE:
        content = re.sub(pattern, plain, content)
    return answer.status_code, content, headers | {"length": str(len(content))}


def everything_seen(of: Workshop, phone: Client, wall: Client, at: Stage) -> Iterator[tuple[str, object]]:
    """Yield whatever the phone and the wall can fetch now, in every view that the wall can be given."""
    own: dict[str, Any] = {"comment_id": 1, "at": at}
    for name, who in WHO_MAY_LOOK.items():
        if who != WALL:
            yield f"{name} as a phone", seen(phone.get(address(name, of, **own)))
    send, values = OWN[StageKind(at.kind)]
    for htmx in ({}, {"HX-Request": "true"}):
        yield f"{send} {htmx}", seen(phone.post(address(send, of, **own), values, headers=htmx))
        yield f"{send} refused {htmx}", seen(phone.post(address(send, of, **own), {"value": "77"}, headers=htmx))
    yield "what is pushed", read_state(of.code)
    stage = current_stage(of)
    assert stage is not None
    for view in wall_views(stage):
        show_on_wall(workshop=of, view=view)
        for theme in ("", "?theme=dark"):
            yield f"wall {view} {theme}", seen(wall.get(address("wall", of) + theme))
            yield f"picture {view} {theme}", seen(wall.get(address("ratings:wall_picture", of) + theme))


def is_open(stage: Stage) -> None:
    open_stage(stage=stage, user=None)


def was_taken_down(stage: Stage) -> None:
    factories.revealed(stage.workshop, StageKind(stage.kind), n=1)
    take_down(stage=stage, user=None)


def was_passed_by(then: StageKind) -> Callable[[Stage], None]:
    def go_on(stage: Stage) -> None:
        open_stage(stage=stage, user=None)
        factories.opened(stage.workshop, then)

    return go_on


MOMENTS = [
    *((kind, is_open) for kind in ANSWER),
    *((kind, was_taken_down) for kind in ANSWER),
    *((kind, was_passed_by(StageKind.CLOSED)) for kind in ANSWER),
    *(
        (kind, was_passed_by(then))
        for kind in (StageKind.SCALE, StageKind.RAG)
        for then in (StageKind.TOGETHER, StageKind.MAP)
    ),
]


@pytest.mark.parametrize(("kind", "bring"), MOMENTS)
def test_nothing_unrevealed_reaches_a_phone_or_the_wall(kind: StageKind, bring: Callable[[Stage], None]) -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user, deliverables=1, asks_higher=True)
    if kind == StageKind.PRIORITIES:
        for n in range(4):
            factories.imperative(of, f"Imperative {n}")
    phone, wall = factories.phone(of), factories.desk(user)
    others = [factories.participant(of) for _ in range(OTHERS)]
    stage = factories.opened(of, kind)
    send, values = OWN[kind]
    assert phone.post(address(send, of, at=stage), values).status_code == 302
    bring(stage)
    looks = []
    for way in TWO_WAYS:
        ANSWER[kind](stage, others, way)
        looks.append(dict(_same_start(of, everything_seen(of, phone, wall, stage))))
    one, other = looks
    assert one.keys() == other.keys()
    assert len(one) > 35
    assert [name for name in one if one[name] != other[name]] == []


def _same_start(of: Workshop, looks: Iterator[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Let both looks begin at one revision and one view: a choice of what the wall shows is a move that all may see."""
    stage = current_stage(of)
    assert stage is not None
    Workshop.objects.filter(pk=of.pk).update(revision=40, wall_view=wall_views(stage)[0], wall_page=1)
    yield from looks


@pytest.mark.parametrize("kind", list(ANSWER))
def test_the_two_ways_do_differ_once_revealed(kind: StageKind) -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user, deliverables=1)
    if kind == StageKind.PRIORITIES:
        for n in range(4):
            factories.imperative(of, f"Imperative {n}")
    others = [factories.participant(of) for _ in range(OTHERS)]
    stage = factories.revealed(of, kind)
    looks = []
    for way in TWO_WAYS:
        ANSWER[kind](stage, others, way)
        looks.append(seen(factories.desk(user).get(address("ratings:wall_picture", of))))
    assert looks[0] != looks[1]


def test_a_phone_sees_nothing_of_the_desk_the_wall_or_the_journal() -> None:
    of = factories.workshop()
    phone = factories.phone(of)
    factories.revealed(of, StageKind.SCALE)
    for name, who in WHO_MAY_LOOK.items():
        if who in (DESK, WALL):
            answer = phone.get(address(name, of, comment_id=1))
            assert (answer.status_code, answer.content) == (302, b""), name


def test_a_phone_never_sees_anybody_elses_answer() -> None:
    of = factories.workshop(deliverables=1)
    phone = factories.phone(of)
    stage = factories.opened(of, StageKind.SCALE)
    others = [factories.participant(of) for _ in range(OTHERS)]
    answer_scale(stage, others, TWO_WAYS[1])
    for name in ("phone", "ratings:open_card", "ratings:answers"):
        page = phone.get(address(name, of)).content.decode()
        assert "approved" not in page
        assert " checked" not in page
    request = phone.get(address("phone", of)).wsgi_request
    me = find_participant(request, of.code)
    assert me is not None
    assert me not in others
    assert cookie_name(of.code) in request.COOKIES


def test_wall_view_of_a_stage_that_was_shown_does_not_outlive_it() -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user)
    stage = factories.revealed(of, StageKind.SCALE)
    factories.comment(of, factories.scale(of), "Approved words")
    show_on_wall(workshop=of, view=WallView.COMMENTS)
    wall = factories.desk(user)
    assert b"Approved words" in wall.get(address("wall", of)).content
    take_down(stage=stage, user=None)
    Workshop.objects.filter(pk=of.pk).update(wall_view=WallView.COMMENTS)  # as a wall view that was left behind
    assert b"Approved words" not in wall.get(address("wall", of)).content
