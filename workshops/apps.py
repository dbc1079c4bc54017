"""The app of who, when and in what order."""

from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    """Reviews, workshops, stages and participants; knows nothing of ratings."""

    name = "workshops"
