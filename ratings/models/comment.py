"""An answer to "where would you rate the situation today, and why?"."""

from django.db import models
from django.db.models import Q

from ratings.choices import CommentState, Mark, Source
from workshops.models import Participant, Scale, Workshop


class Comment(models.Model):
    """One comment on a scale, kept in the words given. The wall shows only what a facilitator has shown."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=2000)
    mark = models.CharField(max_length=5, choices=Mark, blank=True)
    state = models.CharField(max_length=5, choices=CommentState, default=CommentState.NEW)
    position = models.PositiveIntegerField(default=0)  # printing order: as imported; from phones, shuffled at random
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "scale"], name="one_comment_a_participant_and_scale"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_words"),
            models.CheckConstraint(condition=Q(mark__in=["", *Mark.values]), name="comment_mark_is_known"),
            models.CheckConstraint(condition=Q(state__in=CommentState.values), name="comment_state_is_known"),
            models.CheckConstraint(
                condition=Q(source=Source.PHONE, participant__isnull=False) | ~Q(source=Source.PHONE),
                name="phone_comment_has_participant",
            ),
        ]

    def __str__(self) -> str:
        return self.text
