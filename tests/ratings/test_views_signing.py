"""The page on which a journal is signed off, and what the journal's own pages say of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ratings.choices import CommentState
from ratings.deciding import hide_words
from ratings.journal import press
from ratings.journal.build import build_journal
from ratings.journal.formats import FORMATS, PDF
from ratings.journal.record import content_json, fingerprint_of
from ratings.models import Comment, JournalCheck, SignedFile, SignedJournal
from ratings.sealing import seal_workshop
from tests import factories
from tests.ratings.journal.told import text_of
from workshops.choices import Role, StageKind
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
NAMED = {"name": "Ada Lovelace", "role": "Director of Children’s Services"}


@pytest.fixture(autouse=True)
def _without_print(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {suffix: each for suffix, each in FORMATS.items() if suffix in ("html", "md", "json")}
    monkeypatch.setattr("ratings.signing.FORMATS", quick)


@pytest.fixture
def of() -> Workshop:
    """Return a sealed workshop with a comment that was read and one that was not."""
    made = factories.workshop(deliverables=1, by=factories.facilitator())
    factories.comment(made, factories.scale(made), "It goes well")
    factories.comment(made, factories.scale(made), "It goes slowly", state=CommentState.NEW)
    factories.opened(made, StageKind.CLOSED)
    made.refresh_from_db()
    seal_workshop(workshop=made)
    return made


def browser(of: Workshop, role: Role) -> Client:
    """Return a browser of somebody with a role."""
    return factories.desk(factories.member(of, role))


def at(of: Workshop, name: str = "sign_off", *more: object) -> str:
    """Return an address of signing."""
    return reverse(f"ratings:{name}", args=[of.code, *more])


def now(of: Workshop) -> str:
    """Return the fingerprint of the journal as it is now."""
    return fingerprint_of(content_json(build_journal(of)))


def page(client: Client, url: str) -> str:
    """Return a page."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_says_kindly_what_comes_before_in_every_phase() -> None:
    of = factories.workshop(deliverables=1)
    owner = browser(of, Role.OWNER)
    assert "after the workshop was closed and sealed" in page(owner, at(of))
    factories.opened(of, StageKind.CLOSED)
    assert f'href="{at(of, "seal")}"' in page(owner, at(of))
    reader = page(browser(of, Role.READER), at(of))
    assert "First the workshop is sealed" in reader
    assert at(of, "seal") not in reader
    refused = owner.post(at(of, "sign"), NAMED)
    assert (refused.status_code, "sealed first" in refused.content.decode()) == (409, True)


def test_facilitator_checks_and_reader_signs(of: Workshop) -> None:
    facilitator, reader = browser(of, Role.FACILITATOR), browser(of, Role.READER)
    assert "I have checked it" not in page(reader, at(of))
    to_check = page(facilitator, at(of))
    assert "1 comment is printed that nobody has decided about." in to_check
    assert f'value="{now(of)}"' in to_check
    assert facilitator.post(at(of, "check"), {"read": now(of)}).status_code == 302
    assert "An owner or a reader of this workshop can sign it off now" in page(facilitator, at(of))
    to_sign = page(reader, at(of))
    assert "sign it off as edition 1 for Carreg Bay Council" in to_sign
    assert fingerprint_of(content_json(build_journal(of)))[:8] in to_sign
    for _twice in range(2):
        answer = reader.post(at(of, "sign"), NAMED | {"read": now(of)})
        assert (answer.status_code, answer["Location"]) == (302, at(of))
    signed = SignedJournal.objects.get()
    done = page(reader, at(of))
    assert "The journal is signed off as edition 1." in done
    assert signed.blocks in done
    assert "signed off by Ada Lovelace, Director of Children’s Services" in done


def test_what_is_held_is_listed_with_where_to_decide_for_those_who_may(of: Workshop) -> None:
    rows = Comment.objects.filter(workshop=of)
    rows.update(state=CommentState.HELD)
    rows.filter(pk=rows.latest("pk").pk).update(flagged=True)
    factories.imperative(of, "Write it down")
    of_imperatives = {"state": CommentState.HELD}
    type(factories.imperative(of, "Put it in writing"))._default_manager.update(**of_imperatives)
    facilitator, reader = page(browser(of, Role.FACILITATOR), at(of)), page(browser(of, Role.READER), at(of))
    for words in ("1 comment may name somebody", "1 comment is held", "2 imperatives are held"):
        assert words in facilitator
        assert words in reader
    for url in (at(of, "comments") + "?shelf=look", at(of, "comments") + "?shelf=held", at(of, "imperatives")):
        assert f'href="{url}"' in facilitator
        assert f'href="{url}"' not in reader
    refused = browser(of, Role.OWNER).post(at(of, "check"), {"read": now(of)})
    assert "Something is still held. Decide about it first." in refused.content.decode()
    assert not JournalCheck.objects.exists()


def test_signing_needs_a_name_and_a_role_and_keeps_what_was_typed(of: Workshop) -> None:
    owner = browser(of, Role.OWNER)
    owner.post(at(of, "check"), {"read": now(of)})
    answer = owner.post(at(of, "sign"), {"name": "Ada <b>", "role": "", "read": now(of)})
    shown = answer.content.decode()
    assert "Type the role in which they sign." in shown
    assert 'value="Ada &lt;b&gt;"' in shown
    assert not SignedJournal.objects.exists()


