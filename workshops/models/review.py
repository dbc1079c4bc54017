"""What is being reviewed: a review, its editions, their deliverables and scales."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.choices import THRESHOLD, THRESHOLD_MAX, THRESHOLD_MIN, ScaleKind


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews as facilitators see them."""

    def visible_to(self, user_id: int) -> ReviewQuerySet:
        """Return the shared reviews and this user's own."""
        return self.filter(Q(owner=None) | Q(owner_id=user_id))


class Review(models.Model):
    """What is being reviewed, reusable by many workshops; what it says is in its editions."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=120)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One wording of a review; frozen once a workshop has opened it, and then never changed again."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("title on the journal"), max_length=120)
    subtitle = models.CharField(_("subtitle"), max_length=160, blank=True)
    epigraph = models.CharField(_("epigraph"), max_length=400, blank=True)
    epigraph_by = models.CharField(_("epigraph by"), max_length=120, blank=True)
    imperative_question = models.CharField(_("question for the imperatives"), max_length=300)
    asks_higher = models.BooleanField(_("after each reveal, ask what one point higher would look like"), default=False)
    threshold = models.PositiveSmallIntegerField(  # 1 hides nothing; no form lets a review ask for it
        _("fewest answers to show together"),
        default=THRESHOLD,
        validators=[
            MinValueValidator(THRESHOLD_MIN, _("Choose a number from 3 to 20.")),
            MaxValueValidator(THRESHOLD_MAX, _("Choose a number from 3 to 20.")),
        ],
    )
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_edition_a_number"),
            models.CheckConstraint(condition=Q(threshold__gte=1), name="edition_has_a_threshold"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Deliverable(models.Model):
    """One thing the programme promised. Its key stays the same across editions, so that trends survive."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="deliverables")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    lead = models.CharField(_("one sentence about it"), max_length=300, blank=True)

    class Meta:
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="one_deliverable_a_key"),
            models.UniqueConstraint(fields=["edition", "position"], name="one_deliverable_a_position"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name where there is one: for charts and narrow places."""
        return self.short_name or self.name


class Scale(models.Model):
    """0 to 10 with a written anchor at either end."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="scales")
    kind = models.CharField(max_length=8, choices=ScaleKind)
    anchor_ten = models.TextField(_("10 means"), max_length=1000)
    anchor_zero = models.TextField(_("0 means"), max_length=1000)
    short_ten = models.CharField(_("10 in short"), max_length=26, blank=True)
    short_zero = models.CharField(_("0 in short"), max_length=26, blank=True)

    class Meta:
        ordering = ["deliverable", "kind"]  # "being" sorts before "progress"
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "kind"], name="one_scale_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=ScaleKind.values), name="scale_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable.name}: {self.get_kind_display()}"
