"""A participant's whole number on a scale, or "can't say"."""

from django.db import models
from django.db.models import Q

from ratings.choices import Source
from workshops.models import Participant, Scale, Workshop


class Score(models.Model):
    """0 to 10, or null for "can't say": a real answer, counted apart, never a zero."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="+")
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "scale"], name="one_score_a_participant_and_scale"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__range=(0, 10)), name="score_from_0_to_10"),
            models.CheckConstraint(
                condition=Q(source=Source.PHONE, participant__isnull=False) | ~Q(source=Source.PHONE),
                name="phone_score_has_participant",
            ),
        ]

    def __str__(self) -> str:
        return "can't say" if self.value is None else str(self.value)
