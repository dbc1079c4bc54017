"""What a picture of one question shows, in words to read aloud: rules that claim nothing that the counts do not hold.

Every rule states counts, or an order of counts, of the answers shown. None says why, and none calls a difference large.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts.words import describe_cant_say, number
from ratings.summaries import RagSummary, ScaleSummary, Spread

HALF_WAY = 5
"""The middle of the scale."""
EMPTY_BETWEEN = 3
"""So many numbers next to each other that nobody gave part a room in two."""
LEAST_SIDE = 3
"""Fewer people are not called a group: nobody is singled out."""
MOST_NAMED = 3
"""Of equals, so many are named; more are counted."""

Groups = tuple[tuple[int, int, int], tuple[int, int, int]]
"""Two groups of scores: how many, the lowest and the highest of each."""


def tell_scale(summary: ScaleSummary) -> tuple[str, ...]:
    """Return sentences about the scores on one scale; none where nobody gave one."""
    spread = summary.spread
    if spread is None:
        return ()
    if spread.low == spread.high:
        words = ngettext("%(n)s score was given: %(score)s.", "All %(n)s scores are %(score)s.", summary.n)
        told = [words % {"n": summary.n, "score": spread.low}]
    else:
        told = [_middle_half(summary, spread), _about_half_way(summary)]
        groups = two_groups(summary)
        told += [_two_groups(groups)] if groups else _most_given(summary)
    return (*told, *_cant_say(summary.cant_say, summary.n), *_entered(summary.entered))


def tell_rag(summary: RagSummary) -> tuple[str, ...]:
    """Return sentences about red, amber and green; where nobody rated, no more than how many could not say."""
    if not summary.n:
        return tuple(describe_cant_say(summary.cant_say))
    most = max(count for _colour, count in summary.counts)
    names = [str(colour.label).lower() for colour, count in summary.counts if count == most]
    facts = {"colour": names[0], "count": most, "n": summary.n, "names": listed(names)}
    if most == summary.n:
        words = ngettext("%(n)s rating was given: %(colour)s.", "All %(n)s ratings are %(colour)s.", summary.n)
        told = [words % facts]
    elif len(names) == len(summary.counts):
        told = [_("Red, amber and green were chosen equally often, by %(count)s each.") % facts]
    elif len(names) > 1:
        told = [_("Chosen equally often, by %(count)s of %(n)s each: %(names)s.") % facts]
    elif 2 * most > summary.n:
        told = [_("More than half chose the same colour, %(count)s of %(n)s: %(colour)s.") % facts]
    elif 2 * most == summary.n:
        told = [_("Half chose the same colour, %(count)s of %(n)s: %(colour)s.") % facts]
    else:
        told = [_("No colour was chosen by half. Chosen most often, by %(count)s of %(n)s: %(colour)s.") % facts]
    unused = [str(colour.label).lower() for colour, count in summary.counts if not count]
    if len(unused) == 1 and most < summary.n:
        told.append(_("Nobody chose %(colour)s.") % {"colour": unused[0]})
    return (*told, *_cant_say(summary.cant_say, summary.n), *_entered(summary.entered))


def two_groups(summary: ScaleSummary) -> Groups | None:
    """Return the two groups of a room that is parted in two; None where it is in one piece, in more, or nearly in one.

    Between them at least EMPTY_BETWEEN numbers next to each other were given by nobody; each has at least a quarter of
    the scores and LEAST_SIDE of them.
    """
    given = [score for score, count in enumerate(summary.counts) if count]
    gaps = [(low, high) for low, high in pairwise(given) if high - low > EMPTY_BETWEEN]
    if len(gaps) != 1:
        return None
    low, high = gaps[0]
    below, above = sum(summary.counts[: low + 1]), sum(summary.counts[high:])
    if min(below, above) < max(LEAST_SIDE, summary.n / 4):
        return None
    return (below, given[0], low), (above, high, given[-1])


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _middle_half(summary: ScaleSummary, spread: Spread) -> str:
    """Return where the scores run, and how many of them lie in the middle half, which may be fewer than half."""
    inside = sum(count for score, count in enumerate(summary.counts) if spread.q1 <= score <= spread.q3)
    facts = {
        "n": summary.n,
        "inside": inside,
        "q1": number(spread.q1),
        "q3": number(spread.q3),
        "low": spread.low,
        "high": spread.high,
    }
    if inside == summary.n:
        return _("The %(n)s scores run from %(low)s to %(high)s.") % facts
    if spread.width == 0:
        many = _("More than half of the scores, %(inside)s of %(n)s, are %(q1)s; all run from %(low)s to %(high)s.")
        some = _("Of the %(n)s scores %(inside)s are %(q1)s; all run from %(low)s to %(high)s.")
        return (many if 2 * inside > summary.n else some) % facts
    if 2 * inside == summary.n:
        words = _("Half of the %(n)s scores lie from %(q1)s to %(q3)s; all run from %(low)s to %(high)s.")
    elif 2 * inside > summary.n:
        words = _(
            "More than half of the scores, %(inside)s of %(n)s, lie from %(q1)s to %(q3)s; "
            "all run from %(low)s to %(high)s."
        )
    else:
        words = _("Of the %(n)s scores %(inside)s lie from %(q1)s to %(q3)s; all run from %(low)s to %(high)s.")
    return words % facts


def _about_half_way(summary: ScaleSummary) -> str:
    """Return how many scores are above, below and at half way."""
    above, below = sum(summary.counts[HALF_WAY + 1 :]), sum(summary.counts[:HALF_WAY])
    at = summary.counts[HALF_WAY]
    facts = {"above": above or _("none"), "below": below or _("none"), "at": at or _("none"), "half": HALF_WAY}
    if above == summary.n:
        return _("All are above %(half)s, half way.") % facts
    if below == summary.n:
        return _("All are below %(half)s, half way.") % facts
    if above > below:
        return _("More are above %(half)s than below it: %(above)s above, %(below)s below, %(at)s at %(half)s.") % facts
    if above < below:
        return _("More are below %(half)s than above it: %(below)s below, %(above)s above, %(at)s at %(half)s.") % facts
    words = ngettext(
        "As many are above %(half)s as below it, %(above)s each; %(at)s is at %(half)s.",
        "As many are above %(half)s as below it, %(above)s each; %(at)s are at %(half)s.",
        at,
    )
    return words % facts


def _most_given(summary: ScaleSummary) -> list[str]:
    """Return the score that was given most often; none where it was given once, or is one of many."""
    most = max(summary.counts)
    scores = [str(score) for score, count in enumerate(summary.counts) if count == most]
    if most == 1 or len(scores) > MOST_NAMED:
        return []
    if len(scores) > 1:
        words = ngettext(
            "The scores given most often are %(scores)s, %(most)s time each.",
            "The scores given most often are %(scores)s, %(most)s times each.",
            most,
        )
    else:
        words = ngettext(
            "The score given most often is %(scores)s, %(most)s time.",
            "The score given most often is %(scores)s, %(most)s times.",
            most,
        )
    return [words % {"scores": listed(scores), "most": most}]


def _two_groups(groups: Groups) -> str:
    """Return that the room is parted in two, and where."""
    (below, low, up_to), (above, start, high) = groups
    sides = {"below": below, "above": above, "lower": _run(low, up_to), "upper": _run(start, high)}
    return _("The scores stand in two groups with none between: %(below)s %(lower)s and %(above)s %(upper)s.") % sides


def _run(low: int, high: int) -> str:
    """Return between which numbers a group stands."""
    if low == high:
        return _("at %(score)s") % {"score": low}
    return _("from %(low)s to %(high)s") % {"low": low, "high": high}


def _cant_say(count: int, n: int) -> list[str]:
    """Return how many could not say, and whether they are more than those who could."""
    if count > n:
        return [_("More people could not say than gave an answer: %(count)s to %(n)s.") % {"count": count, "n": n}]
    return describe_cant_say(count)


def _entered(count: int) -> list[str]:
    """Return how many answers a facilitator wrote down; none where all came from phones."""
    words = ngettext("%(n)s answer was given aloud or on paper.", "%(n)s answers were given aloud or on paper.", count)
    return [words % {"n": count}] if count else []
