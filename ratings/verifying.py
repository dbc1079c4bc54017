"""Whether a file is what was signed. It is hashed and searched for fingerprints; nothing in it is opened or run."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from ratings.choices import Match
from ratings.models import SignedFile, SignedJournal
from ratings.models.signing import in_blocks
from workshops.models import Erasure

FINGERPRINT = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""A fingerprint as every file of a signed journal carries it."""
MOST = 200
"""So many different ones are looked up in one file."""


@dataclass(frozen=True)
class Facts:
    """What is said of a journal that was signed. Of one whose workshop was erased no more is known than this."""

    number: int
    organisation: str
    held_on: datetime.date
    signed_on: datetime.date
    fingerprint: str
    title: str = ""
    signed_by: str = ""
    signed_as: str = ""
    superseded_by: int | None = None
    is_erased: bool = False
    taken_in_on: datetime.date | None = None  # it was signed at another installation, and came here then

    @property
    def blocks(self) -> str:
        """The fingerprint as people compare it."""
        return in_blocks(self.fingerprint)


@dataclass(frozen=True)
class Verdict:
    """What is known of a file or of a fingerprint, the edition that counts first; nothing where nothing fits."""

    match: Match
    facts: tuple[Facts, ...] = ()

    @property
    def is_what_was_signed(self) -> bool:
        """Whether it is, to the byte."""
        return self.match in (Match.BYTES, Match.CONTENT)


def verify_file(data: bytes) -> Verdict:
    """Say what a file is. The time grows with its size and with nothing else."""
    sha256 = hashlib.sha256(data).hexdigest()
    signed = list(SignedFile.objects.filter(sha256=sha256).values_list("signed", flat=True))
    if signed:
        return Verdict(Match.BYTES, _facts(pks=signed))
    if content := _facts(fingerprints=[sha256]):
        return Verdict(Match.CONTENT, content)
    found = dict.fromkeys(match.group().decode() for match in FINGERPRINT.finditer(data))
    inside = _facts(fingerprints=list(found)[:MOST])
    return Verdict(Match.INSIDE, inside) if inside else Verdict(Match.UNKNOWN)


def verify_fingerprint(typed: str) -> Verdict:
    """Say which journal has a fingerprint, typed with or without blanks; only all of its 64 digits find anything."""
    digits = clean_fingerprint(typed)
    facts = _facts(fingerprints=[digits]) if len(digits) == 64 else ()
    return Verdict(Match.FINGERPRINT, facts) if facts else Verdict(Match.UNKNOWN)


def clean_fingerprint(typed: str) -> str:
    """Return the digits of a fingerprint as it was typed; empty when there is more in it than digits and blanks."""
    digits = re.sub(r"[\s:\u200b-]", "", typed.lower())
    return digits if re.fullmatch("[0-9a-f]*", digits) else ""


def _facts(*, pks: Collection[int] = (), fingerprints: Collection[str] = ()) -> tuple[Facts, ...]:
    """Return what is said of signed journals, found by id or by fingerprint, those that count first. Two queries."""
    rows = (
        SignedJournal.objects.filter(pk__in=pks) if pks else SignedJournal.objects.filter(fingerprint__in=fingerprints)
    )
    same = SignedJournal.objects.filter(workshop=OuterRef("workshop")).order_by().values("workshop")
    rows = rows.annotate(latest=Subquery(same.values_list(Max("number")))).defer("record")
    kept = [_of(signed) for signed in rows.select_related("workshop__edition", "workshop__arrival")]
    kept.sort(key=lambda facts: (facts.superseded_by is not None, -facts.number))
    return (*kept, *_erased(fingerprints))


def _of(signed: SignedJournal) -> Facts:
    workshop, latest = signed.workshop, signed.latest  # type: ignore[attr-defined]  # annotated
    arrival = getattr(workshop, "arrival", None)
    return Facts(
        number=signed.number,
        organisation=workshop.organisation,
        held_on=workshop.date,
        signed_on=timezone.localdate(signed.signed_at),
        fingerprint=signed.fingerprint,
        title=workshop.edition.title,
        signed_by=signed.signed_by,
        signed_as=signed.signed_as,
        superseded_by=latest if latest > signed.number else None,
        taken_in_on=arrival.on if arrival and signed.number <= arrival.editions else None,
    )


def _erased(fingerprints: Collection[str]) -> list[Facts]:
    """Return what certificates of erasure say of journals that had been signed."""
    return [
        Facts(
            number=each["number"],
            organisation=erasure.organisation,
            held_on=erasure.date,
            signed_on=datetime.date.fromisoformat(each["on"]),
            fingerprint=each["fingerprint"],
            is_erased=True,
        )
        for erasure in (Erasure.objects.exclude(signed=[]) if fingerprints else ())
        for each in erasure.signed
        if each["fingerprint"] in fingerprints
    ]


def not_as_signed() -> Iterator[str]:
    """Yield, in words, each signed edition whose record or files are not what was signed."""
    for signed in SignedJournal.objects.select_related("workshop").order_by("pk").iterator(chunk_size=1):
        name = f"edition {signed.number} of the journal of workshop {signed.workshop.code}"
        if hashlib.sha256(signed.record.encode()).hexdigest() != signed.fingerprint:
            yield name
        for file in SignedFile.objects.filter(signed=signed).order_by("pk").iterator(chunk_size=1):
            if hashlib.sha256(file.data).hexdigest() != file.sha256:
                yield f"{name}, its file {file.suffix}"
