"""Red, amber or green for a deliverable."""

from django.db import models
from django.db.models import Q

from ratings.choices import Rag
from ratings.models.answer import Answer
from workshops.models import Deliverable, Workshop


class RagRating(Answer):
    """One participant's broad judgement of a deliverable; an empty value is "can't say"."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="+")
    value = models.CharField(max_length=1, choices=Rag, blank=True)

    class Meta:
        constraints = [
            *Answer.Meta.constraints,
            models.UniqueConstraint(fields=["author"], name="one_rag_an_author"),
            models.CheckConstraint(condition=Q(value__in=["", *Rag.values]), name="rag_is_red_amber_green_or_empty"),
        ]

    def __str__(self) -> str:
        return self.get_value_display() if self.value else "can't say"
