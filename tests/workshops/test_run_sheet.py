"""The run sheet of a workshop, and the wifi that it and the wall tell the room."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from workshops.choices import Deed, StageKind
from workshops.models import TrailEntry, Workshop
from workshops.sessions import open_stage

pytestmark = pytest.mark.django_db

NAME, PASSWORD = 'Café "Guest"; two', "open:sesame\\10"


@pytest.fixture
def of() -> Workshop:
    return factories.workshop(by=factories.facilitator())


@pytest.fixture
def desk(of: Workshop) -> Client:
    return factories.desk(of.facilitators.get().user)


def at(of: Workshop, name: str) -> str:
    return reverse(name, args=[of.code])


def tell(desk: Client, of: Workshop, name: str = NAME, password: str = PASSWORD) -> str:
    answer = desk.post(at(of, "workshops:wifi"), {"wifi_name": name, "wifi_password": password}, follow=True)
    return answer.content.decode()


def test_sheet_says_where_to_join_and_what_comes_in_what_order(of: Workshop, desk: Client) -> None:
    html = desk.get(at(of, "workshops:run_sheet")).content.decode()
    of_stages = html.index("Lobby"), html.index("Being at the goal"), html.index("Place three dots")
    assert of_stages == tuple(sorted(of_stages))
    assert "QR code to join" in html
    assert "QR code to join the wifi" not in html


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_wall_and_sheet_show_the_wifi(of: Workshop, desk: Client, password: str) -> None:
    assert "Caf\u00e9" in tell(desk, of, password=password)
    for name in ("wall", "workshops:run_sheet"):
        html = desk.get(at(of, name)).content.decode()
        assert "QR code to join the wifi Café &quot;Guest&quot;; two" in html
        assert (PASSWORD in html) == bool(password)
    assert desk.get(at(of, "workshops:wifi_qr"))["Content-Type"] == "image/svg+xml"


def test_screens_are_told_of_a_wifi_once(of: Workshop, desk: Client) -> None:
    tell(desk, of)
    told = Workshop.objects.get(pk=of.pk).revision
    assert told == of.revision + 1
    tell(desk, of)
    assert Workshop.objects.get(pk=of.pk).revision == told


def test_trail_says_that_the_wifi_changed_and_not_what_it_is(of: Workshop, desk: Client) -> None:
    tell(desk, of)
    about = TrailEntry.objects.get(workshop=of, act=Deed.DETAILS).about
    assert about == "name of the wifi, password of the wifi"


def test_wifi_is_forgotten_when_the_workshop_closes(of: Workshop, desk: Client) -> None:
    tell(desk, of)
    open_stage(stage=of.stages.get(kind=StageKind.CLOSED), user=None)
    closed = Workshop.objects.get(pk=of.pk)
    assert (closed.wifi_name, closed.wifi_password) == ("", "")
    assert desk.get(at(of, "workshops:wifi_qr")).status_code == 404
    assert desk.get(at(of, "workshops:wifi")).status_code == 409


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("", "secret 10", "Type the name of the wifi"),
        ("Guest", "seven77", "8 characters or more"),
        ("ł" * 17, "", "No wifi has a name as long as this"),
        ("Gu\u200best", "", "invisible character"),
    ],
)
def test_what_no_wifi_can_be_is_refused_as_typed(
    of: Workshop, desk: Client, name: str, password: str, sentence: str
) -> None:
    html = tell(desk, of, name, password)
    assert sentence in html
    assert f'value="{password or name}"' in html
    assert not Workshop.objects.get(pk=of.pk).wifi_name


def test_blanks_at_the_ends_of_a_password_are_part_of_it(of: Workshop, desk: Client) -> None:
    tell(desk, of, "Guest", " eight 8 ")
    assert Workshop.objects.get(pk=of.pk).wifi_password == " eight 8 "
