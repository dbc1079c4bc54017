"""Red, amber or green for a deliverable."""

from django.db import models
from django.db.models import Q

from ratings.choices import Rag, Source
from workshops.models import Deliverable, Participant, Workshop


class RagRating(models.Model):
    """One participant's broad judgement of a deliverable; an empty value is "can't say"."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="+")
    value = models.CharField(max_length=1, choices=Rag, blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "deliverable"], name="one_rag_a_participant_and_deliverable"
            ),
            models.CheckConstraint(condition=Q(value__in=["", *Rag.values]), name="rag_is_red_amber_green_or_empty"),
            models.CheckConstraint(
                condition=Q(source=Source.PHONE, participant__isnull=False) | ~Q(source=Source.PHONE),
                name="phone_rag_has_participant",
            ),
        ]

    def __str__(self) -> str:
        return self.get_value_display() if self.value else "can't say"
