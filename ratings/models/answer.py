"""What all answers have in common: how they came, from which group, and a pseudonym that is good for one question."""

from django.db import models
from django.db.models import Q

from ratings.choices import FROM_PHONES, Source
from workshops.models import Group


class Answer(models.Model):
    """One answer of one person. Nothing in the database leads from it to a phone, or to an answer elsewhere.

    `author` is null for what no phone sent, and for everything once the workshop is sealed.
    """

    author = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001 (null is no author)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(author=None) | Q(source__in=FROM_PHONES), name="only_phones_%(class)s_has_author"
            ),
        ]
