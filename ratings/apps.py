"""The app of what people said and what it adds up to."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RatingsConfig(AppConfig):
    """Scores, comments, RAG ratings, imperatives, votes, charts and the journal; builds on workshops."""

    name = "ratings"

    def ready(self) -> None:
        """Guard what was signed, after every migration."""
        from ratings.append_only import raise_guards  # models can be imported only now

        post_migrate.connect(raise_guards, sender=self)
