"""The audit trail: what somebody with an account did, one entry an act."""

import secrets

from django.db import models
from django.db.models import Q

from workshops.choices import AT_THE_CLOSE, Deed, Move, StageKind, Strand
from workshops.models.workshop import Workshop


def draw_id() -> int:
    """Return an id that nobody else draws: rows that lie in this order say nothing of when they were written."""
    return 1 + secrets.randbelow(2**63 - 1)


class TrailEntry(models.Model):
    """One act of somebody with an account. Never changed; it goes with its workshop, or after a year.

    `record_act` writes it, and the database itself refuses other changes (`append_only.py`). It holds no word of a
    participant and points at no answer. `by` is the user name at the time, so that the entry outlives the account.
    """

    id = models.BigIntegerField(primary_key=True, default=draw_id, editable=False)
    workshop = models.ForeignKey(  # null: it concerns an account; erasing takes the trail along, after its workshop
        Workshop, models.DO_NOTHING, null=True, blank=True, related_name="trail"
    )
    strand = models.CharField(max_length=8, choices=Strand)
    number = models.PositiveIntegerField()  # from 1, in its chain
    act = models.CharField(max_length=16, choices=[*Move.choices, *Deed.choices])
    about = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=150, blank=True)  # empty: not at a desk
    at = models.DateTimeField()  # of what concerns words, the day alone
    keep_until = models.DateField(null=True, blank=True)  # of an account's
    link = models.CharField(max_length=64)  # what chains it to the entry before

    class Meta:
        ordering = ["-at", "strand", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "strand", "number"], name="one_entry_a_number"),
            models.UniqueConstraint(
                fields=["by", "number"], condition=Q(strand=Strand.ACCOUNT), name="one_entry_an_account_and_number"
            ),
            models.CheckConstraint(
                condition=Q(strand=Strand.ACCOUNT, workshop=None, keep_until__isnull=False)
                | Q(strand__in=[Strand.SESSION, Strand.WORDS], workshop__isnull=False, keep_until=None),
                name="entry_is_of_a_workshop_or_an_account",
            ),
            models.CheckConstraint(
                condition=~Q(strand=Strand.WORDS) | Q(about=""), name="entry_on_words_says_nothing_of_them"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_act_display()}"

    @property
    def words(self) -> tuple[str, str]:
        """What was done, and to what, as it is read."""
        if self.about == str(StageKind.CLOSED.label) and self.act in AT_THE_CLOSE:
            return str(AT_THE_CLOSE[Move(self.act)]), ""
        return str(self.get_act_display()), self.about

    @property
    def is_to_the_day(self) -> bool:
        """Whether only the day of it is kept."""
        return self.strand == Strand.WORDS
