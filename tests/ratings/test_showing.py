"""Small numbers on real screens: what the wall, phones, the desk, the journal and its files show, and keep back."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.authorship import author_of, signed
from ratings.imperatives import merge_imperatives, rank_imperatives
from ratings.journal.build import build_journal
from ratings.journal.record import journal_json
from ratings.journal.tables import answers_csv
from ratings.models import Imperative, RagRating, Score, SeenPicture, Vote
from ratings.rehearsal import mark_as_rehearsal, remove_rehearsal
from ratings.sealing import seal_workshop
from ratings.showing import show_dots, show_scores
from ratings.summaries import ScaleSummary, summarise_rag, summarise_scale, summarise_workshop
from ratings.suppression import is_apart
from tests import factories
from tests.ratings.journal.told import close
from workshops.choices import Role, StageKind
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db

K = 5
TOO_FEW = "too few to show how"
LATER = "not shown yet"


@pytest.fixture
def of() -> Workshop:
    return factories.workshop(deliverables=1, threshold=K)


def score(of: Workshop, *values: int | None) -> list[Participant]:
    """Let as many new phones score the first scale."""
    scale = factories.scale(of)
    people = [factories.participant(of) for _ in values]
    for person, value in zip(people, values, strict=True):
        Score.objects.create(workshop=of, scale=scale, value=value, **signed(person, Score, scale.pk))
    return people


def rate(of: Workshop, letters: str) -> None:
    """Let as many new phones rate the first deliverable."""
    deliverable = of.edition.deliverables.get()
    for letter in letters:
        by = signed(factories.participant(of), RagRating, deliverable.pk)
        RagRating.objects.create(workshop=of, deliverable=deliverable, value=letter, **by)


def vote(of: Workshop, *ballots: Iterable[Imperative]) -> list[Participant]:
    """Let as many new phones place their dots."""
    people = [factories.participant(of) for _ in ballots]
    for person, ballot in zip(people, ballots, strict=True):
        by = signed(person, Vote)
        Vote.objects.bulk_create(Vote(imperative=each, slot=slot, **by) for slot, each in enumerate(ballot, 1))
    return people


def summary(of: Workshop) -> ScaleSummary:
    return summarise_scale(of, factories.scale(of))


def screens(of: Workshop, phone: Client, desk: Client) -> dict[str, str]:
    """Return what each screen shows of the revealed scale, as it would stand in the page's source."""
    return {
        "wall": desk.get(f"/wall/{of.code}/").content.decode(),
        "phone": phone.get(f"/w/{of.code}/").content.decode(),
        "peek": desk.get(f"/desk/{of.code}/peek/").content.decode(),
        "journal": desk.get(f"/journal/{of.code}/").content.decode(),
        "csv": answers_csv(build_journal(of)),
        "json": re.sub(r'"people": \d+|,\s*"waiting": \d+', "", journal_json(build_journal(of))),
    }


def picture(source: str) -> list[str]:
    """Return the dots drawn and the numbers written in a page's charts and tables, in order."""
    charts = "".join(re.findall(r"<svg.*?</svg>|<table.*?</table>|<dl class=\"stats\".*?</dl>", source, re.S))
    return re.findall(r">([^<>]*\d[^<>]*)<|aria-label=\"([^\"]*)\"", charts) or [source] * (not source.startswith("<"))


# One scale


def test_fewer_than_the_threshold_show_nothing_but_how_many(of: Workshop) -> None:
    score(of, 1, 2, 3, None)
    assert summary(of) == ScaleSummary(withheld=4)
    assert summary(of).spread is None
    assert "4 people have answered" in summary(of).kept_words
    assert not SeenPicture.objects.exists()


def test_enough_show_all_and_are_remembered(of: Workshop) -> None:
    score(of, 1, 2, 3, 3, None)
    assert summary(of) == ScaleSummary((0, 1, 1, 2, *[0] * 7), cant_say=1)
    assert summary(of).kept_words == ""
    seen = SeenPicture.objects.get()
    assert (seen.number, seen.answers) == (1, {"1": 1, "2": 1, "3": 2, "": 1})


