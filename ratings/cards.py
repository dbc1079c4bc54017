"""Cards: frozen contexts, each all that a phone shows of the open stage. A card knows its template.

The card of a stage is the same for every phone until a participant's own answer is put into it, so it can be rendered
once and pushed to all.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.forms import Form
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ratings.authorship import author_of
from ratings.choices import COMMENT_MAX, IMPERATIVE_MAX, VOTES_EACH, Asked, Mark, Rag
from ratings.forms import UNSURE
from ratings.imperatives import to_vote_on
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.names import FindingKind, find_names
from ratings.revealed import Revealed, revealed_to_phones
from workshops.choices import ScaleKind, StageKind
from workshops.live import PhoneFragment
from workshops.models import Deliverable, Participant, Scale, Stage, Workshop
from workshops.sessions import asks_higher, current_stage, takes_answers

WORDS = ("text", "higher", "text_1", "text_2")
"""The fields of all forms that hold words."""


@dataclass(frozen=True)
class Card:
    """What a phone shows of a stage. `answer` holds the participant's own values by field name; empty: none yet."""

    workshop: Workshop
    stage: Stage | None
    deliverables: Sequence[Deliverable] = ()
    people: int = 0
    imperatives: Sequence[Imperative] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)
    saved: bool = False
    saved_at: str = ""
    errors: Sequence[tuple[str, str]] = ()
    closed: bool = False
    found: Sequence[tuple[str, str]] = ()
    found_in: str = ""
    revealed: Revealed | None = None

    scores = tuple(range(11))
    marks = tuple(Mark)
    rags = tuple(Rag)
    comment_max = COMMENT_MAX
    imperative_max = IMPERATIVE_MAX
    votes_each = VOTES_EACH
    unsure = UNSURE
    kinds = tuple(FindingKind)

    @property
    def key(self) -> str:
        """What this card is a card of: a phone that shows the same key need not change."""
        if self.stage is None:
            return "none"
        return f"{self.stage.pk}-{self.stage.state}{'-over' if self.stage.is_over else ''}"

    @property
    def template(self) -> str:
        """The fragment that draws this card."""
        if self.closed:
            name = "closed"
        elif self.workshop.is_closed or self.stage is None:
            name = "finished"
        elif self.stage.kind == StageKind.LOBBY:
            name = "lobby"
        elif self.stage.asks and takes_answers(self.workshop, self.stage):
            name = self.stage.kind
        elif self.stage.is_over:
            name = "time_over"
        else:
            name = "revealed" if self.revealed else "look_up"
        return f"ratings/participate/_{name}.html"

    @property
    def asks_higher(self) -> bool:
        """Whether the room looks at a scale of which this participant may say what one point higher would look like."""
        return "higher" in self.answer

    @property
    def dock(self) -> str:
        """The fragment with the button, and with what became of the answer."""
        return f"ratings/participate/{'_higher_dock' if self.asks_higher else '_dock'}.html"

    @property
    def number(self) -> int | None:
        """The place of this stage's deliverable, from 1; None for a stage of no deliverable."""
        ids = [deliverable.pk for deliverable in self.deliverables]
        return ids.index(self.stage.deliverable_id) + 1 if self.stage and self.stage.deliverable_id in ids else None

    @property
    def question(self) -> int | None:
        """The place of this stage among the three questions of its deliverable; None for another kind of stage."""
        if self.stage and self.stage.scale:
            return 1 if self.stage.scale.kind == ScaleKind.BEING else 2
        return 3 if self.stage and self.stage.kind == StageKind.RAG else None

    @property
    def told(self) -> str:
        """What a screen reader is told when this card comes."""
        if self.closed:
            return _("This question has closed.")
        if self.workshop.is_closed or self.stage is None:
            return _("The workshop has closed.")
        if self.revealed:
            return _("The answers are here and on the wall: %(title)s") % {"title": self.stage.title}
        if self.template.endswith("_time_over.html"):
            return _("Time is up. This question has closed.")
        if self.template.endswith("_look_up.html"):
            return _("Look up: the answers are on the wall.")
        return _("New question: %(title)s") % {"title": self.stage.title} if self.stage.asks else _("You are in.")

    @property
    def words(self) -> list[str]:
        """The words typed into a card that was refused: they are shown, so that they can be copied."""
        return [self.answer[name] for name in WORDS if self.answer.get(name)]


def stage_card(workshop: Workshop) -> Card:
    """Return the card of the workshop's current stage, the same for every phone. At most seven queries."""
    card = _card(workshop, current_stage(workshop))
    return replace(card, revealed=revealed_to_phones(workshop, card.stage)) if card.stage else card


def _card(workshop: Workshop, stage: Stage | None) -> Card:
    card = Card(workshop, stage, deliverables=tuple(workshop.edition.deliverables.all()))
    if stage and stage.kind == StageKind.LOBBY:
        card = replace(card, people=workshop.participants.count())
    if stage and stage.kind == StageKind.PRIORITIES:
        card = replace(card, imperatives=tuple(to_vote_on(workshop)))
    return card


def participant_card(participant: Participant, stage: Stage | None = None) -> Card:
    """Return the card of a stage (else the current one) with this participant's own answer; two queries more.

    `saved` is about what its form holds: where the room looks at a scale, what one point higher would look like.
    """
    card = _card(participant.workshop, stage or current_stage(participant.workshop))
    answer = _answer_of(participant, card.stage) if card.stage else {}
    revealed = revealed_to_phones(participant.workshop, card.stage, answer=answer) if card.stage else None
    shuffled = list(card.imperatives)
    random.Random(participant.token_hash).shuffle(shuffled)  # noqa: S311 (an order of one's own, no secret)
    saved = bool(answer.get("higher", answer))
    return replace(card, answer=answer, saved=saved, imperatives=tuple(shuffled), revealed=revealed)


