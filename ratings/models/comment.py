"""An answer to "where would you rate the situation today, and why?"."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ratings.choices import Asked, CommentState, Decision, Mark, Source
from workshops.models import Deliverable, Participant, Scale, Workshop


class Comment(models.Model):
    """One comment on a scale, kept in the words given. The wall shows only what a facilitator has shown."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=2000)
    mark = models.CharField(max_length=5, choices=Mark, blank=True)
    asked = models.CharField(max_length=6, choices=Asked, default=Asked.WHY)
    theme = models.ForeignKey("Theme", models.SET_NULL, null=True, blank=True, related_name="comments")
    state = models.CharField(max_length=6, choices=CommentState, default=CommentState.NEW)
    flagged = models.BooleanField(default=False)  # held for a possible name until a facilitator decides
    position = models.PositiveIntegerField(default=0)  # printing order: as imported; from phones, shuffled at random
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "scale", "asked"], name="one_comment_a_participant_scale_and_question"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_words"),
            models.CheckConstraint(condition=Q(mark__in=["", *Mark.values]), name="comment_mark_is_known"),
            models.CheckConstraint(condition=Q(state__in=CommentState.values), name="comment_state_is_known"),
            models.CheckConstraint(
                condition=Q(flagged=False) | Q(state=CommentState.HELD), name="flagged_comment_is_held"
            ),
            models.CheckConstraint(condition=Q(asked__in=Asked.values), name="comment_question_is_known"),
            models.CheckConstraint(
                condition=Q(source=Source.PHONE, participant__isnull=False) | ~Q(source=Source.PHONE),
                name="phone_comment_has_participant",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class CommentDecision(models.Model):
    """What a facilitator did with a comment, and why; never the words that a redaction took out."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=6, choices=Decision)
    reason = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision__in=[Decision.HIDE, Decision.REDACT]) | ~Q(reason=""),
                name="hiding_and_redacting_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()


class Theme(models.Model):
    """A name that a facilitator gives to comments on one deliverable that say much the same; their words stay."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workshop", "deliverable", "name"], name="one_theme_a_name")]

    def __str__(self) -> str:
        return self.name
