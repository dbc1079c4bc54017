"""Rooms of people at a point of their morning, written straight into the database."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from ratings.authorship import signed
from ratings.choices import COMMENT_MAX, VOTES_EACH, Asked, CommentState, Mark, PrintState, Rag
from ratings.models import Comment, Imperative, Print, RagRating, Score, Vote
from ratings.sealing import seal_workshop
from ratings.signing import check_journal, read_sign_off
from tests import factories
from workshops.choices import ScaleKind, StageKind, WallView
from workshops.controls import blank_wall, take_over
from workshops.joining import cookie_name, hash_token, join_workshop
from workshops.models import Edition, Participant, Review, Scale, Stage, Workshop
from workshops.planning import plan_workshop
from workshops.reviewing import describe_deliverables, latest_edition, write_review
from workshops.sessions import open_stage, reveal_stage, show_on_wall
from workshops.timing import set_timer

GROUPS = ("Assessment and duty", "Family support", "Fostering and care leavers", "Quality and learning")
WORDS: dict[str, list[str]] = json.loads((settings.BASE_DIR / "fixtures" / "rehearsal_words.json").read_text())
LONG_NAME = (
    "Gwasanaethau cymdeithasol, dysgu proffesiynol a threfniadau diogelu ar gyfer plant a phobl ifanc ledled y sir"
)
LONG_WORDS = (
    "Every family that we meet has people around it who know what we are worried about, who have said in their "
    "own words what they will do and on which day, and who come back to tell us how it went; the plan is on the "
    "fridge, not in the file, and it was changed by the people who live with it. Managers ask for it in "
    "supervision, partners know their part of it by heart, and when somebody is away the plan holds, because more "
    "than one person carries each promise. We see it in old cases as often as in new ones, in every office and on "
    "every shift, and nobody has to ask where to look for it, not even at night or on a bank holiday in the rain."
)


@dataclass(frozen=True)
class Room:
    """A workshop and the keys to it: cookies of its facilitator and of one of its phones."""

    code: str
    facilitator: dict[str, str]
    phone: dict[str, str]


def default_edition() -> Edition:
    """Return the edition that every installation has."""
    return latest_edition(Review.objects.filter(owner=None).earliest("pk"))


def long_edition() -> Edition:
    """Return an edition whose every text is as long as people write."""
    names = (LONG_NAME, "Recording what matters, once, in the words of those it is about, and nowhere else at all")
    rows = [factories.deliverable_row(name, lead=LONG_WORDS[:300]) for name in names]
    for row in rows:
        row |= {f"{kind}_anchor_{end}": LONG_WORDS[:600] for kind in ScaleKind for end in ("ten", "zero")}
    edition = {
        "title": "Where have we come to, and what is it that we still have to do?",
        "imperative_question": LONG_WORDS[:300],
    }
    return write_review(owner=None, review=None, edition=edition, deliverables=rows)


def asking_edition(source: Edition) -> Edition:
    """Return an edition with the same words, which asks what one point higher would look like."""
    edition = {"title": source.title, "imperative_question": source.imperative_question, "asks_higher": True}
    return write_review(owner=None, review=None, edition=edition, deliverables=describe_deliverables(source))


def room(
    people: int,
    at: StageKind,
    *,
    n: int = 1,
    revealed: bool = False,
    view: WallView | None = None,
    page: int = 1,
    answered: bool = True,
    long: bool = False,
    deliverables: int = 0,
    imperatives: int = 12,
    groups: Sequence[str] = (),
    timer: int | None = None,
    blank: bool = False,
    other: bool = False,
    higher: bool = False,
    sealed: bool = False,
    printing: bool = False,
    signed: str = "",
    wifi: tuple[str, str] = ("", ""),
) -> Room:
    """Return a room of so many people at the n-th stage of a kind, every stage before it revealed.

    The edition is the default one, or a `long` one, or one of so many `deliverables`. Unless `answered`, nobody has
    answered at this stage yet, the phone whose keys are returned included. `timer`: seconds until it closes the
    answering; `other`: somebody else has the controls; `higher`: what one point higher would look like is asked, and
    half the room has said it of every scale that is revealed; `sealed`: the closed workshop is sealed; `printing`: its
    journal was printed, and is being printed again; `signed`: it was checked, or signed, or signed once more; `wifi`:
    the name and password that the wall tells.
    """
    by = factories.facilitator()
    organisation = "Cyngor Bwrdeistref Sirol Blaenau Carreg Bay a’r Cylch" if long else "Carreg Bay Council"
    workshop = plan_workshop(
        edition=_edition(long=long, deliverables=deliverables, higher=higher),
        organisation=organisation,
        venue="Harbour Hall",
        date=date(2026, 5, 14),
        groups=groups,
        facilitator=by,
    )
    workshop.wifi_name, workshop.wifi_password = wifi
    workshop.save(update_fields=["wifi_name", "wifi_password"])
    ticket = join_workshop(workshop=workshop, ticket=ticket_of(workshop, 0))
    Participant.objects.bulk_create(
        Participant(workshop=workshop, token_hash=hash_token(workshop.code, ticket_of(workshop, number)))
        for number in range(1, people)
    )
    stages = list(workshop.stages.select_related("scale", "deliverable"))
    place = stages.index([stage for stage in stages if stage.kind == at][n - 1])
    answer(workshop, stages[: place + answered], long=long, imperatives=imperatives)
    for stage in stages[1:place]:
        if stage.asks:
            open_stage(stage=stage, user=by)
            reveal_stage(stage=stage, user=by)
    open_stage(stage=stages[place], user=by)
    if revealed:
        reveal_stage(stage=stages[place], user=by)
    if higher:
        _say_higher(workshop, long=long)
    if view:
        show_on_wall(workshop=workshop, view=view, page=page)
    if timer is not None:
        _run_timer(stages[place], timer, by)
    if blank:
        blank_wall(workshop=workshop, blank=True, user=by)
    if other:
        take_over(workshop=workshop, user=factories.facilitator())
    _go_on(workshop, sealed=sealed or bool(signed), printing=printing)
    if signed:
        _sign(workshop, signed, by)
    return Room(workshop.code, session_of(by), {cookie_name(workshop.code): ticket})


def _go_on(workshop: Workshop, *, sealed: bool, printing: bool) -> None:
    if sealed:
        seal_workshop(workshop=workshop)
    if printing:
        _print(workshop)


def _sign(workshop: Workshop, how: str, by: User) -> None:
    """Let the journal be "checked", "signed" or "superseded"; a signed one is shared by a link with a known token."""
    workshop.refresh_from_db()
    if how == "checked":
        check_journal(workshop=workshop, user=by, read=read_sign_off(workshop).fingerprint)
        return
    for number in (1, 2) if how == "superseded" else (1,):
        factories.signed_journal(workshop, number=number, name="Margaret O’Neill-Whitcombe")
    token_hash = sha256(f"shared-with-{workshop.code}".encode()).hexdigest()
    factories.share_link(workshop, token_hash=token_hash, opened=3, last_opened_on=timezone.localdate())
    factories.share_link(workshop, label="The safeguarding partnership", revoked_on=timezone.localdate())


def _print(workshop: Workshop) -> None:
    """Keep a print that is done, and one at which somebody is."""
    free_the_press()
    now = timezone.now()
    done = {"state": PrintState.DONE, "pdf": b"%PDF-1.7", "pages": 14, "finished_at": now}
    Print.objects.create(workshop=workshop, digest="earlier", **done)
    Print.objects.create(workshop=workshop, digest="now", state=PrintState.PRINTING, progress=47, tries=1, heard_at=now)


def free_the_press() -> None:
    """Leave no print at which somebody seems to be: there is one press for all rooms, and others would wait for it."""
    Print.objects.filter(state=PrintState.PRINTING).delete()


def _run_timer(stage: Stage, seconds: int, by: User) -> None:
    set_timer(stage=stage, seconds=seconds or 1, closes_itself=True, user=by)
    if not seconds:
        Stage.objects.filter(pk=stage.pk).update(ends_at=timezone.now())


def _edition(*, long: bool, deliverables: int, higher: bool) -> Edition:
    edition = default_edition()
    if long or deliverables:
        edition = long_edition() if long else factories.edition(deliverables)
    return asking_edition(edition) if higher else edition


def session_of(user: User) -> dict[str, str]:
    """Return the cookie of a browser that has signed in."""
    return {settings.SESSION_COOKIE_NAME: factories.desk(user).cookies[settings.SESSION_COOKIE_NAME].value}


def ticket_of(workshop: Workshop, number: int) -> str:
    """Return what the phone with this number holds, from 0: the one whose keys are returned."""
    return f"{workshop.code}-{number}".ljust(32, "-")


def _phones(workshop: Workshop) -> list[Participant]:
    """Return the phones of a room in the order they joined, each with its token."""
    phones = list(Participant.objects.filter(workshop=workshop))
    for number, phone in enumerate(phones):
        phone.token = ticket_of(workshop, number)
    return phones


def answer(workshop: Workshop, stages: Sequence[Stage], *, long: bool = False, imperatives: int = 12) -> None:
    """Let everybody in the room answer at these stages, the same way each time; one in twelve cannot say."""
    chance = random.Random(len(stages))
    phones = _phones(workshop)
    for stage in stages:
        match StageKind(stage.kind):
            case StageKind.SCALE:
                assert stage.scale is not None
                middle = 4.2 if stage.scale.kind == ScaleKind.BEING else 6.4
                _score(workshop, stage.scale, phones, chance, middle)
                _comment(workshop, stage.scale, phones, long=long)
            case StageKind.RAG:
                colours = ["", *Rag.values, *Rag.values, "A", "A", "G"]
                RagRating.objects.bulk_create(
                    RagRating(
                        workshop=workshop,
                        deliverable=stage.deliverable,
                        value=chance.choice(colours),
                        **signed(phone, RagRating, stage.deliverable_id),
                    )
                    for phone in phones
                )
            case StageKind.IMPERATIVES:
                _name_imperatives(workshop, phones, imperatives, long=long)
            case StageKind.PRIORITIES:
                _vote(workshop, phones, chance)


def _score(
    workshop: Workshop, scale: Scale, phones: Sequence[Participant], chance: random.Random, middle: float
) -> None:
    def value() -> int | None:
        return None if chance.random() < 1 / 12 else min(10, max(0, round(chance.gauss(middle, 1.9))))

    Score.objects.bulk_create(
        Score(workshop=workshop, scale=scale, value=value(), **signed(phone, Score, scale.pk)) for phone in phones
    )


def _comment(workshop: Workshop, scale: Scale, phones: Sequence[Participant], *, long: bool) -> None:
    """Let half the room comment, a dozen at most; all but the last three are shown."""
    marks = ["", *Mark.values]
    texts = [*WORDS["well"][:4], *WORDS["worry"][:4], *WORDS["next"][:4]]
    writing = phones[: min(12, (len(phones) + 1) // 2)]
    Comment.objects.bulk_create(
        Comment(
            workshop=workshop,
            scale=scale,
            text=LONG_WORDS[: 120 + 35 * number] if long else texts[number],
            mark=marks[number % 4] if long else marks[1 + number // 4],
            state=CommentState.NEW if number >= len(writing) - 3 else CommentState.SHOWN,
            position=number,
            **signed(phone, Comment, scale.pk, Asked.WHY),
        )
        for number, phone in enumerate(writing)
    )


def _say_higher(workshop: Workshop, *, long: bool) -> None:
    """Let half the room say what one point higher would look like, eight at most; all but the last two are shown."""
    phones = _phones(workshop)
    writing = phones[: min(8, (len(phones) + 1) // 2)]
    texts = [*WORDS["next"][4:], *WORDS["plain"]]
    for stage in workshop.stages.filter(kind=StageKind.SCALE, revealed_at__isnull=False):
        Comment.objects.bulk_create(
            Comment(
                workshop=workshop,
                scale=stage.scale,
                asked=Asked.HIGHER,
                text=LONG_WORDS[: COMMENT_MAX - 7 * number] if long else texts[number],
                state=CommentState.NEW if number >= len(writing) - 2 else CommentState.SHOWN,
                position=20 + number,
                **signed(phone, Comment, stage.scale_id, Asked.HIGHER),
            )
            for number, phone in enumerate(writing)
        )


def _name_imperatives(workshop: Workshop, phones: Sequence[Participant], count: int, *, long: bool) -> None:
    texts = [*WORDS["imperatives"], *WORDS["next"], *WORDS["plain"]]
    Imperative.objects.bulk_create(
        Imperative(
            workshop=workshop,
            slot=1 + number % 2,
            text=LONG_WORDS[: 60 + number % 8 * 30] if long else texts[number % len(texts)],
            position=number,
            **signed(phones[number // 2], Imperative),
        )
        for number in range(min(count, 2 * len(phones)))
    )


def _vote(workshop: Workshop, phones: Sequence[Participant], chance: random.Random) -> None:
    """Place three dots each; the first imperatives are dearer to the room than the last."""
    named = list(Imperative.objects.filter(workshop=workshop))
    Vote.objects.bulk_create(
        Vote(imperative=named[place], slot=slot, **signed(phone, Vote))
        for phone in phones
        for slot, place in enumerate(
            sorted(range(len(named)), key=lambda place: chance.random() * (place + 2))[:VOTES_EACH], start=1
        )
    )
