"""What a comment and an imperative have in common: words, and where they are on their way to the room."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ratings.choices import CommentState, Decision
from ratings.models.answer import Answer
from workshops.models import Workshop


class Words(Answer):
    """What somebody said, kept in the words given. A facilitator can hold it, hide it, or take words out of it."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=6, choices=CommentState, default=CommentState.NEW)
    flagged = models.BooleanField(default=False)  # held, for a possible name, until a facilitator decides
    position = models.PositiveIntegerField(default=0)  # printing order: as imported; from phones, shuffled at random

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            *Answer.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="%(class)s_has_words"),
            models.CheckConstraint(condition=Q(state__in=CommentState.values), name="%(class)s_state_is_known"),
            models.CheckConstraint(
                condition=Q(flagged=False) | Q(state=CommentState.HELD), name="flagged_%(class)s_is_held"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WordsDecision(models.Model):
    """What a facilitator did with a comment or an imperative, and why; never the words that a redaction took out."""

    comment = models.ForeignKey("Comment", models.CASCADE, null=True, blank=True, related_name="decisions")
    imperative = models.ForeignKey("Imperative", models.CASCADE, null=True, blank=True, related_name="decisions")
    decision = models.CharField(max_length=6, choices=Decision)
    reason = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=150, blank=True)  # the user name, where that user has no account here
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(comment=None, imperative__isnull=False) | Q(comment__isnull=False, imperative=None),
                name="decision_is_about_one",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=[Decision.HIDE, Decision.REDACT]) | ~Q(reason=""),
                name="hiding_and_redacting_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()

    @property
    def name(self) -> str:
        """The user name of whoever decided; empty where nobody knows any more."""
        return self.user.get_username() if self.user else self.by
