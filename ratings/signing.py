"""Signing a journal off: it is checked, then a leader signs it as an edition that never changes, only is superseded.

That a journal is checked, or signed, is never stored as a state that could go stale: it is, as long as the journal of
now still says what was checked, or signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from ratings.choices import CommentState, JournalState
from ratings.journal.build import Journal, build_journal
from ratings.journal.formats import FORMATS
from ratings.journal.record import UnreadableRecord, content_json, fingerprint_of, read_json
from ratings.journal.signature import Signature
from ratings.models import Comment, Imperative, JournalCheck, SignedFile, SignedJournal, Words
from ratings.models.signing import in_blocks
from workshops.choices import Deed
from workshops.controls import lock_workshop
from workshops.models import Workshop
from workshops.trail import record_act


class CannotSign(Exception):
    """The journal cannot be checked, or signed, as it stands; nothing was done."""


class NotSealed(CannotSign):
    """Answers may still come or go."""


class NotReviewed(CannotSign):
    """Nobody has decided about some of what is held."""


class NotChecked(CannotSign):
    """Nobody has checked the journal as it is now."""


class JournalChanged(CannotSign):
    """The journal is no longer what was read."""


@dataclass(frozen=True)
class Left:
    """What is left to decide: comments that may name somebody, comments that somebody holds, imperatives that are held.

    `unread` are comments that nobody has decided about and that are printed as they are.
    """

    named: int
    held: int
    imperatives: int
    unread: int

    @property
    def is_decided(self) -> bool:
        """Whether nothing is left that must be decided."""
        return not (self.named or self.held or self.imperatives)


@dataclass(frozen=True)
class SignOff:
    """How far a workshop's journal has come. `check` and `signed` are of the journal as it is now, and else None."""

    workshop: Workshop
    journal: Journal
    content: str
    left: Left
    check: JournalCheck | None
    editions: tuple[SignedJournal, ...]
    signed: SignedJournal | None

    @property
    def fingerprint(self) -> str:
        """What tells the journal as it is now from any other."""
        return fingerprint_of(self.content)

    @property
    def blocks(self) -> str:
        """The fingerprint as people compare it."""
        return in_blocks(self.fingerprint)

    @property
    def state(self) -> JournalState:
        """How far it has come."""
        if self.signed:
            return JournalState.SIGNED
        return JournalState.CHECKED if self.check else JournalState.DRAFT

    @property
    def latest(self) -> SignedJournal | None:
        """The edition that counts; None before the first."""
        return self.editions[0] if self.editions else None

    @property
    def next_number(self) -> int:
        """Which edition the next would be."""
        return self.latest.number + 1 if self.latest else 1


def read_sign_off(workshop: Workshop) -> SignOff:
    """Read the journal of a workshop, and how far it has come. A fixed number of queries."""
    journal = build_journal(workshop)
    content = content_json(journal)
    left = _left(workshop)
    editions = tuple(signed_journals(workshop))
    check = JournalCheck.objects.filter(workshop=workshop, fingerprint=fingerprint_of(content)).first()
    is_signed = bool(editions) and _says(editions[0], content, journal)
    return SignOff(
        workshop=workshop,
        journal=journal,
        content=content,
        left=left,
        check=check if left.is_decided else None,
        editions=editions,
        signed=editions[0] if is_signed else None,
    )


def signed_journals(workshop: Workshop) -> list[SignedJournal]:
    """Return the editions that were signed, the one that counts first. One query; their records are not fetched."""
    return list(SignedJournal.objects.filter(workshop=workshop).defer("record").order_by("-number"))


def signed_as(workshop: Workshop, journal: Journal) -> SignedJournal | None:
    """Return the signed edition that a workshop's journal, as it is now, is; None while it is a draft."""
    latest = SignedJournal.objects.filter(workshop=workshop).order_by("-number").first()
    return latest if latest and _says(latest, content_json(journal), journal) else None


def signature_of(signed: SignedJournal) -> Signature:
    """Return the signature as it is printed."""
    on = timezone.localdate(signed.signed_at)
    return Signature(signed.number, signed.signed_by, signed.signed_as, on, signed.fingerprint)


def read_signed(signed: SignedJournal) -> Journal:
    """Return a journal as it was signed. Raises UnreadableRecord where this version cannot read it: files remain."""
    return replace(read_json(signed.record), signature=signature_of(signed))


