"""What is kept back is not in anything that is shown: other answers in its place change no byte of it.

Somebody who looks at the wall, a phone, the desk, the journal on screen, its files and the full export, before and
after, with an answer of their own to change, can compute nothing from what is the same whatever was answered.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.test import Client

from ratings.authorship import author_of, signed
from ratings.choices import Rag
from ratings.journal.build import build_journal
from ratings.journal.formats import BESIDES
from ratings.journal.record import journal_json
from ratings.journal.tables import answers_csv
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.sealing import seal_workshop
from ratings.showing import show_groups
from tests import factories
from tests.ratings.journal.told import close
from tests.ratings.test_blindness import seen
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Participant, Workshop
from workshops.sessions import open_stage, show_on_wall, wall_views

K = 4
SHOWN_AT = (StageKind.SCALE, StageKind.RAG, StageKind.PRIORITIES, StageKind.TOGETHER, StageKind.MAP)


class Room:
    """A workshop whose numbers are kept small; its phones answer everything with one number each."""

    def __init__(self) -> None:
        self.user = factories.facilitator()
        self.of: Workshop = factories.workshop(deliverables=1, threshold=K, by=self.user)
        self.named = [factories.imperative(self.of, f"Imperative {n}") for n in range(3)]
        self.people: list[Participant] = []
        self.attacker = factories.phone(self.of)
        for stage in self.of.stages.all():  # else the first look would be at stages that are not open yet
            open_stage(stage=stage, user=None)

    def answer(self, person: Participant, value: int | None) -> None:
        """Let somebody answer both scales, the rating and the dots; what they gave before goes."""
        number = value or 0
        for n in (1, 2):
            scale = factories.scale(self.of, n=n)
            by = signed(person, Score, scale.pk)
            Score.objects.update_or_create(
                author=by["author"],
                defaults={"value": value},
                create_defaults={"workshop": self.of, "scale": scale, "value": value, **by},
            )
        rated = self.of.edition.deliverables.get()
        by = signed(person, RagRating, rated.pk)
        colour = "" if value is None else Rag.values[number % 3]
        RagRating.objects.update_or_create(
            author=by["author"],
            defaults={"value": colour},
            create_defaults={"workshop": self.of, "deliverable": rated, "value": colour, **by},
        )
        by = signed(person, Vote)
        Vote.objects.filter(author=by["author"]).delete()
        for slot in range(1, 2 + number % 3):
            Vote.objects.create(imperative=self.named[(number + slot) % 3], slot=slot, **by)

    def join(self, values: Sequence[int | None]) -> list[Participant]:
        """Let as many more people join and answer."""
        come = [factories.participant(self.of) for _ in values]
        for person, value in zip(come, values, strict=True):
            self.answer(person, value)
        self.people += come
        return come

    def shown(self) -> dict[str, Any]:
        """Return all that anybody is shown, at every stage revealed and once the workshop has closed."""
        return dict(self._shown())

    def _shown(self) -> Iterator[tuple[str, Any]]:
        desk = factories.desk(self.user)
        self.of.refresh_from_db()
        for kind in SHOWN_AT:
            bring = factories.revealed if factories.stage(self.of, kind).asks else factories.opened
            stage = bring(self.of, kind)
            for view in wall_views(stage):
                show_on_wall(workshop=self.of, view=view)
                yield f"{kind} {view} wall", plain(desk, address("ratings:wall_picture", self.of))
            yield f"{kind} phone", plain(self.attacker, address("phone", self.of))
            for name in ("desk", "ratings:peek"):
                yield f"{kind} {name}", plain(desk, address(name, self.of))
        factories.opened(self.of, StageKind.CLOSED)
        self.of.refresh_from_db()
        yield "journal", plain(desk, address("journal", self.of))
        yield "csv", answers_csv(build_journal(self.of))
        yield "json", journal_json(build_journal(self.of))
        for suffix in BESIDES:
            yield suffix, plain(desk, address("ratings:journal_file", self.of, suffix=suffix))
        held = json.loads(desk.get(address("ratings:export", self.of)).content)
        for placed in held["answers"]["dots"]["placed"]:
            del placed["imperative"]  # a number that each export draws anew
        yield "export", (held["answers"], held["people"])


def plain(browser: Client, path: str) -> tuple[int, bytes]:
    """Return what a page says, but for what is never the same twice: times of moves and numbers of revisions."""
    status, content, _headers = seen(browser.get(path))
    assert status == 200, path
    for pattern in (rb'data-revision="\d+"', rb"\d\d:\d\d(:\d\d)?", rb'"X-CSRFToken": "\w+"'):
        content = re.sub(pattern, b"", content)
    return status, content


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return what is not the same in two looks at everything."""
    assert one.keys() == other.keys()
    return [name for name in one if one[name] != other[name]]


