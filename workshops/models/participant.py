"""A participant: one phone in one workshop, a pseudonym, no person."""

import hashlib
import hmac

from django.db import models

from workshops.models.workshop import Group, Workshop


class Participant(models.Model):
    """One phone in one workshop. Only a hash of the phone's token is kept; nothing says who holds the phone."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participants")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="+")
    rehearsal = models.BooleanField(default=False, editable=False)

    token = ""  # what the phone holds: in memory while it asks for something, and in no column

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"participant {self.pk}"

    def pseudonym(self, question: str) -> str:
        """Return what this participant is called at one question: 64 hexadecimal digits, others at each question.

        Without the phone's token nobody can tell which belong together. Raises ValueError when it is not there.
        """
        if not self.token:
            raise ValueError("only a phone's own request can say which answers are its own")
        said = f"{self.workshop_id} {question}"
        return hmac.new(self.token.encode(), said.encode(), hashlib.sha256).hexdigest()
