"""The app of who, when and in what order."""

from django.apps import AppConfig
from django.urls import register_converter
from django.urls.converters import StringConverter


class WorkshopsConfig(AppConfig):
    """Reviews, workshops, stages and participants; knows nothing of ratings."""

    name = "workshops"

    def ready(self) -> None:
        """Let addresses say `<code:…>`."""
        register_converter(JoinCode, "code")


class JoinCode(StringConverter):
    """A join code in an address; an address with anything else in its place is nobody's."""

    regex = "[0-9]{6}"
