"""What may be shown of the answers there are: whatever shows a number reads it here, and what it read is remembered.

The rules are those of `ratings.suppression`. They are for phones; what was said aloud or written on paper was public in
the room, and is shown as it stands.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from ratings.choices import ENTERED
from ratings.models import RagRating, Score, SeenPicture, Vote
from ratings.suppression import kept_back, next_picture, shown_groups
from workshops.choices import StageKind
from workshops.models import Stage, Workshop

UNSURE = ""
"""How a picture names "can't say"."""

chance = random.SystemRandom()


def kept_words(withheld: int, waiting: int) -> str:
    """Return the sentence that says which phones' answers are not shown, and why; empty when all are."""
    if withheld:
        words = ngettext(
            "%(n)s person has answered: too few to show how without giving that answer away.",
            "%(n)s people have answered: too few to show how without giving somebody’s answer away.",
            withheld,
        )
        return words % {"n": withheld}
    words = ngettext(
        "%(n)s later answer is not shown yet: alone it would give somebody away.",
        "%(n)s later answers are not shown yet: so few would give somebody away.",
        waiting,
    )
    return words % {"n": waiting} if waiting else ""


@dataclass(frozen=True)
class Shown:
    """What may be shown of one question's answers: how many gave each, from phones and as entered by a facilitator.

    `withheld` is how many phones have answered where that is too few to show any of it, else 0. `waiting` is how many
    more have answered, or fewer, than the picture that was seen has; who changed an answer meanwhile is not counted.
    """

    phones: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    withheld: int = 0
    waiting: int = 0

    @property
    def answers(self) -> Counter[str]:
        """How many gave each answer, however it came."""
        return self.phones + self.entered

    @property
    def kept_words(self) -> str:
        """What to say of answers that are not shown; empty when all are."""
        return kept_words(self.withheld, self.waiting)


@dataclass(frozen=True)
class Dots:
    """What may be shown of the dots: which imperatives phones placed theirs on together, and those from paper."""

    shown: Shown = field(default_factory=Shown)

    @property
    def are_shown(self) -> bool:
        """Whether there is a count to show, be it of nobody: not where too few phones placed dots, and no paper did."""
        return not self.shown.withheld or bool(self.shown.entered)

    @cached_property
    def ballots(self) -> list[tuple[frozenset[int], int]]:
        """Each choice of imperatives, by id, with how many phones made it."""
        return [(frozenset(map(int, chosen.split())), n) for chosen, n in self.shown.phones.items()]

    def on(self, *imperatives: int) -> tuple[int, int]:
        """Return the dots on imperatives that stand together, and how many came on paper; a phone counts once."""
        wanted = set(imperatives)
        entered = sum(self.shown.entered[str(key)] for key in wanted)
        return sum(n for chosen, n in self.ballots if chosen & wanted) + entered, entered


Answers = Mapping[int, tuple[Counter[str], Counter[str]]]
"""Of each question, by the id of what it is about: the answers of phones, and those entered."""


def show_scores(workshop: Workshop, scales: Collection[int]) -> dict[int, Shown]:
    """Return what may be shown of the scores on scales, by their ids. Two queries, and three where it is news."""
    rows = Score.objects.filter(workshop=workshop, scale__in=scales)
    return _show(workshop, StageKind.SCALE, scales, _count(rows, "scale_id"))


def show_ratings(workshop: Workshop, deliverables: Collection[int]) -> dict[int, Shown]:
    """Return what may be shown of the RAG ratings of deliverables, by their ids. Queries as for scores."""
    rows = RagRating.objects.filter(workshop=workshop, deliverable__in=deliverables)
    return _show(workshop, StageKind.RAG, deliverables, _count(rows, "deliverable_id"))


