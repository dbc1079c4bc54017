"""The app of who, when and in what order."""

from django.apps import AppConfig
from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class WorkshopsConfig(AppConfig):
    """Reviews, workshops, stages and participants; knows nothing of ratings."""

    name = "workshops"

    def ready(self) -> None:
        """Let addresses say `<code:…>` and `<id:…>`."""
        register_converter(JoinCode, "code")
        register_converter(Id, "id")


class JoinCode(StringConverter):
    """A join code in an address; an address with anything else in its place is nobody's."""

    regex = "[0-9]{6}"


class Id(IntConverter):
    """A row's id in an address; one too long for the database is nobody's."""

    regex = "[0-9]{1,18}"
