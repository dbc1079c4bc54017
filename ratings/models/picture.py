"""What somebody has seen of the answers at a stage."""

from django.db import models

from workshops.models import Stage


class SeenPicture(models.Model):
    """How many phones gave each answer, as a screen or a journal has shown it: a later one may not differ by a few.

    Kept so that nobody's answer follows from two pictures; it says no more than the picture did. An answer is a score,
    a colour, or the imperatives that one phone placed its dots on, by id; "" is "can't say". Sealing leaves one picture
    a stage, the last that will ever be shown.
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()  # from 1, in the order they were seen
    answers = models.JSONField()  # answer: how many
    left_out = models.PositiveIntegerField(default=0)  # once sealed: how many phones' answers are not in it

    class Meta:
        ordering = ["stage", "number"]
        constraints = [models.UniqueConstraint(fields=["stage", "number"], name="one_picture_a_stage_and_number")]

    def __str__(self) -> str:
        return f"{self.stage_id}: {self.number}"
