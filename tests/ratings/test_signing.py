"""Signing a journal off: what has to be done first, what is kept, and that nothing changes it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models, transaction
from django.test import override_settings

from ratings.choices import CommentState, JournalState
from ratings.deciding import hide_words, hold_words, redact_words, show_words
from ratings.imperatives import plan_action
from ratings.journal.build import build_journal
from ratings.journal.formats import FORMATS
from ratings.journal.record import SCHEMA, UnreadableRecord, content_json, fingerprint_of
from ratings.models import Comment, Imperative, JournalCheck, ShareLink, SignedFile, SignedJournal
from ratings.sealing import seal_workshop
from ratings.signing import (
    JournalChanged,
    NotChecked,
    NotReviewed,
    NotSealed,
    check_journal,
    read_sign_off,
    read_signed,
    sign_journal,
    signature_of,
)
from tests import factories
from workshops.choices import StageKind
from workshops.erasing import erase_workshop
from workshops.models import Erasure, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign what takes no seconds to make: one test below signs every format."""
    quick = {suffix: each for suffix, each in FORMATS.items() if suffix in ("html", "md", "json")}
    monkeypatch.setattr("ratings.signing.FORMATS", quick)


@pytest.fixture
def user() -> User:
    """Return the owner."""
    return factories.facilitator()


@pytest.fixture
def of(user: User) -> Workshop:
    """Return a sealed workshop in which something was said."""
    made = factories.workshop(deliverables=1, by=user)
    factories.scores(made, factories.scale(made), *[7] * 6)
    factories.comment(made, factories.scale(made), "Ask Megan about it")
    factories.imperative(made, "Write it down")
    return sealed(made)


def sealed(made: Workshop) -> Workshop:
    """Return a workshop closed and sealed."""
    factories.opened(made, StageKind.CLOSED)
    made.refresh_from_db()
    seal_workshop(workshop=made)
    return made


def comment_of(of: Workshop) -> Comment:
    """Return its one comment."""
    return Comment.objects.get(workshop=of)


def read(of: Workshop) -> str:
    """Return the fingerprint that whoever reads the journal now has before them."""
    return fingerprint_of(content_json(build_journal(of)))


def signed(of: Workshop, user: User, name: str = "Ada Lovelace") -> SignedJournal:
    """Check the journal and sign it off."""
    check_journal(workshop=of, user=user, read=read(of))
    return sign_journal(workshop=of, user=user, name=name, role="Director", read=read(of))


def kept(of: Workshop) -> list[tuple[object, ...]]:
    """Return everything that is kept of the first edition, to the byte."""
    fields = [field.attname for field in SignedJournal._meta.concrete_fields]
    files = SignedFile.objects.filter(signed__workshop=of, signed__number=1).values_list()
    return [
        *SignedJournal.objects.filter(workshop=of, number=1).values_list(*fields),
        *((*each[:4], bytes(each[4]), *each[5:]) for each in files),
    ]


def test_journal_goes_from_draft_over_checked_to_signed(of: Workshop, user: User) -> None:
    assert read_sign_off(of).state == JournalState.DRAFT
    check_journal(workshop=of, user=user, read=read(of))
    now = read_sign_off(of)
    assert (now.state, now.check and now.check.checked_by) == (JournalState.CHECKED, user.get_username())
    done = sign_journal(workshop=of, user=user, name="Ada Lovelace", role="Director", read=read(of))
    now = read_sign_off(of)
    assert (now.state, now.signed, now.next_number) == (JournalState.SIGNED, done, 2)
    assert (done.number, done.signed_by, done.signed_as, done.entered_by) == (
        1,
        "Ada Lovelace",
        "Director",
        user.get_username(),
    )


def test_nothing_is_checked_or_signed_before_it_is_sealed(user: User) -> None:
    of = factories.workshop(deliverables=1, by=user)
    for _phase in ("open", "closed"):
        with pytest.raises(NotSealed):
            check_journal(workshop=of, user=user, read=read(of))
        with pytest.raises(NotSealed):
            sign_journal(workshop=of, user=user, name="A", role="B", read=read(of))
        factories.opened(of, StageKind.CLOSED)
        of.refresh_from_db()
    assert not JournalCheck.objects.exists()


