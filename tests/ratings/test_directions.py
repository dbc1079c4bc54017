"""What somebody wrote turns nothing around that stands beside it; what names something holds nothing invisible."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ratings.forms import ActionForm, ThemeForm
from tests import factories
from workshops.choices import StageKind

pytestmark = pytest.mark.django_db
TURNED = "\u202eturned around"


@pytest.mark.parametrize(("form", "field"), [(ActionForm, "owner"), (ThemeForm, "new_name")])
def test_names_at_the_desk_hold_nothing_invisible(form: type[ActionForm] | type[ThemeForm], field: str) -> None:
    assert "invisible" in str(form({field: TURNED}).errors[field])


def test_words_on_a_phone_keep_their_direction_to_themselves() -> None:
    of = factories.workshop()
    factories.imperative(of, TURNED)
    factories.opened(of, StageKind.PRIORITIES)
    html = factories.phone(of).get(reverse("phone", args=[of.code])).content.decode()
    assert f'<span dir="auto">{TURNED}</span>' in html
