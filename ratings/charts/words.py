"""The words that charts say: descriptions with every count, and table rows, from the same summaries as the picture."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.summaries import RagSummary, ScaleSummary, Spread


def number(value: float) -> str:
    """Return a whole or half number as people write it: 5, 5.5."""
    return f"{value:g}"


def describe_scale(summary: ScaleSummary, spread: Spread) -> str:
    """Return the five numbers, the count at each score, and how many could not say."""
    sentences = [
        ngettext("%(n)s score from 0 to 10.", "%(n)s scores from 0 to 10.", summary.n) % {"n": summary.n},
        _("Median %(median)s, middle half %(q1)s to %(q3)s, lowest %(low)s, highest %(high)s.")
        % {
            "median": number(spread.median),
            "q1": number(spread.q1),
            "q3": number(spread.q3),
            "low": spread.low,
            "high": spread.high,
        },
        _("People at each score: %(counts)s.")
        % {"counts": ", ".join(f"{score}: {count}" for score, count in enumerate(summary.counts) if count)},
    ]
    return " ".join([*sentences, *describe_cant_say(summary.cant_say)])


def describe_cant_say(count: int) -> list[str]:
    """Return the sentence about those who could not say; none when all could."""
    return (
        [ngettext("%(n)s person could not say.", "%(n)s people could not say.", count) % {"n": count}] if count else []
    )


def people_at(score: int, count: int) -> str:
    """Return what a column of a strip says when pointed at."""
    return ngettext("%(n)s person scored %(score)s", "%(n)s people scored %(score)s", count) % {
        "n": count,
        "score": score,
    }


def scale_rows(*columns: tuple[str, ScaleSummary]) -> tuple[tuple[str, ...], ...]:
    """Return a table of the counts at each score, one named column a summary; the last row says who could not."""
    rows = [(_("Score"), *(name for name, _summary in columns))]
    rows += [(str(score), *(str(summary.counts[score]) for _name, summary in columns)) for score in range(11)]
    if any(summary.cant_say for _name, summary in columns):
        rows.append((_("Can’t say"), *(str(summary.cant_say) for _name, summary in columns)))
    return tuple(rows)


def describe_rag(summary: RagSummary) -> str:
    """Return how many rated red, amber and green, and how many could not say."""
    shares = [
        _("%(colour)s %(count)s of %(n)s (%(percent)s%%)")
        % {"colour": colour.label, "count": count, "n": summary.n, "percent": percent(count, summary.n)}
        for colour, count in summary.counts
    ]
    return " ".join(["; ".join(shares) + ".", *describe_cant_say(summary.cant_say)])


def rag_rows(summary: RagSummary) -> tuple[tuple[str, ...], ...]:
    """Return the table of a RAG rating."""
    rows = [(_("Rating"), _("People")), *((str(colour.label), str(count)) for colour, count in summary.counts)]
    if summary.cant_say:
        rows.append((_("Can’t say"), str(summary.cant_say)))
    return tuple(rows)


def percent(count: int, n: int) -> int:
    """Return a share as a whole percentage, halves rounded up."""
    return (200 * count + n) // (2 * n)
