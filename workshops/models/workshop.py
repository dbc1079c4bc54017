"""One organisation's session of one edition: the workshop, its people, groups, stages and the log of their moves."""

from __future__ import annotations

import datetime
from math import ceil

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.choices import ANSWERED_KINDS, AT_THE_CLOSE, Move, Phase, Role, StageKind, StageState, WallView
from workshops.models.review import Deliverable, Edition, Scale


def kept_until() -> datetime.date:
    """Return until when a workshop that is planned today is kept, if nothing else is said."""
    return timezone.localdate() + datetime.timedelta(days=settings.KEEP_DAYS)


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    """Workshops as facilitators and codes find them."""

    def of(self, user_id: int) -> WorkshopQuerySet:
        """Return the workshops that this user has a role in; `role` of each says which."""
        return self.filter(facilitators__user_id=user_id).annotate(role_of_user=F("facilitators__role"))


class Workshop(models.Model):
    """One organisation's session of one edition of a review."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="workshops")
    organisation = models.CharField(_("organisation"), max_length=120)
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    date = models.DateField(_("date"))
    code = models.CharField(max_length=6, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    wall_view = models.CharField(max_length=12, choices=WallView, default=WallView.LOBBY, editable=False)
    wall_page = models.PositiveSmallIntegerField(default=1, editable=False)
    wall_is_blank = models.BooleanField(default=False, editable=False)
    controls = models.ForeignKey(  # who moves the stages; null: whoever acts first
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    self_paced_until = models.DateField(  # null: the facilitator paces
        _("open to everybody until"), null=True, blank=True
    )
    erase_on = models.DateField(_("erase everything on"), default=kept_until)
    wifi_name = models.CharField(_("name of the wifi"), max_length=32, blank=True)  # what the lobby tells the room
    wifi_password = models.CharField(_("password of the wifi"), max_length=63, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sealed_on = models.DateField(null=True, blank=True, editable=False)  # null: answers still belong to phones
    joined = models.PositiveIntegerField(default=0, editable=False)  # phones that went with the sealing
    played = models.PositiveIntegerField(default=0, editable=False)  # how many of those a rehearsal played
    carry_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)  # the same wherever it is carried
    carried_on = models.DateField(null=True, blank=True, editable=False)  # since then it is changed elsewhere, not here

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="code_has_six_digits")]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.date}"

    @property
    def spaced_code(self) -> str:
        """The join code as people read it: 482 913."""
        return f"{self.code[:3]} {self.code[3:]}"

    @property
    def is_closed(self) -> bool:
        """Whether the last stage has been reached: no more answers, the journal can be made."""
        return self.closed_at is not None

    @property
    def role(self) -> str:
        """What the user whom it was fetched for is in it; empty where it was not fetched for anybody."""
        return str(getattr(self, "role_of_user", ""))

    @property
    def phase(self) -> Phase:
        """How far the workshop has come, as far as rights go."""
        if self.is_carried:
            return Phase.CARRIED
        if self.is_sealed:
            return Phase.SEALED
        return Phase.CLOSED if self.is_closed else Phase.OPEN

    @property
    def is_sealed(self) -> bool:
        """Whether nobody can tell any more which answers are whose: nothing is answered, entered or reopened again."""
        return self.sealed_on is not None

    @property
    def is_carried(self) -> bool:
        """Whether it was packed to go on elsewhere: what is left here is a copy to read."""
        return self.carried_on is not None

    @property
    def is_open_to_all(self) -> bool:
        """Whether every question is open to everybody today; else the facilitator paces."""
        until = self.self_paced_until
        return until is not None and not self.is_closed and timezone.localdate() <= until


class FacilitatorQuerySet(models.QuerySet["Facilitator"]):
    """Roles of users in workshops."""

    def may_plan(self, user_id: int) -> bool:
        """Return whether this user may plan workshops and write reviews: anybody but a reader, and nothing else."""
        roles = set(self.filter(user_id=user_id).values_list("role", flat=True))
        return roles != {Role.READER}


class Facilitator(models.Model):
    """A user who owns, runs or reads a workshop: their role says which."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="facilitators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role, default=Role.FACILITATOR)

    objects = FacilitatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user"], name="one_facilitator_a_user"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Group(models.Model):
    """A service area or role that a participant may pick on joining."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="groups")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["workshop", "position"]
        constraints = [models.UniqueConstraint(fields=["workshop", "name"], name="one_group_a_name")]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """One step of the session. `revealed_at` says since when the room may see its answers; null: it may not."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=StageKind)
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, null=True, blank=True, related_name="+")
    scale = models.ForeignKey(Scale, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=StageState, default=StageState.WAITING)
    opened_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)  # when the timer runs out; null: none runs
    paused_left = models.PositiveIntegerField(null=True, blank=True)  # seconds left on a timer that is paused
    closes_itself = models.BooleanField(default=False)  # whether the end of the timer ends the answering

    class Meta:
        ordering = ["workshop", "position"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "position"], name="one_stage_a_position"),
            models.UniqueConstraint(
                fields=["workshop"],
                condition=Q(state__in=[StageState.OPEN, StageState.REVEALED]),
                name="one_current_stage_a_workshop",
            ),
            models.CheckConstraint(condition=Q(state__in=StageState.values), name="stage_state_is_known"),
            models.CheckConstraint(
                condition=(Q(kind=StageKind.SCALE) & Q(scale__isnull=False))
                | (~Q(kind=StageKind.SCALE) & Q(scale__isnull=True)),
                name="scale_stages_have_a_scale",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(paused_left=None), name="a_timer_runs_or_stands_still"
            ),
            models.CheckConstraint(
                condition=Q(closes_itself=False) | Q(ends_at__isnull=False) | Q(paused_left__isnull=False),
                name="only_a_timer_closes_a_stage",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What the stage is called on the desk; a scale stage by its scale (fetch `scale` with it)."""
        return self.scale.get_kind_display() if self.scale else self.get_kind_display()

    @property
    def full_title(self) -> str:
        """What the stage is called where others stand beside it: with its deliverable."""
        return f"{self.deliverable.label}: {self.title}" if self.deliverable else self.title

    @property
    def asks(self) -> bool:
        """Whether phones answer something here, so that there is something to reveal."""
        return self.kind in ANSWERED_KINDS

    @property
    def is_open(self) -> bool:
        """Whether answers may be given and changed."""
        return self.state == StageState.OPEN

    @property
    def is_revealed(self) -> bool:
        """Whether the room is looking at it now."""
        return self.state == StageState.REVEALED

    @property
    def is_paused(self) -> bool:
        """Whether there is a timer that stands still."""
        return self.paused_left is not None

    @property
    def seconds_left(self) -> float | None:
        """The seconds until the timer runs out, 0 once it has; None without a timer."""
        if self.ends_at is None:
            return self.paused_left
        return max(0.0, (self.ends_at - timezone.now()).total_seconds())

    @property
    def clock(self) -> str:
        """The time left as a clock shows it, 1:20, rounded up to a second; empty without a timer."""
        if self.seconds_left is None:
            return ""
        minutes, seconds = divmod(ceil(self.seconds_left), 60)
        return f"{minutes}:{seconds:02}"

    @property
    def is_over(self) -> bool:
        """Whether a timer that was to end the answering has run out."""
        return self.closes_itself and self.seconds_left == 0

    def stop_timer(self) -> None:
        """Take the timer away, on the instance."""
        self.ends_at, self.paused_left, self.closes_itself = None, None, False

    @property
    def is_current(self) -> bool:
        """Whether this is the stage that the workshop is at."""
        return self.state in (StageState.OPEN, StageState.REVEALED)


class StageMove(models.Model):
    """One move of a stage: what, by whom, when."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10, choices=Move)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=150, blank=True)  # the user name, where that user has no account here
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.stage}: {self.get_move_display()}"

    @property
    def words(self) -> tuple[str, str]:
        """What was done, and to which stage, as it is read."""
        if self.stage.kind == StageKind.CLOSED and self.move in AT_THE_CLOSE:
            return str(AT_THE_CLOSE[Move(self.move)]), ""
        return self.get_move_display(), self.stage.full_title

    @property
    def name(self) -> str:
        """The user name of whoever did it; empty: not at a desk, or nobody knows any more."""
        return self.user.get_username() if self.user else self.by
