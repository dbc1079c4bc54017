"""Any text becomes printable, and every word stays."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.journal.fonts import coverage
from ratings.journal.text import BOX, UNPRINTABLE, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain words – with “quotes” and ½", "Plain words – with “quotes” and ½"),
        ("a\x00null \x1b escape \x0b tab", "anull  escape  tab"),
        ("a\u202eright to left\u202c after", "aright to left after"),
        ("e\u0301", "é"),
        ("Cymraeg: tŷ, dŵr, gwên", "Cymraeg: tŷ, dŵr, gwên"),
        ("نحن نعمل مع العائلات", "نحن نعمل مع العائلات"),
        ("👍🏽 ❤️ ✅", "👍🏽 ❤️ ✅"),
        ("<b>&amp;</b> {{ x }} {% now %}", "<b>&amp;</b> {{ x }} {% now %}"),
    ],
)
def test_printable_keeps_words_and_drops_what_breaks_a_pdf(text: str, shown: str) -> None:
    assert printable(text) == (shown, frozenset())


def test_printable_shows_and_reports_a_box_for_what_no_font_has() -> None:
    assert printable("我 here") == (f"{BOX} here", frozenset("我"))


def test_printable_lets_long_words_break() -> None:
    text, _missing = printable("x" * 100)
    assert max(len(part) for part in text.split("\u200b")) == 30
    assert text.replace("\u200b", "") == "x" * 100


def test_printable_takes_accents_that_pile_up() -> None:
    text, _missing = printable("A" + "\u0334" * 40 + "b")
    assert len(re.findall("\u0334", text)) == 3


@given(st.text())
def test_printable_has_only_what_fonts_can_draw(text: str) -> None:
    shown, missing = printable(text)
    assert not UNPRINTABLE.search(shown)
    assert not missing & set(shown)
    assert all(
        ord(char) <= 32 or ord(char) in coverage() or unicodedata.category(char) in ("Cf", "Mn") for char in shown
    )


@given(st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc", "Cf"])))
def test_printable_keeps_every_letter_of_our_own_fonts(text: str) -> None:
    shown, _missing = printable(text)
    assert shown.replace("\u200b", "") == unicodedata.normalize("NFC", text)
