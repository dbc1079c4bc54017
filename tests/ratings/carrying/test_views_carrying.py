"""At the desks: a workshop is packed at the one, and taken in at the other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from ratings.carrying.locking import LARGEST, new_passphrase, unlock
from ratings.sealing import seal_workshop
from tests import factories
from tests.ratings.carrying.carried import carried
from tests.ratings.carrying.finished import finished
from tests.routes import address
from workshops.choices import Deed, Role, StageKind
from workshops.erasing import erase_workshop
from workshops.guessing import MOST_WRONG
from workshops.models import Arrival, Workshop
from workshops.sessions import open_stage
from workshops.trail import trail_of

pytestmark = pytest.mark.django_db
TAKE_IN = "/desk/take-in/"


@pytest.fixture
def ann() -> User:
    """Return who runs the workshop on the laptop."""
    return factories.facilitator()


@pytest.fixture
def of(ann: User) -> Workshop:
    """Return a closed workshop."""
    return finished(ann, sealed=False)


def bring(browser: Client, file: bytes, passphrase: str) -> HttpResponse:
    """Send a file and what may open it."""
    upload = SimpleUploadedFile("workshop.midpoint", file)
    return browser.post(TAKE_IN, {"file": upload, "passphrase": passphrase})  # type: ignore[return-value]


def said(answer: HttpResponse) -> str:
    """Return the words of an answer, which is a page."""
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_workshop_is_sealed_and_packed_in_two_presses_and_taken_in_with_what_was_shown(of: Workshop, ann: User) -> None:
    laptop = factories.desk(ann)
    page = laptop.get(address("ratings:carry", of)).content.decode()
    assert "The workshop is sealed first" in page
    page = laptop.post(address("ratings:carry", of)).content.decode()
    of.refresh_from_db()
    assert of.is_sealed
    assert not of.is_carried  # nothing was downloaded yet
    (passphrase,) = re.findall(r'<strong id="passphrase">([^<]+)</strong>', page)
    hidden = dict(re.findall(r'name="(passphrase)" value="([^"]+)"', page))
    answer = laptop.post(address("ratings:carry_file", of), hidden)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="workshop-2026-05-14-{of.code}.midpoint"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert passphrase.encode() not in answer.content
    assert Workshop.objects.get(pk=of.pk).is_carried
    assert trail_of(of).filter(act=Deed.CARRIED, by=ann.get_username()).count() == 1
    erase_workshop(workshop=of, by="ann")

    bob = factories.facilitator()
    words = said(bring(factories.desk(bob), answer.content, passphrase.lower().replace("-", " ")))
    assert f"Its code is still {of.spaced_code}." in words
    assert "Its audit trail held" in words
    taken = Workshop.objects.get()
    assert list(taken.facilitators.values_list("user", "role")) == [(bob.pk, Role.OWNER)]


def test_every_passphrase_that_was_shown_opens_its_own_file(of: Workshop, ann: User) -> None:
    seal_workshop(workshop=of)
    laptop = factories.desk(ann)
    pages = [laptop.post(address("ratings:carry", of)).content.decode() for _n in range(2)]
    first, second = (re.findall(r'<strong id="passphrase">([^<]+)<', page)[0] for page in pages)
    assert first != second
    for passphrase in (first, second, first):
        file = laptop.post(address("ratings:carry_file", of), {"passphrase": passphrase}).content
        assert unlock(file, passphrase)
    assert "pack it again" in laptop.get(address("ratings:carry", of)).content.decode()


@pytest.mark.parametrize("passphrase", ["", "hello", "\0" * 24, "ABCD-EFGH-JKMN-PQRS-TUV0"])
def test_no_file_is_locked_with_a_passphrase_that_was_not_made_here(of: Workshop, ann: User, passphrase: str) -> None:
    seal_workshop(workshop=of)
    answer = factories.desk(ann).post(address("ratings:carry_file", of), {"passphrase": passphrase})
    assert (answer.status_code, answer.headers["Location"]) == (302, address("ratings:carry", of))
    of.refresh_from_db()
    assert not of.is_carried


def test_nothing_is_packed_of_what_was_opened_again_meanwhile(of: Workshop, ann: User) -> None:
    path, sent = address("ratings:carry_file", of), {"passphrase": new_passphrase()}
    answer = factories.desk(ann).post(path, sent)
    assert answer.headers["Location"] == address("ratings:carry", of)  # closed, and not sealed
    open_stage(stage=factories.stage(of, StageKind.PRIORITIES), user=ann)
    assert factories.desk(ann).post(path, sent).status_code == 409
    of.refresh_from_db()
    assert (of.is_sealed, of.is_carried) == (False, False)


def test_desk_of_a_copy_says_that_it_goes_on_elsewhere(of: Workshop, ann: User) -> None:
    seal_workshop(workshop=of)
    laptop = factories.desk(ann)
    laptop.post(address("ratings:carry_file", of), {"passphrase": new_passphrase()})
    for name in ("desk", "ratings:sign_off"):
        assert "to be carried to a server" in said(laptop.get(address(name, of)))  # type: ignore[arg-type]
    desk = laptop.get(address("desk", of)).content.decode()
    assert address("ratings:comments", of) not in desk
    assert "Carried to a server" in laptop.get(address("workshops:workshops", of)).content.decode()
    refused = laptop.post(address("ratings:show_new", of))
    assert refused.status_code == 409
    assert "It goes on elsewhere" in refused.content.decode()


def test_act_that_meets_the_packing_is_answered_with_a_page(of: Workshop, ann: User) -> None:
    seal_workshop(workshop=of)
    browser, path = factories.desk(ann), address("ratings:imperatives", of)
    number = re.findall(r"/imperatives/(\d+)/decide/", browser.get(path).content.decode())[0]
    passed: list[str] = []

    def pack_behind_the_door(execute: Any, sql: str, *rest: Any) -> Any:
        """Pack it at the moment in which the door has let the request in."""
        answer = execute(sql, *rest)
        if "role_of_user" in sql and not passed:
            passed.append(sql)
            Workshop.objects.filter(pk=of.pk).update(carried_on=of.date)
        return answer

    with connection.execute_wrapper(pack_behind_the_door):
        answer = browser.post(f"{path}{number}/decide/", {"do": "show"})
    assert passed
    assert answer.status_code == 409
    assert "It goes on elsewhere" in answer.content.decode()


def test_wrong_passphrase_is_told_and_cannot_be_guessed() -> None:
    packed, browser = carried(), factories.desk(factories.facilitator())
    words = said(bring(browser, packed.file, "ABCD-EFGH-JKMN-PQRS-TUVW"))
    assert "Another passphrase opens this file" in words
    assert 'id="id_passphrase"' in bring(browser, packed.file, "hello").content.decode()
    for n in range(MOST_WRONG - 2):
        bring(browser, packed.file, f"guess {n}")
    answer = bring(browser, packed.file, packed.passphrase)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert not Workshop.objects.exists()


def test_file_that_is_none_or_damaged_is_told_in_a_sentence() -> None:
    packed, browser = carried(), factories.desk(factories.facilitator())
    damaged = packed.file[:-1] + bytes([packed.file[-1] ^ 1])
    for file, words in (
        (b"", "This is no file that was packed at a Midpoint"),
        (b"%PDF-1.7", "This is no file that was packed at a Midpoint"),
        (damaged, "This file was damaged on its way"),
        (packed.file[:2000], "This file was damaged on its way"),
        (bytes(LARGEST + 1), "it is too large"),
    ):
        assert words in said(bring(browser, file, packed.passphrase))
    assert "Choose the file." in said(browser.post(TAKE_IN, {}))  # type: ignore[arg-type]
    assert not Workshop.objects.exists()


def test_second_time_says_when_it_was_taken_in_and_where_it_is() -> None:
    packed, browser = carried(), factories.desk(factories.facilitator())
    bring(browser, packed.file, packed.passphrase)
    words = said(bring(browser, packed.file, packed.passphrase))
    taken = Workshop.objects.get()
    assert (
        f"This workshop was taken in on {Arrival.objects.get().on:%-d %B %Y}: its code is {taken.spaced_code}." in words
    )
    assert address("journal", taken) in browser.get("/desk/").content.decode()
    assert TAKE_IN in browser.get("/desk/").content.decode()
