"""An invitation: a link that can be followed once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from workshops.choices import Role
from workshops.models.workshop import Workshop


class Invitation(models.Model):
    """Lets one person have an account here, or use theirs; with a workshop they get a role in it. It goes when used."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, null=True, blank=True, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(workshop=None, role="") | Q(workshop__isnull=False, role__in=Role.values),
                name="invitation_to_a_workshop_has_a_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, until {self.expires_at:%Y-%m-%d}"
