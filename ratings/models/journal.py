"""What a facilitator adds to the journal of a workshop: words of their own, never those of the people who took part."""

from django.db import models
from django.db.models import Q

from ratings.choices import Grouping
from workshops.models import Deliverable, Workshop

INTRODUCTION_MAX = 6000
"""Characters: two pages."""


class JournalNotes(models.Model):
    """What stands in a journal before the answers, and how its comments are grouped."""

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="+")
    introduction = models.TextField(max_length=INTRODUCTION_MAX, blank=True)
    has_own_epigraph = models.BooleanField(default=False)  # else the review's; an own one may be empty
    epigraph = models.CharField(max_length=400, blank=True)
    epigraph_by = models.CharField(max_length=120, blank=True)
    grouping = models.CharField(max_length=5, choices=Grouping, default=Grouping.THEME)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grouping__in=Grouping.values), name="grouping_is_known"),
            models.CheckConstraint(
                condition=Q(has_own_epigraph=True) | Q(epigraph="", epigraph_by=""),
                name="only_an_own_epigraph_has_words",
            ),
        ]

    def __str__(self) -> str:
        return self.introduction


class Lead(models.Model):
    """What stands under a deliverable's title in one journal, in place of the review's; empty: nothing does."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="+")
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "deliverable"], name="one_lead_a_deliverable")]

    def __str__(self) -> str:
        return self.text


class Term(models.Model):
    """A word that a journal explains in its glossary."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    term = models.CharField(max_length=80)
    meaning = models.CharField(max_length=500)

    class Meta:
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "term"], name="one_meaning_a_term"),
            models.CheckConstraint(condition=~Q(term="") & ~Q(meaning=""), name="term_has_a_meaning"),
        ]

    def __str__(self) -> str:
        return self.term