def show_dots(workshop: Workshop) -> Dots:
    """Return what may be shown of the dots. Queries as for scores."""
    ballots: dict[str, list[int]] = {}
    entered: Counter[str] = Counter()
    for author, source, imperative in Vote.objects.filter(imperative__workshop=workshop).values_list(
        "author", "source", "imperative"
    ):
        if source in ENTERED:
            entered[str(imperative)] += 1
        elif author:
            ballots.setdefault(author, []).append(imperative)
    phones = Counter(" ".join(map(str, sorted(chosen))) for chosen in ballots.values())
    return Dots(_show(workshop, StageKind.PRIORITIES, [0], {0: (phones, entered)})[0])


def show_groups(workshop: Workshop) -> dict[int, dict[int, Counter[str]]]:
    """Return the scores from phones on each scale by group, by their ids: those groups that may be shown, and no other.

    Nothing before sealing, when an answer can still change. Two queries, none before sealing.
    """
    return _groups(workshop) if workshop.is_sealed else {}


def groups_to_keep(workshop: Workshop) -> set[int]:
    """Return the groups, by id, that may be shown once a workshop is sealed. For sealing, after `settle_pictures`.

    In the others too few answered to hide in: their answers are nobody's group's from then on, in the database too.
    """
    return {group for groups in _groups(workshop).values() for group in groups}


def _groups(workshop: Workshop) -> dict[int, dict[int, Counter[str]]]:
    """Return the scores by group, of scales of which no answer is kept back: the groups together would tell it."""
    seen = SeenPicture.objects.filter(stage__workshop=workshop, stage__kind=StageKind.SCALE)
    pictures = {scale: Counter[str](answers) for scale, answers in seen.values_list("stage__scale", "answers")}
    rows = Score.objects.filter(workshop=workshop, scale__in=pictures).exclude(source__in=ENTERED)
    given: dict[int, Counter[str]] = {}
    scales: dict[int, dict[int | None, Counter[str]]] = {}
    for scale, group, value, n in rows.order_by().values_list("scale", "group", "value").annotate(n=Count("pk")):
        given.setdefault(scale, Counter())[UNSURE if value is None else str(value)] += n
        if value is not None:
            scales.setdefault(scale, {}).setdefault(group, Counter())[str(value)] += n
    scales = {scale: groups for scale, groups in scales.items() if given[scale] == pictures[scale]}
    sizes = [{group: counts.total() for group, counts in groups.items()} for groups in scales.values()]
    shown = shown_groups(sizes, workshop.edition.threshold) - {None}
    return {
        scale: {group: groups[group] for group in sorted(shown, key=str) if group is not None}
        for scale, groups in scales.items()
        if shown
    }


def forget_pictures(workshop: Workshop) -> None:
    """Forget what was seen of a rehearsal: no answer of a person was in it."""
    SeenPicture.objects.filter(stage__workshop=workshop).delete()


@transaction.atomic
def settle_pictures(workshop: Workshop) -> None:
    """Leave one picture a question, the one that will be shown from now on whoever looks. For sealing, before it.

    Dots are counted on the imperatives that lead, so that no phone's choices stand together any more.
    """
    leads = dict(
        Vote.objects.filter(imperative__workshop=workshop).values_list("imperative", "imperative__merged_into")
    )
    dots = show_dots(workshop)
    counted: Counter[str] = Counter()
    for chosen, n in dots.ballots:
        for lead in {leads.get(key) or key for key in chosen}:
            counted[str(lead)] += n
    stages = list(workshop.stages.filter(kind__in=ASKING))
    about = {kind: [_about(stage) for stage in stages if stage.kind == kind] for kind in ASKING}
    shown = {
        StageKind.SCALE: show_scores(workshop, about[StageKind.SCALE]),
        StageKind.RAG: show_ratings(workshop, about[StageKind.RAG]),
        StageKind.PRIORITIES: {0: replace(dots.shown, phones=counted)},
    }
    forget_pictures(workshop)
    SeenPicture.objects.bulk_create(
        SeenPicture(stage=stage, number=1, answers=each.phones, left_out=each.withheld or each.waiting)
        for stage in stages
        for each in [shown[StageKind(stage.kind)][_about(stage)]]
    )


