"""The people of a workshop and their roles; an owner always stays."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests import factories
from workshops.choices import Role
from workshops.controls import take_over
from workshops.models import Workshop
from workshops.people import LastOwner, give_role, list_people, remove_person

pytestmark = pytest.mark.django_db


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
    """Return everybody's role by user name, in the order of the list."""
    return {str(person): person.role for person in list_people(of)}


def to(name: str, of: Workshop, user: User) -> str:
    """Return the address of what is done with somebody."""
    return reverse(f"workshops:{name}", args=[of.code, user.pk])


def test_list_has_owners_first_and_says_who_one_is(of: Workshop, desk: Client) -> None:
    for name, role in (("zoe", Role.OWNER), ("abe", Role.READER), ("bob", Role.FACILITATOR)):
        give_role(workshop=of, user=factories.facilitator(name), role=role)
    assert list(roles(of).items()) == [("ann", "owner"), ("zoe", "owner"), ("bob", "facilitator"), ("abe", "reader")]
    page = desk.get(reverse("workshops:people", args=[of.code])).content.decode()
    assert page.count("this is you") == 1
    assert page.count('<option value="owner" selected>') == 2


def test_role_is_changed_and_the_door_follows(of: Workshop, desk: Client) -> None:
    bob = factories.member(of, Role.FACILITATOR)
    at_desk = reverse("desk", args=[of.code])
    assert factories.desk(bob).get(at_desk).status_code == 200
    assert desk.post(to("change_role", of, bob), {"role": "reader"}).status_code == 302
    assert factories.desk(bob).get(at_desk).status_code == 403
    assert "Choose one of the roles" in desk.post(to("change_role", of, bob), {"role": "king"}).content.decode()
    assert desk.post(to("remove_person", of, bob)).status_code == 302
    assert factories.desk(bob).get(at_desk).status_code == 404


@pytest.mark.parametrize(("act", "form"), [("change_role", {"role": "facilitator"}), ("remove_person", {})])
def test_last_owner_stays_and_is_told_why(
    of: Workshop, ann: User, desk: Client, act: str, form: dict[str, str]
) -> None:
    factories.member(of, Role.FACILITATOR)
    page = desk.post(to(act, of, ann), form).content.decode()
    assert "ann is the only owner. Make somebody else an owner first, then try again." in page
    assert roles(of)["ann"] == "owner"
    give_role(workshop=of, user=factories.facilitator("bob"), role=Role.OWNER)
    assert desk.post(to(act, of, ann), form).headers["Location"] == "/desk/"
    assert roles(of).get("ann") != "owner"


def test_last_owner_may_be_made_owner_again(of: Workshop, ann: User, desk: Client) -> None:
    assert desk.post(to("change_role", of, ann), {"role": "owner"}).status_code == 302
    assert roles(of) == {"ann": "owner"}


def test_nobody_is_left_as_the_owner_by_two_operations(of: Workshop, ann: User) -> None:
    bob = factories.facilitator("bob")
    give_role(workshop=of, user=bob, role=Role.OWNER)
    remove_person(workshop=of, user=ann)
    with pytest.raises(LastOwner):
        remove_person(workshop=of, user=bob)
    with pytest.raises(LastOwner):
        give_role(workshop=of, user=bob, role=Role.READER)
    assert roles(of) == {"bob": "owner"}


@pytest.mark.parametrize("leaves", ["removed", "reader", "facilitator"])
def test_controls_do_not_stay_with_somebody_who_may_not_move(of: Workshop, leaves: str) -> None:
    bob = factories.member(of, Role.OWNER)
    take_over(workshop=of, user=bob)
    if leaves == "removed":
        remove_person(workshop=of, user=bob)
    else:
        give_role(workshop=of, user=bob, role=Role(leaves))
    of.refresh_from_db()
    assert of.controls == (bob if leaves == "facilitator" else None)


def test_somebody_without_a_role_is_neither_changed_nor_removed(of: Workshop, desk: Client) -> None:
    stranger = factories.facilitator()
    for name in ("change_role", "remove_person"):
        assert desk.post(to(name, of, stranger), {"role": "owner"}).status_code == 404
    assert roles(of) == {"ann": "owner"}
