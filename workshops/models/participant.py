"""A participant: one phone in one workshop, a pseudonym, no person."""

from django.db import models

from workshops.models.workshop import Group, Workshop


class Participant(models.Model):
    """One phone in one workshop. Only a hash of the phone's token is kept; nothing says who holds the phone."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participants")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="+")
    rehearsal = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"participant {self.pk}"
