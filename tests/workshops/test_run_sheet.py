"""The run sheet of a workshop."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def sheet() -> tuple[str, Client]:
    user = factories.facilitator()
    of = factories.workshop(by=user)
    return reverse("workshops:run_sheet", args=[of.code]), factories.desk(user)


def test_sheet_says_where_to_join_and_what_comes_in_what_order() -> None:
    page, desk = sheet()
    html = desk.get(page).content.decode()
    of_stages = html.index("Lobby"), html.index("Being at the goal"), html.index("Place three dots")
    assert of_stages == tuple(sorted(of_stages))
    assert "QR code to join" in html
    assert "data:image/svg+xml" not in html


@pytest.mark.parametrize("password", ["", "open sesame 10"])
def test_sheet_draws_the_wifi_and_keeps_nothing_of_it(password: str) -> None:
    page, desk = sheet()
    drawn = desk.post(page, {"network": "Guest", "password": password}).content.decode()
    assert "QR code to join the wifi Guest" in drawn
    assert "data:image/svg+xml" in drawn
    assert "Guest" not in desk.get(page).content.decode()


def test_sheet_asks_for_the_name_of_the_wifi_and_keeps_what_was_typed() -> None:
    page, desk = sheet()
    html = desk.post(page, {"network": "", "password": "secret 10"}).content.decode()
    assert "Not saved yet" in html
    assert 'value="secret 10"' in html
