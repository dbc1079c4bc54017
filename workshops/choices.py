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
    CARRIED = "carried", _("Carried to a server")


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


AT_THE_CLOSE = {Move.OPEN: _("Workshop closed"), Move.SEAL: _("Workshop sealed")}
"""What these mean when they are done to the last stage, which is then not named beside them."""


class Deed(TextChoices):
    """What else somebody with an account can do, beside the moves of stages; each leaves an entry in the trail."""

    PLANNED = "planned", _("Planned")
    IMPORTED = "imported", _("Imported")
    DETAILS = "details", _("Details changed")
    INVITED = "invited", _("Invited")
    WITHDREW = "withdrew", _("Invitation withdrawn")
    JOINED = "joined", _("Followed an invitation")
    ROLE = "role", _("Role given")
    REMOVED = "removed", _("Person removed")
    WALL = "wall", _("Shown on the wall")
    PEEKED = "peeked", _("Looked before the reveal")
    TOOK_OUT = "took_out", _("Downloaded")
    ENTERED = "entered", _("Words entered")
    COUNTED = "counted", _("Papers counted")
    COMMENTS = "comments", _("Decided about comments")
    IMPERATIVES = "imperatives", _("Decided about imperatives")
    THEMES = "themes", _("Comments grouped")
    MERGED = "merged", _("Imperatives merged")
    PARTED = "parted", _("Imperatives parted")
    ACTION = "action", _("Owner or date given")
    REHEARSAL = "rehearsal", _("Rehearsal removed")
    EDITED = "edited", _("Journal edited")
    CHECKED = "checked", _("Journal checked")
    SIGNED = "signed", _("Journal signed off")
    SHARED = "shared", _("Link to the journal made")
    REVOKED = "revoked", _("Link to the journal revoked")
    CARRIED = "carried", _("Packed to be carried to a server")
    TAKEN_IN = "taken_in", _("Taken in from another Midpoint")
    REVIEW = "review", _("Review written")
    SIGNED_IN = "signed_in", _("Signed in")
    LOCKED = "locked", _("Sign-in stopped, tried too often")
    FACTOR = "factor", _("Second factor added")
    NO_FACTOR = "no_factor", _("Second factor removed")
    CODES = "codes", _("Recovery codes made anew")
    PASSWORD = "password", _("Password changed")
    CONNECTED = "connected", _("Account elsewhere connected")
    PARTED_WITH = "parted_with", _("Account elsewhere disconnected")


class Strand(TextChoices):
    """The chains of a trail. What concerns people's words is in one of its own, to the day: no place tells its hour."""

    SESSION = "session", _("Session")
    WORDS = "words", _("Words")
    ACCOUNT = "account", _("Account")


ABOUT_WORDS = {
    *(Deed.ENTERED, Deed.COUNTED, Deed.COMMENTS, Deed.IMPERATIVES, Deed.THEMES),
    *(Deed.MERGED, Deed.PARTED, Deed.ACTION, Deed.REHEARSAL),
}
"""What is done to what people said: the trail says on which day and by whom, and nothing else."""

CHANGES = ABOUT_WORDS | {Deed.EDITED, Deed.CHECKED, Deed.SIGNED}
"""What changes a sealed workshop. Once it was carried elsewhere it is changed there alone, so that nothing is lost."""


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
