"""Invitations: single use, for a while, and the only way in."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests import factories
from workshops.choices import Role
from workshops.invitations import (
    LIFETIME,
    InvitationOver,
    accept_invitation,
    find_invitation,
    invite,
    open_account,
)
from workshops.models import Invitation, Workshop
from workshops.people import give_role, remove_person

pytestmark = pytest.mark.django_db

NEW = {"username": "bob", "password1": "open sesame 10", "password2": "open sesame 10"}


@pytest.fixture
def ann() -> User:
    """An owner."""
    return factories.facilitator("ann")


@pytest.fixture
def of(ann: User) -> Workshop:
    """Her workshop."""
    return factories.workshop(by=ann)


@pytest.fixture
def desk(ann: User) -> Client:
    """Her browser."""
    return factories.desk(ann)


def roles(of: Workshop) -> dict[str, str]:
    """Return everybody's role by user name."""
    return {str(person): person.role for person in of.facilitators.select_related("user")}


def link_on(page: str) -> str:
    """Return the path of the link that a page shows."""
    found = re.search(r'readonly value="([^"]+)"', page)
    assert found
    return "/" + found[1].split("/", 3)[3]


def run_out() -> None:
    """Let the time of every invitation run out."""
    Invitation.objects.update(expires_at=timezone.now())


def test_whoever_follows_the_link_makes_an_account_and_has_the_role(of: Workshop, desk: Client) -> None:
    made = desk.post(reverse("workshops:invite_person", args=[of.code]), {"role": "facilitator"}).content.decode()
    link, new = link_on(made), Client()
    shown = new.get(link).content.decode()
    assert "Carreg Bay Council" in shown
    assert "As a facilitator" in shown
    assert new.post(link, NEW).headers["Location"] == "/desk/"
    assert roles(of) == {"ann": "owner", "bob": "facilitator"}
    assert new.get(reverse("desk", args=[of.code])).status_code == 200
    assert User.objects.get(username="bob").check_password(NEW["password1"])


def test_link_is_shown_once_and_kept_nowhere(of: Workshop, desk: Client) -> None:
    made = desk.post(reverse("workshops:invite_person", args=[of.code]), {"role": "reader"}).content.decode()
    token = link_on(made).split("/")[2]
    page = desk.get(reverse("workshops:people", args=[of.code])).content.decode()
    assert "invited by ann" in page
    assert token not in page
    row = Invitation.objects.values().get()
    assert not any(token in str(value) for value in row.values())


def test_link_leads_to_where_others_reach_this_computer(of: Workshop, desk: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://midpoint.example.org"
    made = desk.post(reverse("workshops:invite_person", args=[of.code]), {"role": "reader"}).content.decode()
    assert 'value="https://midpoint.example.org/invitation/' in made


def test_looking_at_the_link_does_not_use_it_up_and_following_it_does(of: Workshop, ann: User) -> None:
    link = reverse("workshops:invitation", args=[invite(by=ann, workshop=of, role=Role.READER)])
    for _ in range(2):
        assert Client().get(link).status_code == 200
    Client().post(link, NEW)
    late = Client().post(link, NEW | {"username": "eve"})
    assert (late.status_code, User.objects.filter(username="eve").exists()) == (404, False)
    assert "This invitation is over" in late.content.decode()


def test_somebody_who_has_an_account_signs_in_first_and_accepts(of: Workshop, ann: User) -> None:
    factories.facilitator("bob")
    link = reverse("workshops:invitation", args=[invite(by=ann, workshop=of, role=Role.READER)])
    browser = Client()
    sign_in = re.search(r'href="(/desk/sign-in/[^"]+)"', browser.get(link).content.decode())
    assert sign_in
    form = {"login": "bob", "password": "open sesame 10", "next": link}
    assert browser.post(sign_in[1], form).headers["Location"] == link
    assert "Accept as bob" in browser.get(link).content.decode()
    browser.post(link)
    assert roles(of) == {"ann": "owner", "bob": "reader"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": ""}, "This field is required"),
        ({"username": "ANN"}, "already exists"),
        ({"username": "<b>x</b>"}, "Enter a valid username"),
        ({"password2": "something else"}, "didn’t match"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "1234567890", "password2": "1234567890"}, "too common"),
    ],
)
def test_account_with_a_mistake_is_not_made(of: Workshop, ann: User, changes: dict[str, str], sentence: str) -> None:
    link = reverse("workshops:invitation", args=[invite(by=ann, workshop=of, role=Role.READER)])
    before = User.objects.count()
    page = Client().post(link, NEW | changes).content.decode()
    assert sentence in page
    assert "<title>Error: you are invited" in page
    assert User.objects.count() == before
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("token", ["nobodys", "x" * 500, "%00", "é"])
def test_link_that_nobody_made_leads_nowhere(token: str) -> None:
    assert Client().get(f"/invitation/{token}/").status_code == 404