def test_one_more_answer_waits_until_there_are_enough(of: Workshop) -> None:
    score(of, 1, 2, 3, 3, 4)
    before = summary(of)
    score(of, 10)
    assert (summary(of).counts, summary(of).waiting) == (before.counts, 1)
    assert "1 later answer" in summary(of).kept_words
    score(of, 10, 9, 9, 8)
    assert (summary(of).n, summary(of).waiting) == (10, 0)
    assert SeenPicture.objects.count() == 2


def test_a_changed_answer_does_not_show_by_itself(of: Workshop) -> None:
    people = score(of, 1, 2, 3, 3, 4)
    before = summary(of)
    Score.objects.filter(author=author_of(people[0], Score, factories.scale(of).pk)).update(value=10)
    assert summary(of).counts == before.counts
    Score.objects.filter(author=author_of(people[0], Score, factories.scale(of).pk)).delete()
    assert summary(of).counts == (0,) * 11, "below the threshold nothing shows"
    score(of, 7)
    assert summary(of).counts == before.counts, "and above it again what was seen"


def test_what_was_entered_by_a_facilitator_shows_as_it_stands(of: Workshop) -> None:
    score(of, 1, 2)
    factories.scores(of, factories.scale(of), 9)
    assert (summary(of).counts[9], summary(of).n, summary(of).withheld) == (1, 1, 2)
    score(of, 3, 4, 5)
    assert (summary(of).n, summary(of).withheld) == (6, 0)
    factories.scores(of, factories.scale(of), 9)
    assert (summary(of).n, summary(of).waiting) == (7, 0)


def test_a_colour_is_kept_back_as_a_score_is(of: Workshop) -> None:
    rate(of, "RAG")
    deliverable = of.edition.deliverables.get()
    assert (summarise_rag(of, deliverable).n, summarise_rag(of, deliverable).withheld) == (0, 3)
    rate(of, "GG")
    assert (summarise_rag(of, deliverable).n, summarise_rag(of, deliverable).green) == (5, 3)


def test_what_was_peeked_at_is_not_in_the_rooms_summary(of: Workshop) -> None:
    score(of, 1, 2, 3, 3, 4)
    assert summary(of).n == 5
    assert summarise_workshop(of, revealed_only=True).deliverables[0].being == ScaleSummary()


# Dots


def test_dots_of_few_phones_are_not_counted_and_say_so(of: Workshop) -> None:
    one, two = factories.imperative(of, "One"), factories.imperative(of, "Two")
    vote(of, [two], [two, one], [two], [one])
    dots = show_dots(of)
    assert [(row.imperative, row.votes) for row in rank_imperatives(of, dots)] == [(one, None), (two, None)]
    assert dots.shown.withheld == 4
    vote(of, [two])
    assert [(row.imperative, row.votes) for row in rank_imperatives(of, show_dots(of))] == [(two, 4), (one, 2)]


def test_dots_are_compared_as_whole_ballots(of: Workshop) -> None:
    """Nine later phones, of whom four place their first dot elsewhere: each imperative's count would differ by few."""
    one, two = factories.imperative(of, "One"), factories.imperative(of, "Two")
    vote(of, *[[one]] * K)
    rank_imperatives(of, show_dots(of))
    vote(of, [one, two])
    assert [row.votes for row in rank_imperatives(of, show_dots(of))] == [K, 0]
    assert show_dots(of).shown.waiting == 1


def test_dots_on_merged_imperatives_count_a_phone_once_before_and_after_sealing(of: Workshop) -> None:
    rows = [factories.imperative(of, f"Imperative {n}") for n in range(3)]
    vote(of, *[rows[:2]] * 3, *[rows[1:]] * 3)
    merge_imperatives(leading=rows[0], others=[rows[1]])
    expected = [("Imperative 0", 6), ("Imperative 2", 3)]
    assert [(row.imperative.text, row.votes) for row in rank_imperatives(of, show_dots(of))] == expected
    seal_workshop(workshop=close(of))
    of.refresh_from_db()
    assert [(row.imperative.text, row.votes) for row in rank_imperatives(of, show_dots(of))] == expected


