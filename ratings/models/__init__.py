"""The models of what people said."""

from ratings.models.comment import Comment, CommentDecision, Theme
from ratings.models.imperative import Action, Imperative, Vote
from ratings.models.rag import RagRating
from ratings.models.score import Score

__all__ = ["Action", "Comment", "CommentDecision", "Imperative", "RagRating", "Score", "Theme", "Vote"]