@pytest.mark.django_db
def test_whole_room_under_the_threshold_shows_nothing_of_its_answers() -> None:
    room = Room()
    people = room.join([0, 0, None])
    before = room.shown()
    for person, value in zip(people, (10, 4, 7), strict=True):
        room.answer(person, value)
    assert differing(before, room.shown()) == []
    pages = {name: page[1] for name, page in before.items() if " " in name}
    assert not [name for name, page in pages.items() if b"<dt>Median" in page]
    assert [name for name, page in pages.items() if b"too few to show how" in page]


@pytest.mark.django_db
@pytest.mark.parametrize("mine", [3, 9])
def test_later_answers_show_nothing_to_somebody_who_changes_their_own(mine: int) -> None:
    """The room has seen a picture; two answer later, and the attacker tries another answer of their own."""
    room = Room()
    attacker, *_ = room.join([3, 3, 5, None])
    room.shown()
    come = room.join([3, 9])  # as the attacker's first answer, and as one that they try
    room.answer(attacker, mine)
    before = room.shown()
    for person, value in zip(come, (None, 10), strict=True):
        room.answer(person, value)
    assert differing(before, room.shown()) == []


@pytest.mark.django_db
def test_all_this_does_change_where_nothing_is_kept_back() -> None:
    room = Room()
    people = room.join([0] * K)
    before = room.shown()
    room.join([10] * K)
    changed = differing(before, room.shown())
    assert {"scale strip wall", "scale ratings:peek", "rag phone", "journal", "csv", "json", "export"} <= set(changed)
    assert people


@pytest.mark.django_db
def test_journal_and_so_its_print_says_nothing_of_what_is_kept_back() -> None:
    """The PDF reads the frozen journal alone."""
    room = Room()
    room.join([2, 2, 3, 8, None])
    build_journal(close(room.of))
    (late,) = room.join([9])
    journals = set()
    for value in (0, 10):
        room.answer(late, value)
        journals.add(repr(build_journal(room.of)))
    (same,) = journals
    assert "waiting=1" in same


@pytest.mark.django_db
def test_group_that_is_too_small_to_hide_in_is_in_no_row_once_sealed() -> None:
    """A stolen laptop: whoever was alone in a group would be known by it in every table."""
    of = factories.workshop(deliverables=1, threshold=K, groups=("East", "West", "North", "South"))
    east, west, north, south = of.groups.all()
    for group, size in ((east, 6), (west, 5), (north, 1), (south, 1)):
        for n in range(size):
            person = factories.participant(of)
            person.group = group
            for at in (1, 2):
                scale = factories.scale(of, n=at)
                Score.objects.create(workshop=of, scale=scale, value=n, **signed(person, Score, scale.pk))
            Comment.objects.create(
                workshop=of, scale=scale, text=f"{group} {n}", **signed(person, Comment, scale.pk, "why")
            )
            rated = of.edition.deliverables.get()
            RagRating.objects.create(workshop=of, deliverable=rated, value="R", **signed(person, RagRating, rated.pk))
            named = Imperative.objects.create(workshop=of, text=f"{group} {n}", **signed(person, Imperative))
            Vote.objects.create(imperative=named, slot=1, **signed(person, Vote))
    seal_workshop(workshop=close(of))
    of.refresh_from_db()
    for model in (Score, Comment, RagRating, Imperative, Vote):
        times = 2 if model is Score else 1
        rows = Counter(model._default_manager.values_list("group__name", flat=True))
        assert rows == {"East": 6 * times, None: 7 * times}, model
    shown = {scale: {group: n.total() for group, n in groups.items()} for scale, groups in show_groups(of).items()}
    assert list(shown.values()) == [{east.pk: 6}] * 2


@pytest.mark.django_db
def test_ids_on_pages_do_not_tell_who_answered_first() -> None:
    of = factories.workshop(deliverables=1)
    phones = [factories.phone(of) for _ in range(12)]
    stage = factories.opened(of, StageKind.SCALE)
    for n, phone in enumerate(phones):
        phone.post(address("ratings:save_score", of, at=stage), {"value": "5", "text": f"Said {n:02}"})
    factories.opened(of, StageKind.IMPERATIVES)
    for n, phone in enumerate(phones):
        phone.post(address("ratings:save_imperatives", of), {"text_1": f"Named {n:02}", "text_2": ""})
    factories.opened(of, StageKind.PRIORITIES)
    page = phones[0].get(address("phone", of)).content.decode()
    offered = re.findall(r'name="imperative" id="i(\d+)"', page)
    assert sorted(offered, key=int) == [str(row.pk) for row in Imperative.objects.order_by("pk")]
    for model in (Comment, Imperative):
        said = list(model._default_manager.order_by("pk").values_list("text", flat=True))
        assert len(said) == 12
        assert said != sorted(said)
    for phone in phones:
        phone.post(address("ratings:save_votes", of), {"imperative": offered[:1]})
    for counted in (Score, Vote):
        assert min(counted._default_manager.values_list("pk", flat=True)) >= 2**52
    me = factories.holder(phones[0], of)
    assert Score.objects.filter(author=author_of(me, Score, stage.scale_id)).exists()