def follow_imperatives(workshop: Workshop, new: Mapping[int, int]) -> None:
    """Let settled dots stand by the imperatives' new ids, given by their old ones."""
    for picture in SeenPicture.objects.filter(stage__workshop=workshop, stage__kind=StageKind.PRIORITIES):
        picture.answers = {str(new[int(key)]): n for key, n in picture.answers.items() if int(key) in new}
        picture.save(update_fields=["answers"])


ASKING = (StageKind.SCALE, StageKind.RAG, StageKind.PRIORITIES)
"""The stages whose answers are counted."""


def _about(stage: Stage) -> int:
    """Return the id of what a stage asks about; 0 at that for the dots."""
    return {StageKind.SCALE: stage.scale_id, StageKind.RAG: stage.deliverable_id}.get(StageKind(stage.kind)) or 0


def _count(rows: QuerySet[Score] | QuerySet[RagRating], about: str) -> Answers:
    """Count the answers to each question. One query."""
    counted: dict[int, tuple[Counter[str], Counter[str]]] = {}
    for key, value, source, n in rows.order_by().values_list(about, "value", "source").annotate(n=Count("pk")):
        phones, entered = counted.setdefault(key, (Counter(), Counter()))
        (entered if source in ENTERED else phones)[UNSURE if value is None else str(value)] += n
    return counted


def _show(workshop: Workshop, kind: StageKind, wanted: Collection[int], answers: Answers) -> dict[int, Shown]:
    """Return what may be shown of the answers to each question wanted; remember what is shown for the first time."""
    seen: dict[int, list[SeenPicture]] = {about: [] for about in wanted}
    pictures = SeenPicture.objects.filter(stage__workshop=workshop, stage__kind=kind).select_related("stage")
    for each in pictures.order_by("number"):
        seen.setdefault(_about(each.stage), []).append(each)
    given = {about: answers.get(about, (Counter[str](), Counter[str]())) for about in wanted}
    if not workshop.is_sealed:  # else nothing can change any more, and what was seen last is what is shown
        seen |= _news(workshop, kind, {about: (seen[about], now) for about, (now, _entered) in given.items()})
    shown = {}
    for about, (now, entered) in given.items():
        last = seen[about][-1] if seen[about] else SeenPicture(answers={})
        picture = Counter[str](last.answers)
        if not workshop.is_sealed and now.total() < workshop.edition.threshold:
            picture = Counter()
        left_out = last.left_out if workshop.is_sealed else kept_back(picture, now)
        shown[about] = Shown(picture, entered, 0 if picture else left_out, left_out if picture else 0)
    return shown


def _news(
    workshop: Workshop, kind: StageKind, questions: Mapping[int, tuple[list[SeenPicture], Counter[str]]]
) -> dict[int, list[SeenPicture]]:
    """Remember the pictures that are about to be seen for the first time; return them by question.

    Somebody else may have been shown a first picture at the same moment: then it is theirs that is returned.
    """
    threshold, news = workshop.edition.threshold, {}
    for about, (seen, now) in questions.items():
        before = [Counter[str](each.answers) for each in seen]
        picture = next_picture(before, now, threshold, chance)
        if picture and picture not in before[-1:]:
            news[about] = (len(seen) + 1, picture)
    if not news:
        return {}
    stages = {_about(stage): stage for stage in workshop.stages.filter(kind=kind)}
    SeenPicture.objects.bulk_create(
        [SeenPicture(stage=stages[about], number=number, answers=picture) for about, (number, picture) in news.items()],
        ignore_conflicts=True,
    )
    written = SeenPicture.objects.filter(stage__in=[stages[about] for about in news]).order_by("number")
    found: dict[int, list[SeenPicture]] = {}
    for row in written.select_related("stage"):
        found.setdefault(_about(row.stage), []).append(row)
    return found
