"""The app of what people said and what it adds up to."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Scores, comments, RAG ratings, imperatives, votes, charts and the journal; builds on workshops."""

    name = "ratings"
