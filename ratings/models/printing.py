"""A workshop's journal as it was printed, or is to be."""

from django.db import models
from django.db.models import Q

from ratings.choices import PrintState
from workshops.models import Workshop


class Print(models.Model):
    """One printing of a workshop's journal: asked for, under way, done or failed; one of each a workshop.

    It goes when words that it may hold are taken out, and when the workshop is sealed. `digest` is that of all that the
    press was given: the same journal has the same.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=PrintState, default=PrintState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    tries = models.PositiveSmallIntegerField(default=0)
    too_large = models.BooleanField(default=False)  # why it failed
    words = models.JSONField(default=list)  # a digest of each comment and imperative that is printed in it
    pages = models.PositiveIntegerField(null=True, blank=True)
    pdf = models.BinaryField(null=True, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(null=True, blank=True)  # when the press last said that it is at work
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "state"], name="one_print_a_workshop_and_state"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=PrintState.PRINTING), name="one_print_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=PrintState.values), name="print_state_is_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="print_progress_is_per_cent"),
            models.CheckConstraint(
                condition=~Q(state=PrintState.DONE) | Q(pdf__isnull=False, pages__gt=0, finished_at__isnull=False),
                name="print_that_is_done_has_pages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id}: {self.get_state_display()}"
