"""What somebody would try against accounts: each has to fail."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.routes import ROUTES, address
from workshops.choices import Role

pytestmark = pytest.mark.django_db

ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "http:evil.example")


def sign_in(browser: Client, name: str = "ann", **more: str) -> str:
    """Send name and password; return where that leads."""
    sent = {"login": name, "password": "open sesame 10", **more}
    return str(browser.post(reverse("account_login"), sent).headers.get("Location", ""))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_nowhere_else(address: str) -> None:
    """Also on a laptop, which answers to any name."""
    assert settings.ALLOWED_HOSTS
    user = factories.facilitator("ann")
    assert sign_in(Client(), next=address) == "/desk/"
    signed_in = factories.desk(user)
    assert signed_in.get(reverse("account_login"), {"next": address}).headers["Location"] == "/desk/"
    again = signed_in.post(reverse("account_reauthenticate"), {"password": "open sesame 10", "next": address})
    assert again.status_code == 302
    assert "evil" not in again.headers["Location"]
    assert "javascript" not in again.headers["Location"]


def test_session_that_was_foisted_on_somebody_is_not_theirs_once_they_signed_in() -> None:
    factories.facilitator("ann")
    browser = Client()
    session = browser.session
    session["planted"] = "before"
    session.save()
    planted = session.session_key
    assert sign_in(browser) == "/desk/"
    assert browser.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted or ""
    assert thief.get("/desk/").status_code == 302


def test_session_is_over_on_the_server_too_after_signing_out() -> None:
    browser, kept = factories.desk(factories.facilitator()), Client()
    kept.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert kept.get("/desk/").status_code == 200
    assert browser.get(reverse("workshops:sign_out")).status_code == 405
    browser.post(reverse("workshops:sign_out"))
    assert kept.get("/desk/").status_code == 302


def test_what_is_said_to_a_wrong_name_and_to_a_wrong_password_is_the_same() -> None:
    factories.facilitator("ann")
    pages = []
    for name in ("ann", "nobody"):
        answer = Client().post(reverse("account_login"), {"login": name, "password": "not this one"})
        page = answer.content.decode().replace(f'value="{name}"', "")
        pages.append((answer.status_code, [line for line in page.splitlines() if "csrf" not in line]))
    assert pages[0] == pages[1]


def test_less_of_a_role_holds_from_the_next_request_on() -> None:
    owner = factories.facilitator()
    of = factories.workshop(by=owner)
    user = factories.member(of, Role.FACILITATOR)
    boss, browser = factories.desk(owner), factories.desk(user)
    assert browser.get(address("desk", of)).status_code == 200
    boss.post(address("workshops:change_role", of, user_id=user.pk), {"role": Role.READER})
    assert [browser.get(address(name, of)).status_code for name in ("desk", "wall", "ratings:peek")] == [403] * 3
    boss.post(address("workshops:remove_person", of, user_id=user.pk))
    assert [browser.get(address(name, of)).status_code for name in ("desk", "wall", "journal")] == [404] * 3
    user.is_active = False
    user.save()
    assert browser.get("/desk/").status_code == 302


def test_there_is_no_admin_to_be_attacked() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert [name for name in ROUTES if name.startswith("admin:")] == []
    assert Client().get("/admin/").status_code == 404
