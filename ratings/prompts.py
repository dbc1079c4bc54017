"""Two questions to ask the room after a reveal, by rules: nothing in them that the numbers do not hold."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ratings.choices import Rag
from ratings.summaries import DeliverableSummary, RagSummary, ScaleSummary
from workshops.choices import ScaleKind, StageKind
from workshops.models import Stage


def ask_the_room(stage: Stage, each: DeliverableSummary | None) -> tuple[str, ...]:
    """Return the questions for what the room is looking at; none before there is something to look at.

    `each` is the stage's deliverable as far as the room has seen it. The questions speak of the ends, the middle and
    the colours that are on the wall, never of one person.
    """
    if each is None or not (stage.is_revealed or stage.kind == StageKind.TOGETHER):
        return ()
    if stage.scale:
        return _about_scale(dict(each.scales)[ScaleKind(stage.scale.kind)])
    if stage.kind == StageKind.RAG:
        return _about_colours(each.rag)
    being, progress = each.being.spread, each.progress.spread
    return _about_both(progress.median - being.median) if being and progress else ()


def _about_scale(summary: ScaleSummary) -> tuple[str, ...]:
    spread = summary.spread
    if spread is None:
        return (_("What would we need to see to be able to say?"),)
    if spread.low == spread.high:
        first = _("Every dot is on %(score)s. What do you all see?") % {"score": spread.low}
    else:
        first = _("The dots run from %(low)s to %(high)s. What might each end be looking at?") % {
            "low": spread.low,
            "high": spread.high,
        }
    if spread.median > 9:
        return first, _("What keeps the middle where it is?")
    return first, _("What would move the middle up by one?")


def _about_colours(summary: RagSummary) -> tuple[str, ...]:
    given = {colour for colour, count in summary.counts if count}
    if not given:
        return (_("What would we need to see to be able to say?"),)
    if len(given) == 1:
        colour = Rag(given.pop())
        first = _("Every rating is %(colour)s. What do you all see?") % {"colour": colour.label.lower()}
        last = _("What keeps it green?") if colour == Rag.GREEN else _("What would change the colour?")
        return first, last
    if {Rag.RED, Rag.GREEN} <= given:
        return _("There is red and there is green. What might each be looking at?"), _("What would both agree on?")
    return _("There are two colours. What might each be looking at?"), _("What would move it one colour up?")


def _about_both(gap: float) -> tuple[str, ...]:
    if gap > 0:
        return _("Moving is rated higher than being there. What is working?"), _("What must not stop?")
    if gap < 0:
        return _("Being there is rated higher than moving. What stands in the way?"), _("What would be the next step?")
    return _("Both have the same median. Is that one story, or two?"), _("What would move both?")
