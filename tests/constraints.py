"""Database constraints, and how each database words a breach of one."""

import re

from django.apps import apps
from django.db.models import BaseConstraint, Field, Model, UniqueConstraint


def constraints_of(app: str) -> dict[str, tuple[type[Model], BaseConstraint]]:
    """Return every constraint that an app's models declare, by name."""
    models = apps.get_app_config(app).get_models()
    return {constraint.name: (model, constraint) for model in models for constraint in model._meta.constraints}


def breach(app: str, name: str) -> str:
    """Return a pattern for what the database says when a constraint is broken; SQLite names a unique one's columns."""
    model, constraint = constraints_of(app)[name]
    if not isinstance(constraint, UniqueConstraint):
        return re.escape(name)
    columns = [_column(model, field) for field in constraint.fields]
    return (
        rf"\b{name}\b|failed: " + re.escape(", ".join(f"{model._meta.db_table}.{column}" for column in columns)) + "$"
    )


def _column(model: type[Model], name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return str(field.column)
