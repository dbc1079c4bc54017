"""The models of what people said."""

from ratings.models.comment import Comment
from ratings.models.imperative import Imperative, Vote
from ratings.models.rag import RagRating
from ratings.models.score import Score

__all__ = ["Comment", "Imperative", "RagRating", "Score", "Vote"]
