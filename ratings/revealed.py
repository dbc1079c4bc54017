"""What a phone shows of a stage that the room looks at: the wall's picture, drawn for a small screen.

Without an answer it is the same for every phone, and may be pushed to all. With one it is for that participant alone.
Nothing is read here of a stage that has not been revealed, and nothing is ever shown by group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ratings.charts import DESK, ChartView, both, rag_people, strip
from ratings.choices import Rag
from ratings.forms import UNSURE
from ratings.imperatives import RankedImperative, rank_imperatives
from ratings.showing import show_dots
from ratings.summaries import summarise_rag, summarise_scale
from workshops.choices import ScaleKind, StageKind
from workshops.models import Scale, Stage, Workshop

PHONE = DESK.sized(width=288)
"""The narrowest phone, 320 pixels less its margins; a wider one shows the same picture larger."""


@dataclass(frozen=True)
class Revealed:
    """What is shown: a chart or a ranking. `own` says in sentences what one participant gave; empty: it is for all.

    `kept` says which answers are not shown.
    """

    chart: ChartView | None = None
    ends: tuple[str, str] | None = None
    ranking: tuple[RankedImperative, ...] = ()
    own: tuple[str, ...] = ()
    dots: frozenset[int] = frozenset()
    kept: str = ""


def revealed_to_phones(workshop: Workshop, stage: Stage, *, answer: Mapping[str, Any] | None = None) -> Revealed | None:
    """Return what phones show of a stage; None before the reveal, or where nobody gave anything. At most four queries.

    `answer` is what one participant gave there, by field name; empty if nothing, None for a picture that is for all.
    """
    if stage.is_revealed and stage.scale:
        return _scale(workshop, stage.scale, answer)
    if stage.is_revealed and stage.kind == StageKind.RAG:
        return _rag(workshop, stage, answer)
    if stage.is_revealed and stage.kind == StageKind.PRIORITIES:
        return _ranking(workshop, answer)
    if stage.kind == StageKind.TOGETHER:
        return _together(workshop, stage, answer)
    return None


def _scale(workshop: Workshop, scale: Scale, answer: Mapping[str, Any] | None) -> Revealed | None:
    title, kind = str(scale.get_kind_display()), ScaleKind(scale.kind)
    summary = summarise_scale(workshop, scale)
    scene = strip(summary, id="strip", title=title, kind=kind, form=PHONE, own=_score(answer, "value"))
    if scene is None and not summary.withheld:
        return None
    ends = (scale.short_zero, scale.short_ten)
    own = _words(_scale_words, answer)
    return Revealed(ChartView.of(scene), ends, own=own, kept=summary.kept_words)


def _rag(workshop: Workshop, stage: Stage, answer: Mapping[str, Any] | None) -> Revealed | None:
    if stage.deliverable is None:
        return None
    value = (answer or {}).get("value")
    mine = Rag(value) if value in Rag.values else None
    summary = summarise_rag(workshop, stage.deliverable)
    scene = rag_people(summary, id="rag", title=_("Overall rating"), form=PHONE, own=mine)
    if scene is None and not summary.withheld:
        return None
    return Revealed(ChartView.of(scene), own=_words(_rag_words, answer), kept=summary.kept_words)


def _together(workshop: Workshop, stage: Stage, answer: Mapping[str, Any] | None) -> Revealed | None:
    """Return both scales of the stage's deliverable, once the room has seen both."""
    seen = workshop.stages.filter(
        kind=StageKind.SCALE, deliverable=stage.deliverable_id, revealed_at__isnull=False
    ).select_related("scale")
    scales = {each.scale.kind: each.scale for each in seen if each.scale}
    if len(scales) < len(ScaleKind) or stage.deliverable is None:
        return None
    being, progress = (summarise_scale(workshop, scales[kind]) for kind in ScaleKind)
    own = (_score(answer, ScaleKind.BEING), _score(answer, ScaleKind.PROGRESS))
    scene = both(being, progress, id="both", title=stage.deliverable.name, form=PHONE, own=own)
    kept = being.kept_words or progress.kept_words
    return Revealed(ChartView.of(scene), own=_words(_together_words, answer), kept=kept) if scene or kept else None


def _ranking(workshop: Workshop, answer: Mapping[str, Any] | None) -> Revealed | None:
    shown = show_dots(workshop)
    ranking = tuple(rank_imperatives(workshop, shown))
    dots = frozenset(int(pk) for pk in (answer or {}).get("imperative", ()))
    own, kept = _words(_votes_words, answer), shown.shown.kept_words
    return Revealed(ranking=ranking, own=own, dots=dots, kept=kept) if ranking else None


def _score(answer: Mapping[str, Any] | None, name: str) -> int | None:
    """Return the number that was given; None for "can't say", for no answer, and for a picture that is for all."""
    value = (answer or {}).get(name, UNSURE)
    return None if value == UNSURE else int(value)


def _words(say: Callable[[Mapping[str, Any]], list[str]], answer: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the sentences about an answer; none in a picture that is for all."""
    return () if answer is None else tuple(say(answer))


def _scale_words(answer: Mapping[str, Any]) -> list[str]:
    value = answer.get("value")
    if value is None:
        return [_("You gave no answer here.")]
    return [_("You said that you can’t say.") if value == UNSURE else _("You gave %(value)s.") % {"value": value}]


def _rag_words(answer: Mapping[str, Any]) -> list[str]:
    says = {
        None: _("You gave no answer here."),
        UNSURE: _("You said that you can’t say."),
        Rag.RED: _("You chose red."),
        Rag.AMBER: _("You chose amber."),
        Rag.GREEN: _("You chose green."),
    }
    return [says[answer.get("value")]]


def _together_words(answer: Mapping[str, Any]) -> list[str]:
    if not answer:
        return [_("You gave no answer here.")]
    says = {
        ScaleKind.BEING: (
            _("You gave %(value)s for being at the goal."),
            _("You said that you can’t say for being at the goal."),
        ),
        ScaleKind.PROGRESS: (
            _("You gave %(value)s for making progress."),
            _("You said that you can’t say for making progress."),
        ),
    }
    return [
        unsure if answer[kind] == UNSURE else number % {"value": answer[kind]}
        for kind, (number, unsure) in says.items()
        if kind in answer
    ]


def _votes_words(answer: Mapping[str, Any]) -> list[str]:
    return [_("Your dots are marked below.") if answer.get("imperative") else _("You placed no dots.")]
