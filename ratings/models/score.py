"""A participant's whole number on a scale, or "can't say"."""

from django.db import models
from django.db.models import Q

from ratings.models.answer import Answer
from workshops.models import Scale, Workshop


class Score(Answer):
    """0 to 10, or null for "can't say": a real answer, counted apart, never a zero."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            *Answer.Meta.constraints,
            models.UniqueConstraint(fields=["author"], name="one_score_an_author"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__range=(0, 10)), name="score_from_0_to_10"),
        ]

    def __str__(self) -> str:
        return "can't say" if self.value is None else str(self.value)
