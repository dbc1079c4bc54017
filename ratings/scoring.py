"""Record what a participant answers on a scale and as a RAG rating, checked while the stage is open."""

from __future__ import annotations

from django.db import transaction

from ratings.authorship import signed, unordered_id
from ratings.choices import Asked
from ratings.commenting import record_comment
from ratings.models import RagRating, Score
from workshops.choices import StageKind
from workshops.live import Topic, announce
from workshops.models import Deliverable, Participant, Scale, Stage
from workshops.prepared import Upsert
from workshops.sessions import asks_higher, require_open

_SCORE = Upsert(Score, unique="author", update=["value"])
_RAG = Upsert(RagRating, unique="author", update=["value"])


@transaction.atomic
def record_score(*, participant: Participant, scale: Scale, value: int | None, mark: str = "", text: str = "") -> Stage:
    """Save or change a participant's score (0 to 10, None for "can't say") and comment on a scale.

    An empty text takes the comment back; a changed one must be looked at again before the wall shows it. Sent twice it
    counts once. Returns the stage answered. Raises StageClosed when the scale's stage does not take answers.
    """
    workshop = participant.workshop
    stage = require_open(workshop, kind=StageKind.SCALE, scale=scale)
    by = signed(participant, Score, scale.pk)
    _SCORE.save(Score(pk=unordered_id(), workshop=workshop, scale=scale, value=value, **by))
    record_comment(participant=participant, scale=scale, mark=mark, text=text)
    announce(workshop, Topic.TALLY)
    return stage


@transaction.atomic
def record_higher(*, participant: Participant, scale: Scale, text: str) -> Stage:
    """Save or change what a participant says one point higher on a scale would look like; "" takes it back.

    Returns the stage at which it was asked. Raises StageClosed unless phones are asked: while the room looks at it.
    """
    workshop = participant.workshop
    stage = require_open(workshop, when=asks_higher, kind=StageKind.SCALE, scale=scale)
    record_comment(participant=participant, scale=scale, text=text, asked=Asked.HIGHER)
    announce(workshop, Topic.TALLY)
    return stage


@transaction.atomic
def record_rag(*, participant: Participant, deliverable: Deliverable, value: str) -> Stage:
    """Save or change a participant's RAG rating of a deliverable; "" is "can't say". Returns the stage answered.

    Raises StageClosed.
    """
    workshop = participant.workshop
    stage = require_open(workshop, kind=StageKind.RAG, deliverable=deliverable)
    by = signed(participant, RagRating, deliverable.pk)
    _RAG.save(RagRating(pk=unordered_id(), workshop=workshop, deliverable=deliverable, value=value, **by))
    announce(workshop, Topic.TALLY)
    return stage
