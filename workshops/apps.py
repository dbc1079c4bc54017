"""The app of who, when and in what order."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter

from workshops.append_only import lift_guards, raise_guards


class WorkshopsConfig(AppConfig):
    """Reviews, workshops, stages and participants; knows nothing of ratings."""

    name = "workshops"

    def ready(self) -> None:
        """Let addresses say `<code:…>` and `<id:…>`, guard the trail, and write down what is done to accounts."""
        from workshops import account_acts  # noqa: F401 (its receivers connect themselves)

        pre_migrate.connect(lift_guards, sender=self)
        post_migrate.connect(raise_guards, sender=self)
        register_converter(JoinCode, "code")
        register_converter(Id, "id")


class JoinCode(StringConverter):
    """A join code in an address; an address with anything else in its place is nobody's."""

    regex = "[0-9]{6}"


class Id(IntConverter):
    """A row's id in an address; one too long for the database is nobody's."""

    regex = "[0-9]{1,18}"
