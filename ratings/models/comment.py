"""An answer to "where would you rate the situation today, and why?"."""

from django.db import models
from django.db.models import Q

from ratings.choices import PRINTED, Asked, Mark
from ratings.models.words import Words
from workshops.models import Deliverable, Scale, Workshop


class Comment(Words):
    """One comment on a scale. The wall shows only what a facilitator has shown."""

    scale = models.ForeignKey(Scale, models.PROTECT, related_name="+")
    mark = models.CharField(max_length=5, choices=Mark, blank=True)
    asked = models.CharField(max_length=6, choices=Asked, default=Asked.WHY)
    theme = models.ForeignKey("Theme", models.SET_NULL, null=True, blank=True, related_name="comments")
    quoted = models.BooleanField(default=False)  # whether the journal sets it large

    class Meta(Words.Meta):
        constraints = [
            *Words.Meta.constraints,
            models.UniqueConstraint(fields=["author"], name="one_comment_an_author"),
            models.CheckConstraint(condition=Q(mark__in=["", *Mark.values]), name="comment_mark_is_known"),
            models.CheckConstraint(condition=Q(asked__in=Asked.values), name="comment_question_is_known"),
            models.CheckConstraint(
                condition=Q(quoted=False) | Q(state__in=PRINTED), name="only_printed_comments_are_quoted"
            ),
        ]


class Theme(models.Model):
    """A name that a facilitator gives to comments on one deliverable that say much the same; their words stay."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)  # among its deliverable's; 0: nobody has ordered them

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["workshop", "deliverable", "name"], name="one_theme_a_name")]

    def __str__(self) -> str:
        return self.name
