"""The page of the inventory, made from its words and the models; and what the two do not agree on."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from eip2review.inventory import ELSEWHERE, EMPTY, HELD


def unlisted() -> list[str]:
    """Return what the words above and the models do not agree on: models and fields that one of them lacks."""
    found = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
    wrong = [f"{label}: not listed" for label in found.keys() - HELD.keys() - EMPTY]
    wrong += [f"{label}: there is no such model" for label in (HELD.keys() | EMPTY) - found.keys()]
    for label in HELD.keys() & found.keys():
        fields = {field.name for field in _fields(found[label])}
        wrong += [f"{label}.{name}: not listed" for name in fields - HELD[label].fields.keys()]
        wrong += [f"{label}.{name}: there is no such field" for name in HELD[label].fields.keys() - fields]
    return sorted(wrong)


def write_inventory() -> str:
    """Return the inventory as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What is stored, where and for how long"
    yield ""
    yield "Made from the program's models by `manage.py data_inventory`; a test fails when a field is not in it."
    yield "[Data protection](data-protection.md) says what it is for."
    yield ""
    yield "## In the database"
    for label, held in HELD.items():
        model = apps.get_model(label)
        yield ""
        yield f"### {model.__name__.replace('_', ' ')}"
        yield held.why or _first_sentence(model)
        yield f"Kept {held.kept}."
        yield ""
        yield "| field | kind | what it holds |"
        yield "|---|---|---|"
        for field in _fields(model):
            yield f"| {field.name} | {_kind(field)} | {held.fields[field.name]} |"
    yield ""
    yield (
        "The tables "
        + ", ".join(f"`{label}`" for label in sorted(EMPTY))
        + " of Django and of allauth hold nothing about anybody."
    )
    yield ""
    yield "## Elsewhere"
    yield "| what | where | for how long |"
    yield "|---|---|---|"
    for row in ELSEWHERE:
        yield "| " + " | ".join(row) + " |"


def _fields(model: type[models.Model]) -> list[models.Field[object, object]]:
    """Return a model's columns without the number that every row has."""
    return [field for field in model._meta.concrete_fields if field.name != "id"]


def _first_sentence(model: type[models.Model]) -> str:
    return inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _kind(field: models.Field[object, object]) -> str:
    """Return what a column holds, in a word or two."""
    if isinstance(field.related_model, type):
        return f"which {field.related_model.__name__}"
    words = {
        models.BooleanField: "yes or no",
        models.DateTimeField: "date and time",
        models.DateField: "date",
        models.JSONField: "list",
        models.UUIDField: "random number",
        models.IntegerField: "number",
        models.CharField: "text",
        models.TextField: "text",
        models.BinaryField: "file",
    }
    kind = next(word for known, word in words.items() if isinstance(field, known))
    length = field.max_length
    return f"{kind}, at most {length}" if kind == "text" and length and not field.choices else kind
