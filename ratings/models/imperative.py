"""What must happen next, and the dots placed on it."""

from django.db import models
from django.db.models import Q

from ratings.choices import IMPERATIVES_EACH, VOTES_EACH
from ratings.models.answer import Answer
from ratings.models.words import Words
from workshops.models import Deliverable


class Imperative(Words):
    """One of the one or two things that must happen next year. The room sees it unless it is held or hidden."""

    text = models.TextField(max_length=1000)
    slot = models.PositiveSmallIntegerField(default=1)  # a participant's first or second
    deliverables = models.ManyToManyField(Deliverable, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")

    class Meta(Words.Meta):
        constraints = [
            *Words.Meta.constraints,
            models.UniqueConstraint(fields=["author", "slot"], name="one_imperative_an_author_and_slot"),
            models.CheckConstraint(condition=Q(slot__range=(1, IMPERATIVES_EACH)), name="one_or_two_imperatives"),
        ]


class Vote(Answer):
    """A dot on an imperative. From a phone three a participant, each on a different one; from paper without limit."""

    imperative = models.ForeignKey(Imperative, models.CASCADE, related_name="votes")
    slot = models.PositiveSmallIntegerField(null=True, blank=True)  # a participant's first, second or third

    class Meta:
        constraints = [
            *Answer.Meta.constraints,
            models.UniqueConstraint(fields=["author", "imperative"], name="one_dot_an_imperative"),
            models.UniqueConstraint(fields=["author", "slot"], name="one_dot_a_slot"),
            models.CheckConstraint(condition=Q(slot__range=(1, VOTES_EACH)), name="three_dots_a_participant"),
            models.CheckConstraint(condition=Q(author=None) | Q(slot__isnull=False), name="author_of_a_dot_has_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} for {self.imperative_id}"


class Action(models.Model):
    """An imperative with an owner and a date."""

    imperative = models.OneToOneField(Imperative, models.CASCADE, related_name="action")
    owner = models.CharField(max_length=120)
    due = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(owner=""), name="action_has_owner")]

    def __str__(self) -> str:
        return f"{self.owner}: {self.imperative}"
