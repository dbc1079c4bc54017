"""All that one participant has answered so far, for that participant's eyes only."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.authorship import answers_of
from ratings.choices import PRINTED, Asked
from ratings.models import Imperative
from workshops.choices import StageKind
from workshops.models import Deliverable, Participant, Stage, Workshop


@dataclass(frozen=True)
class AnswerRow:
    """One stage and what was answered there; `given` tells "no answer" from an answer that is "can't say".

    `higher` is what one point higher would look like, in the words given.
    """

    stage: Stage
    given: bool
    value: str
    comment: str = ""
    higher: str = ""


@dataclass(frozen=True)
class DeliverableAnswers:
    """The answers about one deliverable, in the order of its stages."""

    no: int
    deliverable: Deliverable
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class AnswersSoFar:
    """Everything a participant gave: by deliverable, imperatives in their slots, imperatives voted for.

    Of the dots `votes_aside` are on imperatives that the facilitator keeps back: nobody is shown their words. `naming`
    and `voting` are the stages at which the last two are asked.
    """

    deliverables: tuple[DeliverableAnswers, ...]
    imperatives: tuple[Imperative, ...]
    votes: tuple[Imperative, ...]
    votes_aside: int
    naming: Stage | None
    voting: Stage | None

    @property
    def given(self) -> int:
        """How many questions have an answer."""
        rows = sum(row.given for each in self.deliverables for row in each.rows)
        return rows + bool(self.imperatives) + bool(self.votes or self.votes_aside)

    @property
    def asked(self) -> int:
        """How many questions there are."""
        rows = sum(len(each.rows) for each in self.deliverables)
        return rows + (self.naming is not None) + (self.voting is not None)


def answers_so_far(participant: Participant) -> AnswersSoFar:
    """Return all of a participant's answers. Six queries, however many answers."""
    stages = list(participant.workshop.stages.select_related("deliverable", "scale"))
    mine = answers_of(participant, stages)
    scores = {score.scale_id: score for score in mine.scores}
    comments = {(each.scale_id, each.asked): each.text for each in mine.comments}
    rags = {rag.deliverable_id: rag for rag in mine.rags}
    by_kind = {stage.kind: stage for stage in stages}
    by_deliverable: dict[Deliverable, list[AnswerRow]] = {}
    for stage in stages:
        if stage.deliverable is None or stage.kind not in (StageKind.SCALE, StageKind.RAG):
            continue
        if stage.scale:
            score = scores.get(stage.scale.pk)
            value = "" if score is None or score.value is None else str(score.value)
            why, higher = (comments.get((stage.scale.pk, asked), "") for asked in (Asked.WHY, Asked.HIGHER))
            row = AnswerRow(stage, score is not None, value, why, higher)
        else:
            rag = rags.get(stage.deliverable.pk)
            row = AnswerRow(stage, rag is not None, rag.get_value_display() if rag and rag.value else "")
        by_deliverable.setdefault(stage.deliverable, []).append(row)
    votes = [vote.imperative for vote in mine.votes.select_related("imperative__merged_into").order_by("slot")]
    shown = [each for each in votes if {each.state, (each.merged_into or each).state} <= {*PRINTED}]
    return AnswersSoFar(
        tuple(
            DeliverableAnswers(no, each, tuple(rows)) for no, (each, rows) in enumerate(by_deliverable.items(), start=1)
        ),
        tuple(mine.imperatives.order_by("slot")),
        tuple(shown),
        len(votes) - len(shown),
        by_kind.get(StageKind.IMPERATIVES),
        by_kind.get(StageKind.PRIORITIES),
    )


def write_copy(workshop: Workshop, answers: AnswersSoFar) -> str:
    """Return one participant's answers as plain text to keep."""
    lines = [workshop.edition.title, f"{workshop.organisation}, {workshop.date:%d.%m.%Y}", "", _("My answers"), ""]
    for each in answers.deliverables:
        lines += [f"{each.no} {each.deliverable.name}"]
        for row in each.rows:
            lines += [f"  {row.stage.title}: {_said(row)}"]
            lines += [f"    {words}" for words in row.comment.splitlines()]
            if row.higher:
                lines += [f"  {_('What would one point higher look like?')}"]
                lines += [f"    {words}" for words in row.higher.splitlines()]
        lines += [""]
    for title, rows in ((_("What must happen next"), answers.imperatives), (_("My dots"), answers.votes)):
        if rows:
            lines += [title, *(f"  {words}" for row in rows for words in row.text.splitlines()), ""]
    if answers.votes_aside:
        n = answers.votes_aside
        lines += [ngettext("%d dot is on words that are not shown.", "%d dots are on words that are not shown.", n) % n]
    return "\n".join(lines).strip() + "\n"


def _said(row: AnswerRow) -> str:
    """Return what was answered in a word or two."""
    if row.value or not row.given:
        return row.value or _("no answer")
    return _("can’t say")
