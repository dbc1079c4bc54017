"""Signing in with an account elsewhere: with an invitation, or with one that was connected."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from eip2review.providers import describe_providers
from tests import factories
from tests.servers import free_port
from workshops.choices import Role
from workshops.invitations import invite
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


class Elsewhere(BaseHTTPRequestHandler):
    """The other side: says where its doors are, and who came through."""

    who: dict[str, str] = {}

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        doors = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        self.say({"issuer": base, **{door: f"{base}/{path}" for door, path in doors.items()}})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        issuer = f"http://{self.headers['Host']}"
        claims = {"iss": issuer, "aud": "midpoint", "exp": time.time() + 60, **self.who}
        self.say({"access_token": "a", "id_token": jwt.encode(claims, "x" * 32, "HS256")})

    def say(self, what: dict[str, str]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def offer(settings: Settings, server_url: str) -> None:
    """Set up Microsoft, with its doors at another address."""
    (app,), _ = describe_providers(microsoft=("midpoint", "secret", "tenant"), google=("", ""))
    app["settings"]["server_url"] = server_url
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "SCOPE": ["openid", "profile"]}}


@pytest.fixture
def who(settings: Settings) -> Iterator[dict[str, str]]:
    """Who signs in over there: their number and what they are called."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    offer(settings, f"http://127.0.0.1:{server.server_port}")
    Elsewhere.who = {"sub": "number-7", "preferred_username": "bob@council.example", "email": "bob@council.example"}
    try:
        yield Elsewhere.who
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def leave(browser: Client, **form: str) -> dict[str, list[str]]:
    """Set out for the other side; return what it is asked."""
    sent = browser.post(reverse("openid_connect_login", args=["microsoft"]), form)
    assert urlsplit(sent.headers["Location"]).path == "/authorize"
    return parse_qs(urlsplit(sent.headers["Location"]).query)


def come_back(browser: Client, asked: dict[str, list[str]]) -> Any:
    """Come back from the other side with its answer."""
    return browser.get(urlsplit(asked["redirect_uri"][0]).path, {"code": "c", "state": asked["state"][0]})


def roles(of: Workshop) -> dict[str, str]:
    """Return everybody's role by user name."""
    return {str(person): person.role for person in of.facilitators.select_related("user")}


def test_buttons_are_there_only_where_the_environment_says_so(who: dict[str, str], settings: Settings) -> None:
    assert "Sign in with Microsoft" in Client().get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Sign in with Microsoft" not in Client().get(reverse("account_login")).content.decode()
    assert describe_providers(microsoft=("client", "secret", ""), google=("", "")) == ([], [])
    apps, origins = describe_providers(microsoft=("client", "secret", "tenant"), google=("client", "secret"))
    assert [app["name"] for app in apps] == ["Microsoft", "Google"]
    assert origins == ["https://login.microsoftonline.com", "https://accounts.google.com"]


def test_other_side_is_asked_for_no_more_than_who_it_is(who: dict[str, str]) -> None:
    asked = leave(Client())
    assert set(asked["scope"][0].split()) == {"openid", "profile"}


def test_stranger_from_elsewhere_gets_no_account(who: dict[str, str]) -> None:
    browser = Client()
    page = come_back(browser, leave(browser, next="/desk/")).content.decode()
    assert "You are not invited yet" in page
    assert not User.objects.exists()


def test_invited_from_elsewhere_has_an_account_the_role_and_nothing_more_is_kept(who: dict[str, str]) -> None:
    of = factories.workshop(by=factories.facilitator("ann"))
    link = reverse("workshops:invitation", args=[invite(by=of.facilitators.get().user, workshop=of, role=Role.READER)])
    browser = Client()
    assert "Sign in with Microsoft" in browser.get(link).content.decode()
    assert come_back(browser, leave(browser, next=link)).headers["Location"] == "/desk/"
    assert roles(of) == {"ann": "owner", "bob": "reader"}
    bob = User.objects.get(username="bob")
    assert (bob.email, bob.first_name, bob.last_name, bob.has_usable_password()) == ("", "", "", False)
    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("number-7", {})
    assert not SocialToken.objects.exists()
    again = Client()
    assert come_back(again, leave(again)).headers["Location"] == "/desk/"
    assert again.get("/desk/").status_code == 200
    assert SocialAccount.objects.get().extra_data == {}


def test_invitation_lets_in_one_from_elsewhere_alone(who: dict[str, str]) -> None:
    of = factories.workshop(by=factories.facilitator("ann"))
    link = reverse("workshops:invitation", args=[invite(by=of.facilitators.get().user, workshop=of, role=Role.READER)])
    first, second = Client(), Client()
    come_back(first, leave(first, next=link))
    who["sub"] = "number-8"
    assert "You are not invited yet" in come_back(second, leave(second, next=link)).content.decode()
    assert len(roles(of)) == 2


def test_account_elsewhere_is_connected_and_disconnected(who: dict[str, str]) -> None:
    ann = factories.facilitator("ann")
    browser = factories.desk(ann)
    connections = reverse("socialaccount_connections")
    assert connections in browser.get(reverse("mfa_index")).content.decode()
    browser.post(reverse("account_reauthenticate"), {"password": "open sesame 10"})
    assert "Connect Microsoft" in browser.get(connections).content.decode()
    asked = leave(browser, process="connect", next=connections)
    assert come_back(browser, asked).headers["Location"] == connections
    assert SocialAccount.objects.get().user == ann
    other = Client()
    assert come_back(other, leave(other)).headers["Location"] == "/desk/"
    assert other.get("/desk/").wsgi_request.user == ann
    browser.post(connections, {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_only_way_in_is_not_disconnected(who: dict[str, str]) -> None:
    ann = factories.facilitator("ann")
    ann.set_unusable_password()
    ann.save()
    SocialAccount.objects.create(user=ann, provider="microsoft", uid="number-7")
    browser = factories.desk(ann)
    page = browser.post(
        reverse("socialaccount_connections"), {"account": SocialAccount.objects.get().pk}
    ).content.decode()
    assert "It is the only way in that you have" in page
    assert SocialAccount.objects.exists()


def test_who_stops_on_the_way_or_finds_nobody_there_is_told_so(who: dict[str, str], settings: Settings) -> None:
    browser = Client()
    asked = leave(browser)
    back = browser.get(
        urlsplit(asked["redirect_uri"][0]).path, {"error": "access_denied", "state": asked["state"][0]}, follow=True
    )
    assert "You stopped on the way" in back.content.decode()
    assert "Not signed in" in browser.get(urlsplit(asked["redirect_uri"][0]).path).content.decode()
    offer(settings, f"http://127.0.0.1:{free_port()}")
    nobody = browser.post(reverse("openid_connect_login", args=["microsoft"]))
    assert "The other side could not be asked" in nobody.content.decode()
