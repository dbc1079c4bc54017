"""Cells that a spreadsheet shows and never runs.

A cell that starts with one of a few signs is a formula to Excel, LibreOffice and Google Sheets, which may send what
stands beside it elsewhere. The signs, and the apostrophe that disarms them, are OWASP's ("CSV injection").
"""

from __future__ import annotations

import unicodedata

FORMULA = ("=", "+", "-", "@")


def plain_cell(words: str) -> str:
    """Return a cell with these words that no spreadsheet takes for a formula.

    What a spreadsheet skips before a sign (spaces, tabs, line ends, invisible characters) does not hide it, nor does
    its full-width form. The words stay whole behind the apostrophe.
    """
    seen = unicodedata.normalize("NFKC", words).lstrip()
    start = next((letter for letter in seen if unicodedata.category(letter)[0] not in "CZ"), "")
    return f"'{words}" if start in FORMULA else words