def test_nothing_is_signed_that_nobody_checked(of: Workshop, user: User) -> None:
    with pytest.raises(NotChecked):
        sign_journal(workshop=of, user=user, name="A", role="B", read=read(of))
    assert not SignedJournal.objects.exists()


@pytest.mark.parametrize("flagged", [True, False])
def test_what_is_held_is_decided_before_the_journal_is_checked(of: Workshop, user: User, *, flagged: bool) -> None:
    Comment.objects.filter(workshop=of).update(state=CommentState.HELD, flagged=flagged)
    hold_words(words=Imperative.objects.get(workshop=of), user=user)
    left = read_sign_off(of).left
    assert (left.named, left.held, left.imperatives, left.unread) == (flagged, not flagged, 1, 0)
    with pytest.raises(NotReviewed):
        check_journal(workshop=of, user=user, read=read(of))
    show_words(words=Imperative.objects.get(workshop=of), user=user)
    with pytest.raises(NotReviewed):
        check_journal(workshop=of, user=user, read=read(of))
    hide_words(words=comment_of(of), user=user, reason="Unkind")
    check_journal(workshop=of, user=user, read=read(of))
    assert read_sign_off(of).state == JournalState.CHECKED


def test_only_what_was_read_is_checked_and_signed(of: Workshop, user: User) -> None:
    before = read(of)
    redact_words(words=comment_of(of), user=user, chosen=[1], reason="It names somebody")
    with pytest.raises(JournalChanged):
        check_journal(workshop=of, user=user, read=before)
    check_journal(workshop=of, user=user, read=read(of))
    with pytest.raises(JournalChanged):
        sign_journal(workshop=of, user=user, name="A", role="B", read=before)


def test_a_change_makes_a_checked_journal_a_draft_and_taking_it_back_does_not_lie(of: Workshop, user: User) -> None:
    check_journal(workshop=of, user=user, read=read(of))
    comment = comment_of(of)
    hold_words(words=comment, user=user)
    assert read_sign_off(of).state == JournalState.DRAFT
    show_words(words=comment_of(of), user=user)
    assert read_sign_off(of).state == JournalState.CHECKED, "it says again what was checked"
    plan_action(imperative=Imperative.objects.get(workshop=of), owner="Director", due=None)
    assert read_sign_off(of).state == JournalState.DRAFT
    with pytest.raises(NotChecked):
        sign_journal(workshop=of, user=user, name="A", role="B", read=read(of))


def test_pressing_twice_and_a_second_signer_get_the_same_edition(of: Workshop, user: User) -> None:
    first = signed(of, user)
    again = sign_journal(workshop=of, user=user, name="Ada Lovelace", role="Director", read=read(of))
    other = sign_journal(workshop=of, user=user, name="Somebody Else", role="Chair", read=read(of))
    assert again == other == first
    assert other.signed_by == "Ada Lovelace"
    assert SignedJournal.objects.count() == 1


