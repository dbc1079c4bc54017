"""Leaf enums of what people say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """How an answer came in. Only what came from a phone, or from one that is played in a rehearsal, has an author."""

    PHONE = "phone", _("On a phone")
    PLAYED = "played", _("Played in a rehearsal")
    ALOUD = "aloud", _("Said aloud")
    PAPER = "paper", _("On paper")
    IMPORTED = "imported", _("Imported")


FROM_PHONES = (Source.PHONE, Source.PLAYED)
"""The sources of answers that can be changed by whom they are from."""
ENTERED = (Source.ALOUD, Source.PAPER)
"""The sources of answers that a facilitator wrote down for somebody."""


class Mark(TextChoices):
    """What a comment speaks of; a comment without a mark is as good."""

    WELL = "well", _("Working well")
    WORRY = "worry", _("Worry")
    NEXT = "next", _("Next step")


class Rag(TextChoices):
    """Red, amber, green."""

    RED = "R", _("Red")
    AMBER = "A", _("Amber")
    GREEN = "G", _("Green")


class CommentState(TextChoices):
    """Where a comment, or an imperative, is on its way to the wall and the journal."""

    NEW = "new", _("New")
    SHOWN = "shown", _("Shown")
    HELD = "held", _("Held")
    HIDDEN = "hidden", _("Hidden")


PRINTED = (CommentState.NEW, CommentState.SHOWN)
"""The states of what is in the journal; imperatives in these are on the wall and in the list to vote on too."""


class Asked(TextChoices):
    """What a comment answers."""

    WHY = "why", _("What makes you say so?")
    HIGHER = "higher", _("What would one point higher look like?")


class Decision(TextChoices):
    """What a facilitator can do with a comment or an imperative; each is recorded."""

    SHOW = "show", _("Shown")
    HOLD = "hold", _("Held")
    HIDE = "hide", _("Hidden")
    REDACT = "redact", _("Redacted")


class Reason(TextChoices):
    """Why a facilitator holds, hides or redacts words; another reason can be written."""

    PERSON = "person", _("It could point to a child, a family or a worker")
    UNKIND = "unkind", _("It is about a person, not the work")
    TWICE = "twice", _("It says the same as another")
    ELSEWHERE = "elsewhere", _("It belongs to another deliverable")
    RISK = "risk", _("It tells of a risk to a child, and was passed on")


class JournalState(TextChoices):
    """How far a workshop's journal has come."""

    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked")
    SIGNED = "signed", _("Signed off")


class Match(TextChoices):
    """What a file, or a fingerprint, has to do with what was signed."""

    BYTES = "bytes", _("This is exactly the file that was signed off.")
    CONTENT = "content", _("This is exactly the data that was signed off.")
    INSIDE = "inside", _("This is not the file that was signed off: something in it is different.")
    FINGERPRINT = "fingerprint", _("A journal with this fingerprint was signed off.")
    UNKNOWN = "unknown", _("Nothing like this was signed off here.")


class Grouping(TextChoices):
    """How a journal groups the comments on a scale; what one point higher would be always stands apart."""

    THEME = "theme", _("By theme, and by mark where there is none")
    MARK = "mark", _("By mark")
    NONE = "none", _("In one list")


class PrintState(TextChoices):
    """How far the printing of a journal has come."""

    WAITING = "waiting", _("Waiting")
    PRINTING = "printing", _("Printing")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


COMMENT_MAX = 280
"""Characters of a comment from a phone."""
IMPERATIVE_MAX = 200
"""Characters of an imperative from a phone."""
WRITTEN_MAX = 1000
"""Characters of a comment or an imperative that a facilitator enters for somebody."""
QUOTES_EACH = 3
"""How many comments on a deliverable a journal can set large."""
VOTES_EACH = 3
IMPERATIVES_EACH = 2
