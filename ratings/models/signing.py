"""What becomes of a journal: it is checked, signed off as an edition that never changes, and shared by links."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from workshops.models import Workshop


def in_blocks(digits: str) -> str:
    """Return a fingerprint as people compare it: eight blocks of eight."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


class JournalCheck(models.Model):
    """Says that a workshop's journal was checked; it holds as long as the journal still has this fingerprint."""

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    checked_by = models.CharField(max_length=150)  # user name
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.checked_by}, {self.checked_at:%Y-%m-%d}"


class SignedJournal(models.Model):
    """A journal as it was signed off. The database refuses to change it, and to delete it before it is let go."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()  # which edition of the journal; the highest is the one that counts
    fingerprint = models.CharField(max_length=64, db_index=True)
    record = models.TextField()  # the journal as JSON, without its signature: what the fingerprint is of
    signed_by = models.CharField(max_length=120)  # the leader's name, as typed
    signed_as = models.CharField(max_length=120)  # the leader's role, as typed
    signed_at = models.DateTimeField()
    entered_by = models.CharField(max_length=150)  # user name of whoever was signed in
    checked_by = models.CharField(max_length=150)
    checked_at = models.DateTimeField()
    let_go = models.BooleanField(default=False)  # its workshop is being erased

    class Meta:
        ordering = ["workshop", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="one_signed_journal_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="signed_journals_count_from_one"),
            models.CheckConstraint(condition=~Q(signed_by="") & ~Q(signed_as=""), name="signed_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.signed_by}, {self.signed_at:%Y-%m-%d}"

    @property
    def blocks(self) -> str:
        """The fingerprint as people compare it."""
        return in_blocks(self.fingerprint)


class SignedFile(models.Model):
    """One file of a signed journal, to the byte as it was made then; guarded like the journal."""

    signed = models.ForeignKey(SignedJournal, models.CASCADE, related_name="files")
    suffix = models.CharField(max_length=12)
    content_type = models.CharField(max_length=120)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    let_go = models.BooleanField(default=False)

    class Meta:
        ordering = ["signed", "pk"]
        constraints = [models.UniqueConstraint(fields=["signed", "suffix"], name="one_signed_file_a_suffix")]

    def __str__(self) -> str:
        return f"{self.suffix}, {self.sha256[:8]}"


class ShareLink(models.Model):
    """Lets whoever has a link read a signed journal. It counts how often, and knows nothing of who."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    signed = models.ForeignKey(  # null: whichever was signed last
        SignedJournal, models.CASCADE, null=True, blank=True, related_name="+"
    )
    label = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_on = models.DateField()  # the last day on which it leads anywhere
    revoked_on = models.DateField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    last_opened_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened=0, last_opened_on=None) | Q(opened__gt=0, last_opened_on__isnull=False),
                name="opened_links_have_a_last_day",
            )
        ]

    def __str__(self) -> str:
        return self.label
