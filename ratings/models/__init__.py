"""The models of what people said."""

from ratings.models.comment import Comment, Theme
from ratings.models.imperative import Action, Imperative, Vote
from ratings.models.journal import JournalNotes, Lead, Term
from ratings.models.picture import SeenPicture
from ratings.models.printing import Print
from ratings.models.rag import RagRating
from ratings.models.score import Score
from ratings.models.signing import JournalCheck, ShareLink, SignedFile, SignedJournal
from ratings.models.words import Words, WordsDecision

__all__ = [
    "Action",
    "Comment",
    "Imperative",
    "JournalCheck",
    "JournalNotes",
    "Lead",
    "Print",
    "RagRating",
    "Score",
    "SeenPicture",
    "ShareLink",
    "SignedFile",
    "SignedJournal",
    "Term",
    "Theme",
    "Vote",
    "Words",
    "WordsDecision",
]
