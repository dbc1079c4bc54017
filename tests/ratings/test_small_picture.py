"""The desk's small picture of the wall says what the room sees."""

import pytest
from django.test import Client

from tests import factories
from tests.routes import address
from workshops.choices import StageKind, WallView
from workshops.controls import blank_wall
from workshops.models import Workshop
from workshops.sessions import show_on_wall

pytestmark = pytest.mark.django_db


def mini(desk: Client, of: Workshop) -> str:
    """Return the small picture of the wall, as the desk has it now."""
    html = desk.get(address("desk", of)).content.decode()
    return html.split("On the wall now")[1].split("</figure>")[0]


def test_small_picture_tells_the_truth_of_every_view() -> None:
    user = factories.facilitator()
    of, desk = factories.workshop(by=user), factories.desk(user)
    assert "Join on your phone" in mini(desk, of)
    stage = factories.opened(of, StageKind.SCALE)
    assert "Both ends, in full" in mini(desk, of)
    factories.scores(of, factories.scale(of), 3, 4, 9)
    factories.comment(of, factories.scale(of), "These words are on the wall")
    assert "<svg" not in mini(desk, of)
    factories.revealed(of, StageKind.SCALE)
    assert "<svg" in mini(desk, of)
    show_on_wall(workshop=of, view=WallView.COMMENTS)
    assert "These words are on the wall" in mini(desk, of)
    blank_wall(workshop=of, blank=True, user=None)
    assert "These words are on the wall" not in mini(desk, of)
    blank_wall(workshop=of, blank=False, user=None)
    assert stage.scale is not None
    factories.opened(of, StageKind.MAP)
    assert "Nothing to show yet" in mini(desk, of)
    factories.imperative(of, "Teach it")
    factories.revealed(of, StageKind.IMPERATIVES)
    assert "Teach it" in mini(desk, of)
    factories.opened(of, StageKind.CLOSED)
    assert "Thank you" in mini(desk, of)
