"""Leaf enums: the words that models, operations and templates share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody with an account is in a workshop."""

    OWNER = "owner", _("Owner")
    FACILITATOR = "facilitator", _("Facilitator")
    READER = "reader", _("Reader")


class Phase(TextChoices):
    """How far a workshop has come, as far as rights go."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    SEALED = "sealed", _("Sealed")


class ScaleKind(TextChoices):
    """The two questions asked of every deliverable, in the order they are asked."""

    BEING = "being", _("Being at the goal")
    PROGRESS = "progress", _("Making progress")


class StageKind(TextChoices):
    """What a stage of a workshop is for."""

    LOBBY = "lobby", _("Lobby")
    SCALE = "scale", _("Scale")
    RAG = "rag", _("Overall rating")
    TOGETHER = "together", _("Look at it together")
    MAP = "map", _("Where the deliverables stand")
    IMPERATIVES = "imperatives", _("What must happen next")
    PRIORITIES = "priorities", _("Place three dots")
    CLOSED = "closed", _("Close")


ANSWERED_KINDS = {StageKind.SCALE, StageKind.RAG, StageKind.IMPERATIVES, StageKind.PRIORITIES}
"""The kinds of stage that ask phones for something, and so have something to reveal."""


class StageState(TextChoices):
    """Where a stage is; at most one stage of a workshop is OPEN or REVEALED."""

    WAITING = "waiting", _("Not yet open")
    OPEN = "open", _("Open")
    REVEALED = "revealed", _("Shown to the room")
    CLOSED = "closed", _("Closed")


CURRENT_STATES = (StageState.OPEN, StageState.REVEALED)
"""The states of the stage that a workshop is at."""


class Move(TextChoices):
    """What a facilitator can do to a stage; each is recorded."""

    OPEN = "open", _("Opened")
    REVEAL = "reveal", _("Revealed")
    TAKE_DOWN = "take_down", _("Taken down")
    TIMER = "timer", _("Timer set")
    NO_TIMER = "no_timer", _("Timer taken away")
    EXTEND = "extend", _("Time added")
    PAUSE = "pause", _("Paused")
    GO_ON = "go_on", _("Gone on")
    BLANK = "blank", _("Wall blanked")
    LIGHT = "light", _("Wall back on")
    TAKE_OVER = "take_over", _("Took the controls")
    SEAL = "seal", _("Sealed")


class WallView(TextChoices):
    """What the wall can show of a stage."""

    LOBBY = "lobby", _("Join code")
    QUESTION = "question", _("The question")
    STRIP = "strip", _("The ratings")
    BOTH = "both", _("Both scales")
    RAG = "rag", _("Red, amber, green")
    COMMENTS = "comments", _("What people said")
    THEMES = "themes", _("By theme")
    HIGHER = "higher", _("One point higher")
    MAP = "map", _("The map")
    IMPERATIVES = "imperatives", _("Imperatives")
    THANKS = "thanks", _("Thank you")


THRESHOLD = 5
"""How many answers stand together, so that nobody's own can be told, unless a review says otherwise."""
THRESHOLD_MIN = 3
"""The fewest that a review may ask for: of two, each would know the other's."""
THRESHOLD_MAX = 20
