"""Two who sign at the same moment: only a database with several writers can show it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from ratings.deciding import redact_words
from ratings.journal.formats import FORMATS
from ratings.models import Comment, SignedFile, SignedJournal
from ratings.sealing import seal_workshop
from ratings.signing import CannotSign, check_journal, read_sign_off, sign_journal
from tests import factories
from tests.at_once import at_once
from workshops.choices import StageKind
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def of(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """Return a sealed workshop whose journal was checked."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: DATABASE_URL names no database where two can meet")
    quick = {suffix: each for suffix, each in FORMATS.items() if suffix in ("html", "md")}
    monkeypatch.setattr("ratings.signing.FORMATS", quick)
    made = factories.workshop(deliverables=1)
    factories.comment(made, factories.scale(made), "Ask Megan about it")
    factories.opened(made, StageKind.CLOSED)
    made.refresh_from_db()
    seal_workshop(workshop=made)
    check_journal(workshop=made, user=factories.facilitator(), read=read_sign_off(made).fingerprint)
    return made


def signer(of: Workshop, name: str) -> Callable[[], SignedJournal]:
    """Return what signs the journal as it is now."""
    user, read = factories.facilitator(), read_sign_off(of).fingerprint
    return lambda: sign_journal(workshop=of, user=user, name=name, role="Director", read=read)


def test_two_signers_at_once_make_one_edition_that_both_get(of: Workshop) -> None:
    one, other = at_once(signer(of, "Ada"), signer(of, "Grace"))
    signed = SignedJournal.objects.get()
    assert one == other == signed
    assert SignedFile.objects.count() == 2


def test_what_is_signed_while_words_are_taken_out_is_what_was_checked_or_nothing(of: Workshop) -> None:
    before, comment = read_sign_off(of).fingerprint, Comment.objects.get()
    outcome, _done = at_once(
        signer(of, "Ada"), lambda: redact_words(words=comment, user=None, chosen=[1], reason="It names somebody")
    )
    signed = SignedJournal.objects.first()
    assert isinstance(outcome, CannotSign) if signed is None else signed.fingerprint == before
