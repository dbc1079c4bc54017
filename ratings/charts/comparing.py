"""What a picture of several deliverables shows, in words to read aloud; the rules are those of `telling`.

An order is one of questions, never of people and never of workshops.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts.ranking import RankedScale, Ranking, Rated
from ratings.charts.telling import HALF_WAY, MOST_NAMED, listed, two_groups
from ratings.charts.weights import Weighed
from ratings.charts.words import number
from ratings.choices import Mark


def tell_map(deliverables: Sequence[Rated]) -> tuple[str, ...]:
    """Return which deliverables have medians above and below half way, and which are not on the map."""
    sides: dict[str, list[str]] = {}
    for each in deliverables:
        sides.setdefault(_side(each), []).append(f"{each.no} {each.label}")
    says = {
        "above": _("Above %(half)s on both scales: %(names)s."),
        "being": _("Above %(half)s for being at the goal and below it for making progress: %(names)s."),
        "progress": _("Below %(half)s for being at the goal and above it for making progress: %(names)s."),
        "below": _("Below %(half)s on both scales: %(names)s."),
        "on": _("On a line at %(half)s: %(names)s."),
        "": _("Not on the map, as one of the two scales or both have no scores to show: %(names)s."),
    }
    return tuple(
        words % {"half": HALF_WAY, "names": listed(sides[side])} for side, words in says.items() if side in sides
    )


def _side(each: Rated) -> str:
    """Return where the medians of a deliverable are; empty where it has not two."""
    being, progress = each.being.spread, each.progress.spread
    if being is None or progress is None:
        return ""
    if HALF_WAY in (being.median, progress.median):
        return "on"
    if being.median > HALF_WAY:
        return "above" if progress.median > HALF_WAY else "being"
    return "progress" if progress.median > HALF_WAY else "below"


def tell_agreement(ranking: Ranking) -> tuple[str, ...]:
    """Return where scores lie closest together and furthest apart, and which scales are in no order."""
    told: list[str] = []
    if ranking.is_an_order:
        widths = [scale.spread.width for scale in ranking.scales]
        narrowest, widest = min(widths), max(widths)
        if narrowest == widest:
            told.append(_all_alike(len(widths), widest))
        else:
            told += [
                _closest([scale for scale in ranking.scales if scale.spread.width == narrowest]),
                _furthest([scale for scale in ranking.scales if scale.spread.width == widest]),
            ]
        told += _parted([scale for scale in ranking.scales if two_groups(scale.summary)])
    reasons = dict.fromkeys(scale.why_not for scale in ranking.left_out)
    for reason in reasons if ranking.is_an_order else ():
        names = listed([scale.name for scale in ranking.left_out if scale.why_not == reason])
        told.append(_("Not shown, %(reason)s: %(names)s.") % {"reason": reason, "names": names})
    return tuple(told)


def _all_alike(count: int, width: float) -> str:
    """Return that all middle halves are equally wide."""
    if width == 0:
        return _("On all %(n)s scales the middle half is one score.") % {"n": count}
    words = ngettext(
        "On all %(n)s scales the middle half is %(width)s point wide.",
        "On all %(n)s scales the middle half is %(width)s points wide.",
        1 if width == 1 else 2,
    )
    return words % {"n": count, "width": number(width)}


def _closest(scales: Sequence[RankedScale]) -> str:
    """Return which scales have the narrowest middle half; all of equals, or how many they are."""
    width = scales[0].spread.width
    if width == 0:
        words = _("Scores lie closest together on %(scales)s: the middle half is one score.")
    else:
        words = ngettext(
            "Scores lie closest together on %(scales)s: the middle half is %(width)s point wide.",
            "Scores lie closest together on %(scales)s: the middle half is %(width)s points wide.",
            1 if width == 1 else 2,
        )
    told = words % {"scales": _named(scales), "width": number(width)}
    first = [scale for scale in scales if scale.distance == scales[0].distance]
    if len(scales) > MOST_NAMED >= len(first):
        told += " " + _("Of these, scores lie nearest to their median on %(scales)s.") % {"scales": _named(first)}
    return told


def _furthest(scales: Sequence[RankedScale]) -> str:
    """Return which scales have the widest middle half; all of equals, or how many they are."""
    width = scales[0].spread.width
    words = ngettext(
        "Scores lie furthest apart on %(scales)s: the middle half is %(width)s point wide.",
        "Scores lie furthest apart on %(scales)s: the middle half is %(width)s points wide.",
        1 if width == 1 else 2,
    )
    told = words % {"scales": _named(scales), "width": number(width)}
    last = [scale for scale in scales if scale.distance == scales[-1].distance]
    if len(scales) > MOST_NAMED >= len(last):
        told += " " + _("Of these, scores lie furthest from their median on %(scales)s.") % {"scales": _named(last)}
    return told


def _parted(scales: Sequence[RankedScale]) -> list[str]:
    """Return on which scales the room stands in two groups, which a middle half can hide; none where on none."""
    if not scales:
        return []
    return [_("Scores stand in two groups with none between on %(scales)s.") % {"scales": _named(scales)}]


def _named(scales: Sequence[RankedScale]) -> str:
    """Return the names of a few scales, or how many they are."""
    if len(scales) > MOST_NAMED:
        return ngettext("%(n)s scale", "%(n)s scales", len(scales)) % {"n": len(scales)}
    return listed([scale.name for scale in scales])


def tell_weights(weighed: Sequence[Weighed]) -> tuple[str, ...]:
    """Return what all comments are marked as, and where most of each mark are; none where no comment is marked."""
    totals = {mark: sum(dict(each.marks.counts)[mark] for each in weighed) for mark in Mark}
    comments, marked = sum(each.marks.n for each in weighed), sum(totals.values())
    if not marked:
        return ()
    facts = {
        "n": comments,
        "marked": marked,
        "well": totals[Mark.WELL],
        "worry": totals[Mark.WORRY],
        "next": totals[Mark.NEXT],
    }
    words = _(
        "Comments with a mark: %(marked)s of %(n)s (working well %(well)s, worries %(worry)s, next steps %(next)s)."
    )
    told = [words % facts]
    for mark in Mark:
        told += _most_often(weighed, mark)
    return (*told, _("These are comments, not people: one person may have written several, or none."))


def _most_often(weighed: Sequence[Weighed], mark: Mark) -> list[str]:
    """Return of which deliverables most comments with a mark were; none where there are as many of all."""
    counts = [dict(each.marks.counts)[mark] for each in weighed]
    most = max(counts)
    names = [each.name for each, count in zip(weighed, counts, strict=True) if count == most]
    if most == min(counts) or len(names) > MOST_NAMED:
        return []
    facts = {"names": listed(names), "most": most, "all": sum(counts)}
    if len(names) > 1:
        words = {
            Mark.WELL: _("What works well was said most often about %(names)s: %(most)s each, of %(all)s."),
            Mark.WORRY: _("Worries were said most often about %(names)s: %(most)s each, of %(all)s."),
            Mark.NEXT: _("Next steps were said most often about %(names)s: %(most)s each, of %(all)s."),
        }
    else:
        words = {
            Mark.WELL: _("What works well was said most often about %(names)s: %(most)s of %(all)s."),
            Mark.WORRY: _("Worries were said most often about %(names)s: %(most)s of %(all)s."),
            Mark.NEXT: _("Next steps were said most often about %(names)s: %(most)s of %(all)s."),
        }
    return [words[mark] % facts]