def saved_card(participant: Participant, stage: Stage, form: Form) -> Card:
    """Return the card that confirms a save that has just been made; no queries."""
    return Card(
        participant.workshop, stage, answer=form.cleaned_data, saved=True, saved_at=f"{timezone.localtime():%H:%M}"
    )


def render_saved(card: Card) -> str:
    """Return the fragment that confirms a save: the same for all phones of a workshop within a minute."""
    return _saved(card.workshop.code, card.saved_at, card.dock, bool(card.answer.get("higher")), get_language())


@lru_cache(maxsize=256)
def _saved(code: str, at: str, dock: str, says_higher: bool, language: str) -> str:
    card = {"workshop": {"code": code}, "saved": True, "saved_at": at, "dock": dock, "answer": {"higher": says_higher}}
    return render_to_string("ratings/participate/_saved.html", {"card": card})


def refused_card(participant: Participant, stage: Stage, form: Form, *, closed: bool = False) -> Card:
    """Return the card of the stage answered, with what was typed still in it and why it was not saved."""
    card = participant_card(participant, stage)
    errors = tuple((name, str(message)) for name, messages in form.errors.items() for message in messages)
    answer = _typed(form) if closed else {**card.answer, **_typed(form)}
    return replace(card, answer=answer, errors=errors, closed=closed, saved=False)


def warned_card(participant: Participant, stage: Stage, form: Form) -> Card | None:
    """Return the card with what was typed and what in it may point to a person; None when nothing does.

    For a phone without script; the others check before they send. The form must be valid.
    """
    words = {name: form.cleaned_data.get(name) or "" for name in WORDS}
    found = [(name, each) for name, text in words.items() for each in find_names(text)]
    if not found:
        return None
    said = dict.fromkeys((str(each.kind.label), words[name][each.start : each.end]) for name, each in found)
    return replace(refused_card(participant, stage, form), found=tuple(said), found_in=f"f-{found[0][0]}")


def _typed(form: Form) -> dict[str, Any]:
    """Return what was typed, by field name; a field that takes several values as a list of them."""
    typed: dict[str, Any] = {}
    for name, each in form.fields.items():
        value = each.widget.value_from_datadict(form.data, form.files, name)
        typed[name] = list(value) if isinstance(value, list) else value or ""
    return typed


def _answer_of(participant: Participant, stage: Stage) -> dict[str, Any]:
    """Return this participant's answer at a stage as form values; empty if there is none."""
    if stage.scale_id:
        return _scale_answer(participant, stage)
    if stage.kind == StageKind.RAG and stage.deliverable_id:
        rag = RagRating.objects.filter(author=author_of(participant, RagRating, stage.deliverable_id)).first()
        return {"value": rag.value or UNSURE} if rag else {}
    if stage.kind == StageKind.TOGETHER:
        scales = Scale.objects.filter(deliverable=stage.deliverable_id).values_list("pk", flat=True)
        scores = Score.objects.filter(author__in=[author_of(participant, Score, scale) for scale in scales])
        return {
            kind: UNSURE if value is None else str(value) for kind, value in scores.values_list("scale__kind", "value")
        }
    if stage.kind == StageKind.IMPERATIVES:
        answer: dict[str, Any] = {}
        for row in Imperative.objects.filter(author=author_of(participant, Imperative)).prefetch_related(
            "deliverables"
        ):
            answer[f"text_{row.slot}"] = row.text
            answer[f"deliverables_{row.slot}"] = [str(deliverable.pk) for deliverable in row.deliverables.all()]
        return answer
    if stage.kind == StageKind.PRIORITIES:
        mine = Vote.objects.filter(author=author_of(participant, Vote))
        dots = mine.values_list("imperative_id", "imperative__merged_into")
        return {"imperative": [str(leading or pk) for pk, leading in dots]} if dots else {}
    return {}


def _scale_answer(participant: Participant, stage: Stage) -> dict[str, Any]:
    """Return a score and its comment, and what one point higher would look like if that is asked; two queries."""
    score = Score.objects.filter(author=author_of(participant, Score, stage.scale_id)).first()
    asked = asks_higher(participant.workshop, stage)
    answer: dict[str, Any] = {}
    if score is None and not asked:
        return answer
    mine = Comment.objects.filter(author__in=[author_of(participant, Comment, stage.scale_id, each) for each in Asked])
    comments = {each.asked: each for each in mine}
    if score:
        answer["value"] = UNSURE if score.value is None else str(score.value)
        why = comments.get(Asked.WHY)
        answer |= {"mark": why.mark if why else "", "text": why.text if why else ""}
    if asked:
        higher = comments.get(Asked.HIGHER)
        answer["higher"] = higher.text if higher else ""
    return answer


def render_phone_fragment(workshop: Workshop) -> PhoneFragment:
    """Render the current stage's card once for all phones: `settings.PHONE_FRAGMENT`."""
    card = stage_card(workshop)
    stage = card.stage
    fresh = stage is not None and not workshop.is_closed
    if stage and stage.asks and stage.is_open:  # a phone may have answered before, or has its own order of imperatives
        fresh = stage.kind != StageKind.PRIORITIES and stage.moves.count() <= 1
    html = render_to_string(card.template, {"card": card})
    return PhoneFragment(
        stage=card.key, html=html, fresh=fresh, follows_tally=bool(stage and stage.kind == StageKind.LOBBY)
    )
