"""A workshop that is carried elsewhere is the same there: once, as a whole, or not at all."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from ratings.carrying.checking import read_contents
from ratings.carrying.contents import Unreadable
from ratings.carrying.forms import refusal
from ratings.carrying.locking import new_passphrase, unlock
from ratings.carrying.packing import NotSealed, carry_workshop
from ratings.carrying.parts import CARRIED, LEFT_BEHIND, Model
from ratings.carrying.taking_in import AlreadyHere, PastItsTime, TakenIn, take_in
from ratings.choices import Match
from ratings.deciding import hold_words
from ratings.models import Comment, Imperative, Score, ShareLink, SignedJournal
from ratings.signing import check_journal, read_sign_off
from ratings.verifying import verify_file, verify_fingerprint
from tests import factories
from tests.ratings.carrying.carried import Carried, carried, check_trail, told
from tests.ratings.carrying.finished import finished
from workshops.append_only import lift_guards, raise_guards
from workshops.choices import Deed, Phase, Role
from workshops.erasing import erase_workshop
from workshops.models import Arrival, Edition, Erasure, Facilitator, Review, TrailEntry, Workshop
from workshops.reviewing import describe_deliverables, write_review
from workshops.trail import WasCarried, trail_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def packed() -> Carried:
    """Return the packed workshop."""
    return carried()


@pytest.fixture
def bob(packed: Carried) -> User:
    """Return whoever takes it in."""
    return factories.facilitator("bob")


@pytest.fixture
def taken(packed: Carried, bob: User) -> TakenIn:
    """Return the workshop, taken in."""
    return take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)


def nothing_of_it() -> bool:
    """Return whether there is no row of any workshop."""
    models: list[Model] = [*CARRIED, Arrival, Review, Facilitator]
    return not any(model._base_manager.exists() for model in models)


def test_everything_that_is_told_of_it_is_the_same(packed: Carried, taken: TakenIn) -> None:
    now, before = told(taken.workshop), dict(packed.told)
    own = [entry for entry in now["trail"] if entry[2] == Deed.TAKEN_IN]
    assert [entry[3:5] for entry in own] == [(f"code {packed.code}", "bob")]
    now["trail"].remove(own[0])
    assert now.keys() == before.keys()
    for what, words in before.items():
        assert now[what] == words, what
    assert before["groups"]  # and so for what the comparison is of
    assert len(before["decisions"]) >= 4
    assert {name for _move, _at, name in before["moves"]} == {"ann"}
    assert {line.by for line in before["decisions"]} == {"ann"}
    assert before["state"][0] == "signed"
    assert {act for _strand, _number, act, *_rest in before["trail"]} >= {Deed.PLANNED, Deed.SIGNED, Deed.CARRIED}


def test_something_of_every_model_was_carried(packed: Carried) -> None:
    contents = read_contents(unlock(packed.file, packed.passphrase))
    assert [model for model in CARRIED if not contents.rows[model]] == []


def test_nothing_that_is_left_behind_comes_along_and_nobody_owns_it_but_who_took_it_in(
    taken: TakenIn, bob: User
) -> None:
    ours = {Review, Arrival, Facilitator}
    assert [model for model in LEFT_BEHIND if model not in ours and model._base_manager.exists()] == []
    assert list(Facilitator.objects.values_list("user", "role")) == [(bob.pk, Role.OWNER)]
    assert not taken.workshop.is_carried
    assert taken.workshop.phase == Phase.SEALED
    assert not ShareLink.objects.exists()


def test_its_trail_holds_here_and_goes_on(packed: Carried, taken: TakenIn) -> None:
    said = check_trail(taken.workshop)
    entries = len(packed.told["trail"]) + 1
    assert sum(int(line.split(": ")[1].split()[0]) for line in said.splitlines()) == entries
    hold_words(words=Comment.objects.filter(workshop=taken.workshop)[0], user=User.objects.get(username="bob"))
    check_trail(taken.workshop)
    lift_guards()
    changed = trail_of(taken.workshop).filter(act=Deed.SIGNED).update(by="mallory")
    raise_guards()
    assert changed == 1
    with pytest.raises(Exception, match="does not follow"):
        check_trail(taken.workshop)


def test_what_was_signed_there_is_verified_here(packed: Carried, taken: TakenIn) -> None:
    assert packed.told["bytes"].keys() == {"html", "md", "json"}
    for data in packed.told["bytes"].values():
        verdict = verify_file(data)
        assert verdict.is_what_was_signed
        assert verdict.facts[0].signed_by == "Ada Lovelace"
        assert verdict.facts[0].taken_in_on == timezone.localdate()
    assert verify_fingerprint(packed.told["signed"][0][2]).match == Match.FINGERPRINT
    assert verify_file(packed.told["bytes"]["html"] + b" ").match == Match.INSIDE


def test_a_trail_that_was_broken_before_is_said_to_have_been(bob: User) -> None:
    of, passphrase = finished(bob, signed=False), new_passphrase()
    lift_guards()
    trail_of(of).filter(act=Deed.PLANNED).update(by="mallory")
    raise_guards()
    file = carry_workshop(workshop=of, passphrase=passphrase, user=bob)
    code = of.code
    erase_workshop(workshop=of, by="bob")
    taken = take_in(file=file, passphrase=passphrase, owner=bob)
    assert taken.broken == ("Session 1",)
    about = trail_of(taken.workshop).get(act=Deed.TAKEN_IN).about
    assert about == f"code {code}; its trail was broken at Session 1"


def test_it_is_taken_in_once_and_never_again(packed: Carried, taken: TakenIn, bob: User) -> None:
    def again() -> str:
        with pytest.raises(AlreadyHere) as refused:
            take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)
        return refusal(refused.value)

    before = Workshop.objects.count(), Score.objects.count(), TrailEntry.objects.count()
    assert f"its code is {taken.workshop.spaced_code}" in again()
    assert (Workshop.objects.count(), Score.objects.count(), TrailEntry.objects.count()) == before
    erase_workshop(workshop=taken.workshop, by="bob")
    assert "has been erased since" in again()
    (tombstone,) = Arrival.objects.values()
    assert set(tombstone) == {"id", "carry_id", "workshop_id", "on", "editions"}
    assert tombstone["workshop_id"] is None


def test_packed_again_it_is_the_same_workshop(packed: Carried, taken: TakenIn, bob: User) -> None:
    passphrase = new_passphrase()
    file = carry_workshop(workshop=taken.workshop, passphrase=passphrase, user=bob)  # on to a third installation
    with pytest.raises(AlreadyHere):
        take_in(file=file, passphrase=passphrase, owner=bob)


def test_where_it_comes_from_it_is_here_already(bob: User) -> None:
    of, passphrase = finished(bob, signed=False), new_passphrase()
    file = carry_workshop(workshop=of, passphrase=passphrase, user=bob)
    with pytest.raises(AlreadyHere) as refused:
        take_in(file=file, passphrase=passphrase, owner=bob)
    assert "was packed here" in refusal(refused.value)
    erase_workshop(workshop=of, by="bob")
    assert take_in(file=file, passphrase=passphrase, owner=bob).review_was_here


def test_a_code_that_somebody_has_is_given_to_nobody_else(packed: Carried, bob: User) -> None:
    other = factories.workshop()
    Workshop.objects.filter(pk=other.pk).update(code=packed.code)
    taken = take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)
    assert taken.old_code == packed.code
    assert taken.workshop.code != packed.code
    now = told(taken.workshop)
    again = {
        suffix: data.replace(taken.workshop.code.encode(), packed.code.encode())
        for suffix, data in now["files"].items()
    }
    assert again == packed.told["files"]
    assert now["state"][0] == "signed"  # another code makes no draft of it
    assert now["bytes"] == packed.told["bytes"]


def test_a_code_that_nobody_has_is_kept(packed: Carried, taken: TakenIn) -> None:
    assert taken.workshop.code == packed.code


def test_review_that_says_the_same_is_used_and_frozen(packed: Carried, taken: TakenIn, bob: User) -> None:
    first = taken.workshop.edition
    assert not taken.review_was_here
    assert first.review.owner == bob
    assert first.frozen_at
    erase_workshop(workshop=taken.workshop, by="bob")
    Arrival.objects.all().delete()
    Edition.objects.filter(pk=first.pk).update(frozen_at=None)
    again = take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)
    assert again.review_was_here
    assert (again.workshop.edition_id, Edition.objects.count()) == (first.pk, 1)
    assert Edition.objects.get().frozen_at
    assert told(again.workshop)["files"] == packed.told["files"]


@pytest.mark.parametrize("change", ["title", "threshold", "lead", "anchor", "owner"])
def test_review_that_says_otherwise_or_is_another_persons_stays_as_it_is(
    packed: Carried, taken: TakenIn, bob: User, change: str
) -> None:
    edition = taken.workshop.edition
    erase_workshop(workshop=taken.workshop, by="bob")
    Arrival.objects.all().delete()
    rows = describe_deliverables(edition)
    words = {name: getattr(edition, name) for name in ("title", "imperative_question", "asks_higher", "threshold")}
    if change in ("title", "threshold"):
        words |= {"title": "Further on"} if change == "title" else {"threshold": 6}
    elif change == "owner":
        Review.objects.update(owner=factories.facilitator("carol"))
    else:
        rows[1] |= {"lead": "Otherwise."} if change == "lead" else {"being_anchor_ten": "Otherwise."}
    if change != "owner":
        Edition.objects.update(frozen_at=None)
        write_review(owner=None, review=edition.review, edition=words, deliverables=rows)
    before = Edition.objects.values().get()
    again = take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)
    assert not again.review_was_here
    assert Edition.objects.values().get(pk=before["id"]) == before
    assert told(again.workshop)["files"] == packed.told["files"]


def test_what_was_to_be_erased_is_not_taken_in(packed: Carried, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    erase_on: datetime.date = packed.told["details"][3]
    monkeypatch.setattr(timezone, "localdate", lambda *_args: erase_on)
    with pytest.raises(PastItsTime):
        take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)
    assert nothing_of_it()


@pytest.mark.parametrize("table", ["ratings_signedfile", "ratings_score", "workshops_facilitator"])
def test_a_fault_in_the_middle_leaves_nothing(packed: Carried, bob: User, table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            refuse = "BEGIN SELECT RAISE(ABORT, 'disk'); END"
            cursor.execute(f"CREATE TRIGGER fault BEFORE INSERT ON {table} {refuse}")
        else:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT fault CHECK (false) NOT VALID")
    with pytest.raises(Unreadable):
        take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)
    assert nothing_of_it()
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER fault" if connection.vendor == "sqlite" else f"ALTER TABLE {table} DROP CONSTRAINT fault"
        )
    assert take_in(file=packed.file, passphrase=packed.passphrase, owner=bob).workshop.pk


# What is left where it comes from


def test_only_a_sealed_workshop_is_packed(bob: User) -> None:
    of = finished(bob, sealed=False)
    with pytest.raises(NotSealed):
        carry_workshop(workshop=of, passphrase=new_passphrase(), user=bob)
    of.refresh_from_db()
    assert (of.carry_id, of.carried_on) == (None, None)
    assert not trail_of(of).filter(act=Deed.CARRIED).exists()


def test_what_is_left_is_a_copy_that_nothing_changes(bob: User) -> None:
    of = finished(bob)
    carry_workshop(workshop=of, passphrase=new_passphrase(), user=bob)
    of.refresh_from_db()
    assert of.phase == Phase.CARRIED
    before = told(of)
    with pytest.raises(WasCarried):
        hold_words(words=Imperative.objects.filter(workshop=of)[0], user=bob)
    with pytest.raises(WasCarried):
        check_journal(workshop=of, user=bob, read=read_sign_off(of).fingerprint)
    assert told(of) == before
    first, second = (of.carry_id, of.carried_on), carry_workshop(workshop=of, passphrase=new_passphrase(), user=bob)
    assert second
    of.refresh_from_db()
    assert (of.carry_id, of.carried_on) == first
    erase_workshop(workshop=of, by="bob")
    assert Erasure.objects.get().signed[0]["fingerprint"] == before["signed"][0][2]
    assert not SignedJournal.objects.exists()


def test_packing_and_taking_in_ask_little_of_the_database(
    packed: Carried, bob: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(260):  # one for each move, decision and entry of the trail, and a few more
        take_in(file=packed.file, passphrase=packed.passphrase, owner=bob)
