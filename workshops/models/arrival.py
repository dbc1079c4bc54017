"""What was taken in from another installation: once, and never again."""

from django.db import models

from workshops.models.workshop import Workshop


class Arrival(models.Model):
    """Says that a workshop was taken in here, and when. It stays when that is erased, and names nothing of it."""

    carry_id = models.UUIDField(unique=True)
    workshop = models.OneToOneField(  # null: erased since
        Workshop, models.SET_NULL, null=True, blank=True, related_name="arrival"
    )
    on = models.DateField()
    editions = models.PositiveSmallIntegerField(default=0)  # so many editions of its journal had been signed before

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.carry_id}, {self.on}"