def test_signer_who_was_overtaken_while_printing_gets_the_edition_of_the_first(
    of: Workshop, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_journal(workshop=of, user=user, read=read(of))
    slow = FORMATS["md"]

    def overtaken(journal: object) -> bytes:
        monkeypatch.setattr("ratings.signing.FORMATS", {"md": slow})
        sign_journal(workshop=of, user=user, name="First", role="Chair", read=read(of))
        return b"late"

    monkeypatch.setattr("ratings.signing.FORMATS", {"md": replace(slow, write=overtaken)})
    late = sign_journal(workshop=of, user=user, name="Second", role="Director", read=read(of))
    assert (late.signed_by, late.number) == ("First", 1)
    assert SignedFile.objects.filter(data=b"late").count() == 0


def test_signer_whose_journal_changed_while_printing_is_told(
    of: Workshop, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_journal(workshop=of, user=user, read=read(of))

    def changing(journal: object) -> bytes:
        hide_words(words=comment_of(of), user=user, reason="Unkind")
        return b"late"

    monkeypatch.setattr("ratings.signing.FORMATS", {"md": replace(FORMATS["md"], write=changing)})
    with pytest.raises(JournalChanged):
        sign_journal(workshop=of, user=user, name="A", role="B", read=read(of))
    assert not SignedJournal.objects.exists()


def test_fingerprint_is_that_of_the_content_and_every_file_carries_it(of: Workshop, user: User) -> None:
    done = signed(of, user)
    assert done.fingerprint == hashlib.sha256(done.record.encode()).hexdigest()
    assert json.loads(done.record)["schema"] == SCHEMA
    for file in done.files.all():
        data = bytes(file.data)
        assert done.fingerprint.encode() in data or done.blocks.encode() in data, file.suffix
        assert b"Ada Lovelace" in data, file.suffix
        assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_edition_stays_to_the_byte_whatever_changes_afterwards(of: Workshop, user: User) -> None:
    signed(of, user)
    before = kept(of)
    redact_words(words=comment_of(of), user=user, chosen=[1], reason="It names somebody")
    assert read_sign_off(of).state == JournalState.DRAFT
    Workshop.objects.filter(pk=of.pk).update(venue="Elsewhere")
    of.refresh_from_db()
    with override_settings(LANGUAGE_CODE="cy", TIME_ZONE="Asia/Tokyo"):
        second = signed(of, user, "Grace Hopper")
    user.delete()
    assert kept(of) == before
    assert second.number == 2
    first = SignedJournal.objects.get(workshop=of, number=1)
    assert "Ask Megan" in str(read_signed(first).deliverables)
    assert "Ask Megan" not in str(read_signed(second).deliverables)
    assert signature_of(first).name == "Ada Lovelace"


def test_journal_that_says_again_what_an_older_edition_said_can_be_signed_again(of: Workshop, user: User) -> None:
    first = signed(of, user)
    hide_words(words=comment_of(of), user=user, reason="Unkind")
    signed(of, user)
    show_words(words=comment_of(of), user=user)
    assert read_sign_off(of).signed is None
    third = signed(of, user)
    assert (third.number, third.fingerprint) == (3, first.fingerprint)


def test_upgrade_that_writes_records_otherwise_does_not_say_that_the_journal_changed(of: Workshop, user: User) -> None:
    factories.signed_journal(of, record=content_json(build_journal(of)).replace("\n", "\r\n"))
    assert read_sign_off(of).state == JournalState.SIGNED


def test_record_of_a_version_that_nobody_reads_any_more_is_not_the_journal_of_now(of: Workshop) -> None:
    record = content_json(build_journal(of)).replace('"schema": 1', '"schema": 0')
    other = factories.signed_journal(of, record=record)
    with pytest.raises(UnreadableRecord):
        read_signed(other)
    assert read_sign_off(of).state == JournalState.DRAFT


@pytest.mark.parametrize("model", [SignedJournal, SignedFile])
def test_database_refuses_every_change_of_every_column_and_every_deletion(
    of: Workshop, model: type[models.Model]
) -> None:
    factories.signed_journal(of)
    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.concrete_fields if field.column != "let_go"]
    statements = [["UPDATE", table, "SET", column, "=", column] for column in columns]
    statements += [["UPDATE", table, "SET let_go = let_go,", columns[1], "=", columns[1]], ["DELETE FROM", table]]
    for statement in statements:
        with (
            pytest.raises(IntegrityError, match="what was signed off never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(" ".join(statement))
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        of.delete()
    assert model._default_manager.exists()


def test_erasing_takes_everything_that_was_signed_along_and_the_certificate_lists_it(of: Workshop, user: User) -> None:
    signed(of, user)
    hide_words(words=comment_of(of), user=user, reason="Unkind")
    done = signed(of, user)
    factories.share_link(of)
    other = factories.workshop()
    factories.signed_journal(other)
    erasure = erase_workshop(workshop=of, by="ada")
    assert [each["number"] for each in erasure.signed] == [1, 2]
    assert erasure.signed[1]["fingerprint"] == done.fingerprint
    assert "Lovelace" not in str(Erasure.objects.values())
    assert SignedJournal.objects.get().workshop == other
    assert not JournalCheck.objects.exists()
    assert not ShareLink.objects.exists()
    assert SignedFile.objects.count() == 2
    page = factories.desk(User.objects.create_superuser("root")).get(f"/desk/certificates/{erasure.pk}/")
    assert done.fingerprint in page.content.decode()