# Sealing, rehearsals


def test_sealing_leaves_the_last_picture_for_good(of: Workshop) -> None:
    score(of, 1, 2, 3, 3, 4)
    summary(of)
    score(of, 10)
    rate(of, "RA")
    seal_workshop(workshop=close(of))
    of.refresh_from_db()
    assert (summary(of).n, summary(of).waiting) == (5, 1)
    assert summarise_rag(of, of.edition.deliverables.get()).withheld == 2
    assert {(each.number, each.left_out) for each in SeenPicture.objects.all()} <= {(1, 0), (1, 1), (1, 2)}


def test_rehearsal_leaves_no_picture(of: Workshop) -> None:
    people = [factories.participant(of) for _ in range(K)]
    for person in people:
        mark_as_rehearsal(workshop=of, token=person.token)
        played = factories.afresh(person)
        by = signed(played, Score, factories.scale(of).pk)
        Score.objects.create(workshop=of, scale=factories.scale(of), value=5, **by)
    assert summary(of).n == K
    remove_rehearsal(workshop=of)
    assert not SeenPicture.objects.exists()


# Groups


def grouped(of: Workshop, **sizes: int) -> None:
    """Let so many phones of each group score both scales: the n-th of a group n, as far as 10."""
    for name, size in sizes.items():
        group = of.groups.get(name=name)
        for n in range(size):
            person = factories.participant(of)
            person.group = group
            for number in (1, 2):
                scale = factories.scale(of, n=number)
                by = signed(person, Score, scale.pk)
                Score.objects.create(workshop=of, scale=scale, value=min(n, 10), **by)


def told(of: Workshop) -> list[tuple[str, int, float | None, int]]:
    """Return the groups in the journal: name, n and median on the first scale, n on the second."""
    lines = [line for page in build_journal(of).deliverables for line in page.groups]
    return [
        (line.name, line.being.n, line.being.spread.median if line.being.spread else None, line.progress.n)
        for line in lines
    ]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"East": 6, "West": 5}, [("East", 6, 2.5, 6), ("West", 5, 2, 5)]),
        ({"East": 6, "West": 4}, []),  # West would be what is left
        ({"East": 9, "West": 8, "North": 2}, [("East", 9, 4, 9)]),  # West goes with North, which it hides
    ],
)
def test_groups_show_after_sealing_alone_and_none_that_is_small_or_left_over(
    sizes: dict[str, int], shown: list[tuple[str, int, float, int]]
) -> None:
    of = factories.workshop(deliverables=1, threshold=K, groups=("East", "West", "North"))
    grouped(of, **sizes)
    close(of)
    assert told(of) == []
    seal_workshop(workshop=of)
    of.refresh_from_db()
    assert told(of) == shown
    user = factories.member(of, Role.READER)
    page = factories.desk(user).get(f"/journal/{of.code}/").content.decode()
    names = {name for name in sizes if f'<td class="first">{name}</td>' in page}
    assert names == {name for name, *_ in shown}


def test_groups_do_not_show_where_an_answer_is_kept_back() -> None:
    of = factories.workshop(deliverables=1, threshold=K, groups=("East", "West"))
    grouped(of, East=6, West=6)
    build_journal(close(of))
    by = signed(factories.participant(of), Score, factories.scale(of).pk)
    Score.objects.create(workshop=of, scale=factories.scale(of), value=10, **by)
    seal_workshop(workshop=of)
    of.refresh_from_db()
    assert told(of) == [("East", 0, None, 6), ("West", 0, None, 6)], "one answer on the first scale waits"


def test_journal_is_the_same_before_and_after_sealing_but_for_the_groups() -> None:
    of = factories.workshop(deliverables=1, threshold=K, groups=("East", "West"))
    grouped(of, East=6, West=6)
    rate(of, "RAGGAG-"[:6])
    one, two, three = (factories.imperative(of, f"Imperative {n}") for n in range(3))
    vote(of, [one], [one, two], [two, three], [one], [three], [one])
    merge_imperatives(leading=one, others=[two])
    before = build_journal(close(of))
    seal_workshop(workshop=of)
    of.refresh_from_db()
    after = build_journal(of)
    assert after.has_groups  # only now can no answer change any more
    assert replace(after, deliverables=tuple(replace(page, groups=()) for page in after.deliverables)) == before


