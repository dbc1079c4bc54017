"""Cells that a spreadsheet shows and never runs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.spreadsheets import FORMULA, plain_cell

SKIPPED = ["", " ", "\t", "\r\n", "\u200b", "\ufeff", "\u00a0", "\u202e", "\x00", " \u2066\t"]


@pytest.mark.parametrize("before", SKIPPED)
@pytest.mark.parametrize("sign", [*FORMULA, "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_formula_is_disarmed_whatever_stands_before_it(sign: str, before: str) -> None:
    words = f'{before}{sign}HYPERLINK("http://example.org/")'
    assert plain_cell(words) == "'" + words


@pytest.mark.parametrize("words", ["", "Two teams began it", "3 - 4 = -1", "a@example.org", "'quoted'", "£5", "\u0645"])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert plain_cell(words) == words


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=30))
def test_no_words_are_lost_and_none_start_a_formula(words: str) -> None:
    cell = plain_cell(words)
    assert cell in (words, "'" + words)
    assert not cell.lstrip().startswith(FORMULA)
