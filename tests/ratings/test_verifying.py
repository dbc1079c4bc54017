"""Whether a file is what was signed: to the byte, by its fingerprint, or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.choices import Match
from ratings.journal.formats import FORMATS
from ratings.models import SignedFile, SignedJournal
from ratings.signing import check_journal, read_sign_off, sign_journal
from ratings.signing_forms import LARGEST
from ratings.verifying import MOST, clean_fingerprint, verify_file, verify_fingerprint
from tests import factories
from workshops import guessing
from workshops.erasing import erase_workshop
from workshops.guessing import WAIT
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    """Return a workshop whose journal was signed off."""
    made = factories.workshop(deliverables=1)
    factories.signed_journal(made)
    return made


def file_of(of: Workshop, number: int = 1) -> bytes:
    """Return a file of an edition."""
    return bytes(SignedFile.objects.get(signed__workshop=of, signed__number=number, suffix="pdf").data)


def ask(**sent: object) -> str:
    """Ask the public page; return what it says."""
    answer = Client().post("/verify/", sent)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bytes_that_were_signed_are_known(of: Workshop) -> None:
    verdict = verify_file(file_of(of))
    assert (verdict.match, verdict.is_what_was_signed) == (Match.BYTES, True)
    (facts,) = verdict.facts
    assert (facts.number, facts.signed_by, facts.organisation) == (1, "Ada Lovelace", of.organisation)
    assert facts.superseded_by is None


def test_the_data_that_was_signed_is_known_by_itself(of: Workshop) -> None:
    assert verify_file(SignedJournal.objects.get().record.encode()).match == Match.CONTENT


def test_one_flipped_bit_anywhere_is_not_what_was_signed(of: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {suffix: each for suffix, each in FORMATS.items() if suffix in ("html", "md", "json")}
    monkeypatch.setattr("ratings.signing.FORMATS", quick)
    SignedJournal.objects.update(let_go=True)
    SignedFile.objects.update(let_go=True)
    SignedJournal.objects.all().delete()
    Workshop.objects.filter(pk=of.pk).update(sealed_on=of.date, closed_at=of.created_at)
    of.refresh_from_db()
    user, read = factories.facilitator(), read_sign_off(of).fingerprint
    check_journal(workshop=of, user=user, read=read)
    signed = sign_journal(workshop=of, user=user, name="Ada", role="Director", read=read)
    for file in signed.files.all():
        data = bytes(file.data)
        assert verify_file(data).match == Match.BYTES
        for place in range(0, len(data), max(1, len(data) // 20)):
            flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            verdict = verify_file(flipped)
            assert not verdict.is_what_was_signed, (file.suffix, place)
            assert verdict.match in (Match.INSIDE, Match.UNKNOWN)
        assert verify_file(data + b"\n").match == Match.INSIDE, file.suffix


def test_fingerprint_inside_another_file_says_which_edition_it_claims_to_be(of: Workshop) -> None:
    fingerprint = SignedJournal.objects.get().fingerprint.encode()
    claims = b"%PDF-1.7 " + b"0" * 64 + b" SHA-256 " + fingerprint + b" changed"
    verdict = verify_file(claims)
    assert (verdict.match, verdict.is_what_was_signed, verdict.facts[0].number) == (Match.INSIDE, False, 1)
    assert verify_file(b"f" + fingerprint).match == Match.UNKNOWN
    many = b" ".join(b"%064x" % n for n in range(MOST)) + b" " + fingerprint
    assert verify_file(many).match == Match.UNKNOWN, "so many are looked up and no more"


def test_superseded_edition_is_said_to_be(of: Workshop) -> None:
    factories.comment(of, factories.scale(of), "New")
    factories.signed_journal(of, number=2)
    assert verify_file(file_of(of)).facts[0].superseded_by == 2
    assert verify_file(file_of(of, 2)).facts[0].superseded_by is None
    assert "edition 2 has taken its place" in ask(file=SimpleUploadedFile("a.pdf", file_of(of)))


def test_two_editions_with_one_fingerprint_are_both_told_the_one_that_counts_first(of: Workshop) -> None:
    factories.signed_journal(of, number=2)
    verdict = verify_fingerprint(SignedJournal.objects.filter(number=1).get().fingerprint)
    assert [facts.number for facts in verdict.facts] == [2, 1]


@pytest.mark.parametrize("write", [str, str.upper, lambda digits: f" {digits[:8]} {digits[8:16]}-{digits[16:]}\n"])
def test_fingerprint_is_found_as_people_type_it(of: Workshop, write: type[str]) -> None:
    typed = write(SignedJournal.objects.get().fingerprint)
    assert verify_fingerprint(typed).match == Match.FINGERPRINT
    page = ask(fingerprint=typed)
    assert "A journal with this fingerprint was signed off." in page
    assert "It is the edition that counts." in page


def test_nothing_less_than_the_whole_fingerprint_finds_anything(of: Workshop) -> None:
    digits = SignedJournal.objects.get().fingerprint
    other = f"{int(digits, 16) ^ 1:064x}"
    for typed in (digits[:-1], digits[:8], "", "_" * 64, "%" * 64, other, digits + "0", digits[:63] + "٣"):
        assert verify_fingerprint(typed).match == Match.UNKNOWN
    page = ask(fingerprint=digits[:63])
    assert of.organisation not in page
    assert "Nothing like this was signed off here." in page


def test_page_answers_for_a_file_and_keeps_nothing(of: Workshop) -> None:
    assert "Verify a journal" in Client().get("/verify/").content.decode()
    page = ask(file=SimpleUploadedFile("journal.pdf", file_of(of)))
    assert "This is exactly the file that was signed off." in page
    assert "Signed off by Ada Lovelace, Director of Children’s Services" in page
    claims = SimpleUploadedFile("x", SignedJournal.objects.get().fingerprint.encode())
    assert "is not one of the files that were signed" in ask(file=claims)
    assert "This is exactly the data" in ask(file=SimpleUploadedFile("x", SignedJournal.objects.get().record.encode()))


def test_page_says_what_is_needed_and_calls_neither_field_optional() -> None:
    said = Client().get("/verify/").content.decode()
    assert "One of the two is needed, and enough." in said
    assert "Optional" not in said


def test_page_refuses_nothing_at_all_and_too_much(of: Workshop) -> None:
    assert "Choose a file, or type a fingerprint." in ask()
    assert "larger than 2.5 MB" in ask(file=SimpleUploadedFile("x", b"0" * (LARGEST + 1)))
    assert "Nothing like this" in ask(file=SimpleUploadedFile("x", b""))


def test_network_that_tries_much_waits(of: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MOST_WRONG", 3)
    for n in range(3):
        ask(fingerprint=f"{n:064x}")
    for answer in (Client().get("/verify/"), Client().post("/verify/", {"fingerprint": "0" * 64})):
        assert (answer.status_code, answer["Retry-After"]) == (429, str(WAIT))
    assert Client().get("/verify/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_journal_of_a_workshop_that_was_erased_is_known_by_its_fingerprint_alone(of: Workshop) -> None:
    data, fingerprint = file_of(of), SignedJournal.objects.get().fingerprint
    erase_workshop(workshop=of, by="ada")
    assert verify_file(data).match == Match.UNKNOWN
    verdict = verify_file(data + b" " + fingerprint.encode())
    assert (verdict.match, verdict.facts[0].is_erased) == (Match.INSIDE, True)
    page = ask(fingerprint=fingerprint)
    assert "That workshop has been erased since" in page
    assert "Lovelace" not in page


def test_command_says_what_a_file_is(of: Workshop, tmp_path: Path) -> None:
    path, out = tmp_path / "journal.pdf", io.StringIO()
    path.write_bytes(file_of(of))
    call_command("verify_journal", str(path), stdout=out)
    assert "This is exactly the file that was signed off." in out.getvalue()
    assert "the edition that counts. Signed off by Ada Lovelace" in out.getvalue()
    fingerprint = SignedJournal.objects.get().fingerprint
    path.write_bytes(file_of(of) + b" " + fingerprint.encode())
    with pytest.raises(CommandError, match=r"not the file that was signed off[^\n]*\nEdition 1"):
        call_command("verify_journal", str(path))
    erase_workshop(workshop=of, by="ada")
    with pytest.raises(CommandError, match="erased since"):
        call_command("verify_journal", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_journal", str(tmp_path / "nothing"))


class TestAnything(TestCase):
    """Whatever a stranger sends."""

    @settings(max_examples=25)
    @given(st.binary(max_size=400) | st.from_regex(rb"([0-9a-f]{60,70} ?){1,3}", fullmatch=True))
    def test_file_of_a_stranger_is_unknown(self, data: bytes) -> None:
        assert verify_file(data).match == Match.UNKNOWN

    @settings(max_examples=25)
    @given(st.text(max_size=90))
    def test_what_is_typed_is_digits_or_nothing(self, typed: str) -> None:
        assert set(clean_fingerprint(typed)) <= set("0123456789abcdef")
        assert verify_fingerprint(typed).match == Match.UNKNOWN