# Every screen


def test_no_screen_shows_a_small_number() -> None:
    user = factories.facilitator()
    of = factories.workshop(deliverables=1, threshold=K, by=user)
    score(of, 0, 0, 9, None)
    factories.revealed(of, StageKind.SCALE)
    phone, desk = factories.phone(of), factories.desk(user)
    for name, source in screens(of, phone, desk).items():
        if name in ("csv", "json"):
            assert not re.search(r"being,\d|\[0, 1|\[2, 0", source), name
        else:
            assert TOO_FEW in source, name
            assert "Median" not in source, name


def test_one_more_answer_changes_no_picture_on_any_screen() -> None:
    user = factories.facilitator()
    of = factories.workshop(deliverables=1, threshold=K, by=user)
    score(of, 0, 0, 2, 4, 9, None)
    factories.revealed(of, StageKind.SCALE)
    phone, desk = factories.phone(of), factories.desk(user)
    before = screens(of, phone, desk)
    assert all(picture(source) for source in before.values())
    score(of, 10)
    after = screens(of, phone, desk)
    for name, source in after.items():
        assert picture(source) == picture(before[name]), name
        assert name in ("csv", "json") or LATER in source, name
    score(of, 10, 10, 10, 10)
    for name, source in screens(of, phone, desk).items():
        assert picture(source) != picture(before[name]), f"{name}: else the comparison above would say nothing"


class TestDifferencing(TestCase):
    """Whatever is given, changed and withdrawn between looks at real summaries, no two that were seen differ by few."""

    @how(max_examples=40, deadline=None)
    @given(
        moves=st.lists(
            st.tuples(st.sampled_from(["give", "change", "withdraw", "look"]), st.integers(0, 8), st.integers(0, 10)),
            max_size=25,
        )
    )
    def test_no_two_pictures_seen_differ_by_few(self, moves: list[tuple[str, int, int]]) -> None:
        of = factories.workshop(deliverables=1, threshold=3)
        scale = factories.scale(of)
        people = score(of, 1, 2, 3, 4)
        seen: list[Counter[str]] = []
        for move, number, value in [("look", 0, 0), *moves, ("look", 0, 0)]:
            if move == "give":
                people += score(of, value)
            elif move == "look":
                seen.append(show_scores(of, [scale.pk])[scale.pk].phones)
            else:
                rows = Score.objects.filter(author=author_of(people[number % len(people)], Score, scale.pk))
                _ = rows.update(value=value) if move == "change" else rows.delete()
        pictures = [each for each in seen if each]
        assert all(is_apart(one, other, 3) for one, other in combinations(pictures, 2))


# Nothing goes round it

COUNTED = {"Score", "RagRating", "Vote"}
MAY_READ = {
    "showing": "the one that says what may be shown",
    "tallies": "how many have answered, never what",
    "cards": "a phone's own answers",
    "authorship": "a phone's own answers",
    "withdrawing": "removes",
    "scoring": "writes",
    "imperatives": "writes",
    "aloud": "what a facilitator entered",
    "rehearsal": "removes",
    "sealing": "rewrites",
    "restoring": "writes",
    "exporting": "leaves them out",
    "carrying/parts": "names what is carried of a sealed workshop, locked",
    "carrying/checking": "refuses what no workshop of ours holds",
}


def test_no_other_module_reads_what_is_counted() -> None:
    reading = set()
    ratings = settings.BASE_DIR / "ratings"
    for path in sorted(set(ratings.rglob("*.py")) - set((ratings / "models").glob("*.py"))):
        imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        if any(COUNTED & {name.name for name in each.names} for each in imports):
            reading.add(path.relative_to(ratings).with_suffix("").as_posix())
    assert reading == set(MAY_READ), "a new reader of answers could go round what may be shown"
