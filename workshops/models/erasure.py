"""What is left of a workshop that was erased: a certificate that it was."""

from django.conf import settings
from django.db import models


class Erasure(models.Model):
    """Says which workshop was erased, when, by whom and how many rows of what; holds nothing that anybody answered."""

    organisation = models.CharField(max_length=120)
    date = models.DateField()  # of the workshop
    due = models.DateField()
    rows = models.JSONField()  # how many rows went, by the name of their model
    signed = models.JSONField(default=list)  # the journals that had been signed off: number, day, fingerprint
    by = models.CharField(max_length=150)
    user = models.ForeignKey(  # who pressed the button, and can see the certificate again; null: a command did it
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.date}, erased {self.at:%Y-%m-%d}"
