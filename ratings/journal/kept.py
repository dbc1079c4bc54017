"""How much a journal keeps back: it counts what a facilitator held, hid or changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from ratings.choices import PRINTED, CommentState, Decision
from ratings.models import Imperative


@dataclass(frozen=True)
class Moderated:
    """How many comments, or imperatives, stay out because they are held or hidden; from how many words were taken."""

    held: int = 0
    hidden: int = 0
    redacted: int = 0

    @property
    def unprinted(self) -> int:
        """How many stay out."""
        return self.held + self.hidden


def count_moderated(said: QuerySet[Any], printed: QuerySet[Any]) -> Moderated:
    """Count what a facilitator kept out of what was said, and changed in what is printed. Two queries."""

    def kept(state: CommentState) -> Count:
        own = Q(state=state)
        return Count("pk", filter=own | Q(state__in=PRINTED, merged_into__state=state) if merges else own)

    merges = said.model is Imperative  # what was merged into an imperative goes with it
    counts = said.order_by().aggregate(held=kept(CommentState.HELD), hidden=kept(CommentState.HIDDEN))
    return Moderated(**counts, redacted=printed.filter(decisions__decision=Decision.REDACT).distinct().count())