def test_signing_what_changed_meanwhile_says_so_and_keeps_what_was_typed(of: Workshop) -> None:
    owner = browser(of, Role.OWNER)
    owner.post(at(of, "check"), {"read": now(of)})
    before = now(of)
    comment = Comment.objects.filter(workshop=of).first()
    assert comment is not None
    hide_words(words=comment, user=None, reason="Unkind")
    shown = owner.post(at(of, "sign"), NAMED | {"read": before}).content.decode()
    assert "The journal has changed since this page was opened." in shown
    shown = owner.post(at(of, "sign"), NAMED | {"read": now(of)}).content.decode()
    assert "It has to be checked again before it is signed." in shown
    assert "I have checked it" in shown
    owner.post(at(of, "check"), {"read": now(of)})
    shown = owner.post(at(of, "sign"), NAMED | {"read": before}).content.decode()
    assert f'value="{NAMED["name"]}"' in shown
    assert f'value="{now(of)}"' in shown
    assert not SignedJournal.objects.exists()


def test_journal_that_cannot_be_printed_is_not_signed(of: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ratings.signing.FORMATS", {PDF: FORMATS[PDF]})
    monkeypatch.setattr(press, "MODULE", "no.such.module")
    owner = browser(of, Role.OWNER)
    owner.post(at(of, "check"), {"read": now(of)})
    shown = owner.post(at(of, "sign"), NAMED | {"read": now(of)}).content.decode()
    assert "could not be printed, so nothing was signed" in shown
    assert f'value="{NAMED["name"]}"' in shown
    assert not SignedJournal.objects.exists()


def test_every_format_is_signed_and_the_pdf_says_so(of: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ratings.signing.FORMATS", FORMATS)
    owner = browser(of, Role.OWNER)
    owner.post(at(of, "check"), {"read": now(of)})
    owner.post(at(of, "sign"), NAMED | {"read": now(of)})
    signed = SignedJournal.objects.get()
    assert set(signed.files.values_list("suffix", flat=True)) == set(FORMATS)
    pdf = owner.get(at(of, "journal_pdf"))
    assert pdf.content == bytes(signed.files.get(suffix="pdf").data)
    assert 'edition-1.pdf"' in pdf["Content-Disposition"]
    printed = text_of(pdf.content)
    for words in ("Edition 1, signed off on", "Signed off by Ada Lovelace, Director of Children’s", signed.blocks):
        assert words.replace(" ", "") in printed.replace("\u200b", "")
    assert signed.fingerprint.encode() in pdf.content


def test_journal_and_downloads_are_the_signed_ones_until_something_changes(of: Workshop) -> None:
    owner = browser(of, Role.OWNER)
    journal = reverse("journal", args=[of.code])
    assert "This is a draft." in page(owner, journal)
    signed = factories.signed_journal(of)
    shown = page(owner, journal)
    assert "signed off by Ada Lovelace" in shown
    assert "This is a draft." not in shown
    assert at(of, "journal_file", "html") not in shown, "the signed edition has no such file"
    assert owner.get(at(of, "journal_file", "md")).content == bytes(signed.files.get(suffix="md").data)
    comment = Comment.objects.filter(workshop=of).first()
    assert comment is not None
    hide_words(words=comment, user=None, reason="Unkind")
    assert "Changed since edition 1" in page(owner, journal)
    assert b"hidden" not in owner.get(at(of, "journal_file", "md")).content
    assert owner.get(at(of, "journal_file", "md")).content != bytes(signed.files.get(suffix="md").data)
    assert "a new draft" in page(owner, at(of))


def test_superseded_edition_stays_and_says_so(of: Workshop) -> None:
    first = factories.signed_journal(of)
    comment = Comment.objects.get(workshop=of, text="It goes well")
    hide_words(words=comment, user=None, reason="Unkind")
    factories.signed_journal(of, number=2, name="Grace Hopper")
    reader = browser(of, Role.READER)
    old, new = (page(reader, at(of, "signed_journal", number)) for number in (1, 2))
    assert "It goes well" in old
    assert "Edition 2 was signed off since." in old
    assert "It goes well" not in new
    assert "no longer" not in new
    file = reader.get(at(of, "signed_file", 1, "md"))
    assert file.content == bytes(first.files.get(suffix="md").data)
    assert file["Cache-Control"] == "private, no-store"
    assert reader.get(at(of, "signed_file", 1, "exe")).status_code == 404
    assert reader.get(at(of, "signed_journal", 3)).status_code == 404


def test_edition_that_this_version_cannot_show_still_gives_its_files(of: Workshop) -> None:
    record = content_json(build_journal(of)).replace('"schema": 1', '"schema": 0')
    signed = factories.signed_journal(of, record=record)
    SignedFile.objects.create(signed=signed, suffix="old", content_type="x/old", data=b"old", sha256="0" * 64)
    shown = page(browser(of, Role.READER), at(of, "signed_journal", 1))
    assert "which this one can no longer show" in shown
    assert f'href="{at(of, "signed_journal", 1)}journal.md"' in shown
    assert f'href="{at(of, "signed_journal", 1)}journal.old"' in shown


def test_reading_is_the_same_number_of_queries_for_one_edition_and_for_three(of: Workshop) -> None:
    owner = browser(of, Role.OWNER)
    counts = []
    for number in range(1, 4):
        factories.signed_journal(of, number=number)
        factories.share_link(of)
        if number != 2:
            counts.append(_queries(owner, at(of)))
    assert counts[0] == counts[1]


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, url)
    return len(captured)
