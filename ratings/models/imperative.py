"""What must happen next, and the dots placed on it."""

from django.db import models
from django.db.models import Q

from ratings.choices import IMPERATIVES_EACH, VOTES_EACH, Source
from workshops.models import Deliverable, Participant, Workshop


class Imperative(models.Model):
    """One of the one or two things that must happen next year, in the words given."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="+")
    slot = models.PositiveSmallIntegerField(default=1)  # a participant's first or second
    text = models.TextField(max_length=1000)
    deliverables = models.ManyToManyField(Deliverable, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)  # printing order among equals: as imported; from phones, shuffled
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "slot"], name="one_imperative_a_participant_and_slot"),
            models.CheckConstraint(condition=Q(slot__range=(1, IMPERATIVES_EACH)), name="one_or_two_imperatives"),
            models.CheckConstraint(condition=~Q(text=""), name="imperative_has_words"),
            models.CheckConstraint(
                condition=Q(source=Source.PHONE, participant__isnull=False) | ~Q(source=Source.PHONE),
                name="phone_imperative_has_participant",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """A dot on an imperative; three a participant, each on a different one."""

    imperative = models.ForeignKey(Imperative, models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    slot = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "imperative"], name="one_dot_an_imperative"),
            models.UniqueConstraint(fields=["participant", "slot"], name="one_dot_a_slot"),
            models.CheckConstraint(condition=Q(slot__range=(1, VOTES_EACH)), name="three_dots_a_participant"),
        ]

    def __str__(self) -> str:
        return f"{self.participant} for {self.imperative_id}"


class Action(models.Model):
    """An imperative with an owner and a date."""

    imperative = models.OneToOneField(Imperative, models.CASCADE, related_name="action")
    owner = models.CharField(max_length=120)
    due = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(owner=""), name="action_has_owner")]

    def __str__(self) -> str:
        return f"{self.owner}: {self.imperative}"
