"""Names are what they seem: nothing invisible in them, and no two alphabets."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests import factories
from workshops.forms import AccountForm, DetailsForm, EditionForm
from workshops.lettering import refuse_invisible, refuse_mixed_scripts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["a\u202eb", "a\u2067b", "a\u200bb", "a\x1bb", "a\x00b", "\ufeffa", "a\u2028b"])
def test_invisible_characters_are_refused(words: str) -> None:
    with pytest.raises(ValidationError, match="invisible"):
        refuse_invisible(words)


@pytest.mark.parametrize("words", ["Cyngor Môn", "مجلس", "می\u200cخواهم", "👩\u200d👩", "a\r\n\tb", "", "Ω", "e\u0301"])
def test_words_of_any_language_are_taken(words: str) -> None:
    refuse_invisible(words)


@pytest.mark.parametrize("name", ["аdmin", "admіn", "Αnna", "paуpal1"])
def test_name_of_two_alphabets_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="one alphabet"):
        refuse_mixed_scripts(name)


@pytest.mark.parametrize("name", ["anna.b-2", "Łucja", "Siân", "анна", "Ελένη", "12@+-_"])
def test_name_of_one_alphabet_is_taken(name: str) -> None:
    refuse_mixed_scripts(name)


def account(name: str) -> AccountForm:
    return AccountForm({"username": name, "password1": "three quiet words", "password2": "three quiet words"})


@pytest.mark.parametrize(
    ("name", "taken"), [("anna2", False), ("ANNA", True), ("ａｎｎａ", True), ("аnna", True), ("an\u200bna", True)]
)
def test_nobody_can_take_a_name_that_looks_like_anothers(name: str, taken: bool) -> None:
    factories.facilitator("anna")
    assert ("username" in account(name).errors) is taken


def test_forms_of_the_desk_refuse_what_would_turn_words_around() -> None:
    of = factories.workshop()
    form = DetailsForm({"organisation": "A\u202eB", "venue": "", "date": "2026-05-14"}, instance=of)
    assert "invisible" in str(form.errors["organisation"])
    assert "invisible" in str(EditionForm({"title": "A\u200bB", "threshold": "5"}).errors["title"])
