"""Nothing is forgotten: every model and every field of ours is carried, or is left behind for a reason."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import User

from ratings.carrying.contents import KINDS
from ratings.carrying.parts import CARRIED, LEFT_BEHIND, NAMED, WITHOUT, fields_of

OURS = {
    model
    for app in ("workshops", "ratings")
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
}


def test_every_model_is_carried_or_left_behind_for_a_reason() -> None:
    assert {*CARRIED} | {*LEFT_BEHIND} == OURS, "say in ratings/carrying/parts.py what becomes of it"
    assert not {*CARRIED} & {*LEFT_BEHIND}
    assert all(LEFT_BEHIND.values())


def test_every_field_that_is_left_behind_exists_and_is_named_with_a_reason() -> None:
    there = {field.name for model in CARRIED for field in model._meta.concrete_fields}
    assert {*WITHOUT} <= there
    assert all(WITHOUT.values())
    keys = {field.name for model in CARRIED for field in model._meta.concrete_fields if field.primary_key}
    carried = {field.name for model in CARRIED for field in fields_of(model)}
    assert there == carried | {*WITHOUT} | keys


def test_what_a_row_points_to_is_carried_before_it() -> None:
    order = list(CARRIED)
    for model in CARRIED:
        for field in fields_of(model):
            if isinstance(field.related_model, type):
                assert order.index(field.related_model) <= order.index(model), field


def test_every_field_that_is_carried_has_a_form_in_the_file() -> None:
    for model in CARRIED:
        for field in fields_of(model):
            assert any(isinstance(field, kind) for kind in KINDS), field


def test_whoever_is_pointed_to_is_named() -> None:
    pointing = {
        model
        for model in CARRIED
        for field in model._meta.concrete_fields
        if field.related_model is User and field.name not in ("controls",)
    }
    assert pointing == {*NAMED}