def test_link_runs_out_and_is_then_cleared_away(of: Workshop, ann: User) -> None:
    token = invite(by=ann, workshop=of, role=Role.READER)
    left = find_invitation(token).expires_at - timezone.now()
    assert LIFETIME.total_seconds() - 60 < left.total_seconds() <= LIFETIME.total_seconds()
    run_out()
    with pytest.raises(InvitationOver):
        open_account(token=token, username="bob", password="open sesame 10")
    assert not User.objects.filter(username="bob").exists()
    invite(by=ann)
    assert Invitation.objects.count() == 1


def test_link_can_be_withdrawn_by_the_workshops_owner_alone(of: Workshop, ann: User, desk: Client) -> None:
    elsewhere = factories.workshop(by=ann)
    invite(by=ann, workshop=of, role=Role.OWNER)
    pk = Invitation.objects.get().pk
    assert desk.post(reverse("workshops:withdraw", args=[elsewhere.code, pk])).status_code == 404
    assert desk.post(reverse("workshops:withdraw", args=[of.code, pk])).status_code == 302
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("ends", ["removed", "facilitator"])
def test_links_of_somebody_who_may_not_invite_any_more_go(of: Workshop, ends: str) -> None:
    bob = factories.member(of, Role.OWNER)
    token = invite(by=bob, workshop=of, role=Role.OWNER)
    if ends == "removed":
        remove_person(workshop=of, user=bob)
    else:
        give_role(workshop=of, user=bob, role=Role.FACILITATOR)
    with pytest.raises(InvitationOver):
        find_invitation(token)


@pytest.mark.parametrize(
    ("held", "offered", "gets"),
    [("owner", "reader", "owner"), ("reader", "facilitator", "facilitator"), ("facilitator", "reader", "facilitator")],
)
def test_invitation_takes_no_rights_away(of: Workshop, ann: User, held: str, offered: str, gets: str) -> None:
    bob = factories.member(of, Role(held))
    accept_invitation(token=invite(by=ann, workshop=of, role=Role(offered)), user=bob)
    assert of.facilitators.get(user=bob).role == gets


def test_second_to_accept_comes_too_late(of: Workshop, ann: User) -> None:
    token = invite(by=ann, workshop=of, role=Role.READER)
    accept_invitation(token=token, user=factories.facilitator("bob"))
    with pytest.raises(InvitationOver):
        accept_invitation(token=token, user=factories.facilitator("eve"))
    assert "eve" not in roles(of)


def test_role_that_does_not_exist_makes_no_link(of: Workshop, desk: Client) -> None:
    page = desk.post(reverse("workshops:invite_person", args=[of.code]), {"role": "king"}).content.decode()
    assert "<title>Error: people and their roles" in page
    assert not Invitation.objects.exists()


def test_staff_invite_somebody_to_plan_workshops_of_their_own(ann: User, of: Workshop) -> None:
    User.objects.filter(pk=ann.pk).update(is_staff=True)
    desk, path = factories.desk(ann), reverse("workshops:invite_planner")
    assert path in desk.get("/desk/").content.decode()
    link, new = link_on(desk.post(path).content.decode()), Client()
    assert "To plan workshops here" in new.get(link).content.decode()
    new.post(link, NEW)
    assert new.get(reverse("workshops:new_workshop")).status_code == 200
    assert new.get(reverse("desk", args=[of.code])).status_code == 404
    desk.post(path)
    assert "invited by ann" in desk.get(path).content.decode()
    pk = Invitation.objects.get().pk
    assert desk.post(reverse("workshops:withdraw_planner", args=[pk])).headers["Location"] == path
    assert not Invitation.objects.exists()


def test_staff_withdraw_no_workshops_invitation(ann: User) -> None:
    User.objects.filter(pk=ann.pk).update(is_staff=True)
    invite(by=ann, workshop=factories.workshop(), role=Role.READER)
    pk = Invitation.objects.get().pk
    assert factories.desk(ann).post(reverse("workshops:withdraw_planner", args=[pk])).status_code == 404
