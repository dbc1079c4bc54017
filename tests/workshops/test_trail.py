"""The audit trail: what it keeps, what it refuses, and what it tells of tampering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from workshops.append_only import guards_stand, lift_guards, raise_guards
from workshops.choices import ABOUT_WORDS, Deed, Move, Role, StageKind, Strand, WallView
from workshops.erasing import erase_workshop
from workshops.invitations import accept_invitation, invite, withdraw_invitation
from workshops.models import TrailEntry, Workshop
from workshops.people import LastOwner, give_role, remove_person
from workshops.planning import change_details
from workshops.sessions import show_on_wall
from workshops.trail import chains, first_break, forget_accounts, record_act, record_once, trail_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    """Return an owner."""
    return factories.facilitator("ann")


@pytest.fixture
def of(ann: User) -> Workshop:
    """Return a workshop with a few acts on either chain."""
    made = factories.workshop(by=ann)
    for act in (Deed.PEEKED, Deed.COMMENTS, Deed.TOOK_OUT, Deed.MERGED, Deed.ENTERED):
        record_act(workshop=made, user=ann, act=act, about="Journal")
    return made


def told(of: Workshop | None = None) -> list[tuple[str, str, str]]:
    """Return what a trail says, oldest first: what, about, by whom; without a workshop, that of the accounts."""
    entries = TrailEntry.objects.filter(workshop=of).order_by("at", "number")
    return [(entry.act, entry.about, entry.by) for entry in entries]


def tamper(change: Callable[[], object]) -> None:
    """Do what the guards refuse, as somebody does who has the database."""
    lift_guards()
    change()
    raise_guards()


# What it keeps


def test_acts_on_words_say_the_day_alone_and_nothing_of_the_words(of: Workshop, ann: User) -> None:
    entries = list(trail_of(of))
    for entry in entries:
        at = timezone.localtime(entry.at)
        on_words = entry.act in ABOUT_WORDS
        assert entry.is_to_the_day is on_words
        assert ((at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)) is on_words
        assert entry.about == ("Journal" if entry.act in (Deed.PEEKED, Deed.TOOK_OUT) else "")
    assert [entry.is_to_the_day for entry in entries] == [False] * 3 + [True] * 3  # newest first, then those of the day


def test_place_of_an_act_on_words_tells_nothing_of_its_hour(of: Workshop) -> None:
    assert [[(entry.number, entry.act) for entry in chain] for chain in chains(of)] == [
        [(1, Deed.PLANNED), (2, Deed.PEEKED), (3, Deed.TOOK_OUT)],
        [(1, Deed.COMMENTS), (2, Deed.MERGED), (3, Deed.ENTERED)],
    ]
    ids = {tuple(TrailEntry.objects.order_by("pk").values_list("act", flat=True))}
    for _ in range(3):  # six rows fall four times into one order once in 10 to the 8
        again = factories.workshop()
        for act in (Deed.PEEKED, Deed.COMMENTS, Deed.TOOK_OUT, Deed.MERGED, Deed.ENTERED):
            record_act(workshop=again, user=None, act=act)
        ids.add(tuple(trail_of(again).order_by("pk").values_list("act", flat=True)))
    assert len(ids) > 1


def test_entry_outlives_the_account_and_is_cut_to_its_place(of: Workshop, ann: User) -> None:
    bob = factories.facilitator("bob")
    record_act(workshop=of, user=bob, act=Deed.WALL, about="x" * 300)
    bob.delete()
    entry = trail_of(of).get(act=Deed.WALL)
    assert (entry.by, len(entry.about)) == ("bob", 200)
    assert str(entry) == "4: Shown on the wall"


def test_a_page_that_is_looked_at_again_and_again_is_in_it_once_for_each_user(of: Workshop, ann: User) -> None:
    for user in (ann, ann, factories.facilitator("bob")):
        record_once(workshop=of, user=user, act=Deed.PEEKED, about="Overall rating")
    assert trail_of(of).filter(about="Overall rating").count() == 2


def test_details_say_which_were_changed_and_nothing_when_none_was(of: Workshop, ann: User) -> None:
    change_details(workshop=of, user=ann, venue="Town Hall", organisation=of.organisation)
    change_details(workshop=of, user=ann, venue="Town Hall")
    of.refresh_from_db()
    assert of.venue == "Town Hall"
    assert [row for row in told(of) if row[0] == Deed.DETAILS] == [(Deed.DETAILS, "venue", "ann")]


def test_people_come_change_and_go(of: Workshop, ann: User) -> None:
    bob = factories.facilitator("bob")
    accept_invitation(token=invite(by=ann, workshop=of, role=Role.READER), user=bob)
    accept_invitation(token=invite(by=ann, workshop=of, role=Role.READER), user=ann)  # who is more already
    invite(by=ann, workshop=of, role=Role.OWNER)
    withdraw_invitation(invitation=of.invitations.get(), by=ann)
    give_role(workshop=of, user=bob, role=Role.FACILITATOR, by=ann)
    remove_person(workshop=of, user=bob, by=ann)
    with pytest.raises(LastOwner):
        remove_person(workshop=of, user=ann, by=ann)
    assert told(of)[6:] == [
        ("invited", "Reader", "ann"),
        ("joined", "bob, Reader", "bob"),
        ("invited", "Reader", "ann"),
        ("joined", "", "ann"),
        ("invited", "Owner", "ann"),
        ("withdrew", "Owner", "ann"),
        ("role", "bob, Facilitator", "ann"),
        ("removed", "bob", "ann"),
    ]


def test_wall_is_in_it_when_it_shows_what_people_gave(of: Workshop, ann: User) -> None:
    factories.revealed(of, StageKind.SCALE)
    for view, page in ((WallView.STRIP, 1), (WallView.COMMENTS, 1), (WallView.COMMENTS, 2)):
        show_on_wall(workshop=of, view=view, page=page, user=ann)
    factories.opened(of, StageKind.CLOSED)
    show_on_wall(workshop=of, view=WallView.THANKS, user=ann)
    about = "Deliverable 1: Being at the goal, What people said"
    assert [row for row in told(of) if row[0] == Deed.WALL] == [(Deed.WALL, about, "ann")]


def test_moves_say_which_stage(of: Workshop) -> None:
    factories.opened(of, StageKind.RAG)
    assert told(of)[-1] == (Move.OPEN, "Deliverable 1: Overall rating", "")


# What it refuses


@pytest.mark.parametrize(
    "change",
    [
        lambda of: trail_of(of).update(by="bob"),
        lambda of: trail_of(of).delete(),
        lambda of: trail_of(of).filter(number=3).delete(),
        lambda of: TrailEntry.objects.filter(workshop=None).delete(),
        lambda of: TrailEntry.objects.filter(workshop=None).update(keep_until="2000-01-01"),
    ],
)
def test_database_refuses_to_change_or_take_an_entry(change: Callable[[Workshop], object], of: Workshop) -> None:
    invite(by=factories.facilitator("bob"))
    before = told(of), told()
    with pytest.raises(IntegrityError, match="trail"), transaction.atomic():
        change(of)
    assert (told(of), told()) == before


def test_trail_goes_with_its_workshop_and_no_other_does(of: Workshop) -> None:
    other = factories.workshop()
    erased = erase_workshop(workshop=of, by="ann")
    assert erased.rows["workshops.TrailEntry"] == 6
    assert set(TrailEntry.objects.exclude(workshop=None).values_list("workshop", flat=True)) == {other.pk}


def test_workshop_cannot_go_and_leave_its_trail(of: Workshop) -> None:
    def go() -> None:
        of.delete()
        connection.check_constraints()

    with pytest.raises(DatabaseError), transaction.atomic():
        go()


def test_guards_are_lifted_for_a_migration_alone() -> None:
    assert guards_stand()
    lift_guards(plan=[])
    assert guards_stand()
    lift_guards(plan=["something"])
    assert not guards_stand()
    raise_guards()
    raise_guards()
    assert guards_stand()


# What it tells


def _put(**changes: object) -> Callable[[Workshop], object]:
    return lambda of: trail_of(of).filter(strand=Strand.SESSION, number=2).update(**changes)


@pytest.mark.parametrize(
    ("change", "at"),
    [
        (_put(by="bob"), 2),
        (_put(about="Another"), 2),
        (_put(act=Deed.WALL), 2),
        (_put(at=timezone.now() - timedelta(days=1)), 2),
        (_put(link="0" * 64), 2),
        (lambda of: trail_of(of).filter(strand=Strand.SESSION, number=2).delete(), 3),
        (lambda of: trail_of(of).filter(strand=Strand.SESSION, number=1).delete(), 2),
    ],
)
def test_chain_tells_of_what_was_changed_or_taken(change: Callable[[Workshop], object], at: int, of: Workshop) -> None:
    assert [first_break(chain) for chain in chains(of)] == [None, None]
    tamper(lambda: change(of))
    session, words = map(first_break, chains(of))
    assert session is not None
    assert (session.number, words) == (at, None)


def test_chain_of_another_key_does_not_hold(of: Workshop, settings: object) -> None:
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert all(map(first_break, chains(of)))


# Accounts


def test_signing_in_and_what_stops_it_is_in_the_accounts_own_trail(ann: User) -> None:
    browser = Client()
    path = reverse("account_login")
    for _ in range(18):
        browser.post(path, {"login": "ann", "password": "guessed"})
        browser.post(path, {"login": "nobody", "password": "guessed"})
    assert told() == [("locked", "", "ann")]
    cache.clear()
    browser.post(path, {"login": "ann", "password": "open sesame 10"})
    assert told()[1:] == [("signed_in", "", "ann")]
    assert all(first_break(chain) is None for chain in chains(None))


def test_new_password_and_a_forgotten_second_factor_are_in_it(ann: User) -> None:
    browser = factories.desk(ann)
    new = {"oldpassword": "open sesame 10", "password1": "close sesame 11", "password2": "close sesame 11"}
    browser.post(reverse("account_change_password"), new)
    call_command("forget_second_factor", "ann")
    assert told()[1:] == [("password", "", "ann"), ("no_factor", "manage.py forget_second_factor", "ann")]


def test_entries_of_an_account_go_after_their_time_oldest_first_and_the_rest_holds(ann: User) -> None:
    for _ in range(4):
        record_act(workshop=None, user=ann, act=Deed.SIGNED_IN)
    record_act(workshop=None, user=factories.facilitator("bob"), act=Deed.SIGNED_IN)
    past = timezone.localdate() - timedelta(days=2)
    mine = TrailEntry.objects.filter(by="ann")
    tamper(lambda: mine.filter(number__in=[1, 2, 4]).update(keep_until=past))
    assert forget_accounts() == 2
    assert list(mine.order_by("number").values_list("number", flat=True)) == [3, 4]
    (_bob,) = TrailEntry.objects.filter(by="bob")
    tamper(lambda: mine.filter(number=4).update(keep_until=TrailEntry.objects.get(by="bob").keep_until))
    assert [first_break(chain) for chain in chains(None)] == [None, None]