@transaction.atomic
def check_journal(*, workshop: Workshop, user: User, read: str) -> None:
    """Record that the journal with the fingerprint `read` was checked.

    Raises NotSealed, NotReviewed, JournalChanged.
    """
    workshop = lock_workshop(workshop.pk, None)
    now = read_sign_off(workshop)
    _refuse(now, read)
    JournalCheck.objects.update_or_create(
        workshop=workshop,
        defaults={"fingerprint": read, "checked_by": user.get_username(), "checked_at": timezone.now()},
    )
    record_act(workshop=workshop, user=user, act=Deed.CHECKED, about=read[:8])


def sign_journal(*, workshop: Workshop, user: User, name: str, role: str, read: str) -> SignedJournal:
    """Sign the journal with the fingerprint `read` off as the next edition, and keep every file of it; return it.

    Of two who sign the same journal the first does, and both get that edition. Printing takes seconds; it is done
    before the transaction. Raises CannotSign (NotSealed, NotReviewed, NotChecked, JournalChanged), and JournalFailed
    where a file cannot be made.
    """
    at = timezone.now()
    now = read_sign_off(workshop)
    if now.signed:
        return now.signed
    check = _checked(now, read)
    signed = SignedJournal(
        workshop=workshop,
        number=now.next_number,
        fingerprint=now.fingerprint,
        record=now.content,
        signed_by=name,
        signed_as=role,
        signed_at=at,
        entered_by=user.get_username(),
        checked_by=check.checked_by,
        checked_at=check.checked_at,
    )
    journal = replace(now.journal, signature=signature_of(signed))
    files = [_file(suffix, journal) for suffix in FORMATS]
    return _keep(signed, files, user)


@transaction.atomic
def _keep(signed: SignedJournal, files: list[SignedFile], user: User) -> SignedJournal:
    """Write an edition and its files, unless somebody was quicker; raises CannotSign if it is no longer the next."""
    now = read_sign_off(lock_workshop(signed.workshop_id, None))
    if now.signed:
        return now.signed
    _checked(now, signed.fingerprint)
    if now.next_number != signed.number:
        raise JournalChanged(signed.workshop.code)
    signed.save(force_insert=True)
    for file in files:
        file.signed = signed
    SignedFile.objects.bulk_create(files)
    about = f"edition {signed.number}, {signed.fingerprint[:8]}"
    record_act(workshop=signed.workshop, user=user, act=Deed.SIGNED, about=about)
    return signed


def let_go(workshop: Workshop) -> list[dict[str, object]]:
    """Let the database delete what a workshop signed, which is about to be erased; return what its certificate lists.

    The names of those who signed are not in it.
    """
    editions = signed_journals(workshop)
    SignedFile.objects.filter(signed__workshop=workshop).update(let_go=True)
    SignedJournal.objects.filter(workshop=workshop).update(let_go=True)
    return [
        {
            "number": signed.number,
            "on": timezone.localdate(signed.signed_at).isoformat(),
            "fingerprint": signed.fingerprint,
        }
        for signed in reversed(editions)
    ]


def _says(signed: SignedJournal, content: str, journal: Journal) -> bool:
    """Whether a signed edition says what a journal says.

    Also after an upgrade has changed how records are written, or where the workshop was taken in under another code.
    """
    if signed.fingerprint == fingerprint_of(content):
        return True
    try:
        return replace(read_json(signed.record), code=journal.code) == journal.unsigned
    except UnreadableRecord:
        return False


def _refuse(now: SignOff, read: str) -> None:
    if not now.workshop.is_sealed:
        raise NotSealed(now.workshop.code)
    if not now.left.is_decided:
        raise NotReviewed(now.workshop.code)
    if now.fingerprint != read:
        raise JournalChanged(now.workshop.code)


def _checked(now: SignOff, read: str) -> JournalCheck:
    """Return the check of a journal that can be signed. Raises CannotSign."""
    _refuse(now, read)
    if now.check is None:
        raise NotChecked(now.workshop.code)
    return now.check


def _file(suffix: str, journal: Journal) -> SignedFile:
    data = FORMATS[suffix].write(journal)
    return SignedFile(
        suffix=suffix,
        content_type=FORMATS[suffix].content_type,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _left(workshop: Workshop) -> Left:
    """Count what the redaction review has to decide about. Two queries."""

    def count(model: type[Words], **filters: Q) -> dict[str, int]:
        rows = model._default_manager.filter(workshop=workshop).order_by()
        return rows.aggregate(**{name: Count("pk", filter=each) for name, each in filters.items()})

    held = Q(state=CommentState.HELD)
    return Left(
        **count(Comment, named=held & Q(flagged=True), held=held & Q(flagged=False), unread=Q(state=CommentState.NEW)),
        **count(Imperative, imperatives=held),
    )
