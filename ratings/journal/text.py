"""Make any text printable: what would break a PDF, or take minutes to set, is taken out; every word stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from ratings.journal.build import Journal
from ratings.journal.fonts import coverage

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ufff9-\ufffb]")
"""Control characters, overrides of the writing direction, and what is no character."""
DRAWS_NOTHING = frozenset([0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xAD, *range(0xE0020, 0xE0080)])
"""Joiners and selectors: no font need have them."""
STACKED = re.compile("((?:[\u0300-\u036f]){3})[\u0300-\u036f]+")
SOLID = re.compile(r"\S{30}(?=\S)")
BOX = "\u25a1"


def legible(text: str) -> str:
    """Return a text without what no document can hold, for programs that have fonts of their own: every word stays.

    Composed (NFC); without control characters and what turns the writing direction; at most three accents a letter.
    """
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return STACKED.sub(r"\1", UNPRINTABLE.sub("", text))


def printable(text: str) -> tuple[str, frozenset[str]]:
    """Return a text that the journal can print, and the characters for which it shows a box because no font has them.

    Composed (NFC); without control characters; at most three accents a letter; words over 30 letters may break.
    """
    text = legible(text)
    known = coverage()
    missing = frozenset(
        char for char in text if ord(char) > 32 and ord(char) not in known and ord(char) not in DRAWS_NOTHING
    )
    if missing:
        text = "".join(BOX if char in missing else char for char in text)
    return SOLID.sub(lambda word: word.group() + "\u200b", text), missing


def printable_journal(journal: Journal) -> tuple[Journal, frozenset[str]]:
    """Return the journal with every text printable, and all characters that stand as a box."""
    missing: set[str] = set()

    def clean(text: str) -> str:
        shown, unknown = printable(text)
        missing.update(unknown)
        return shown

    return _with_texts(journal, clean), frozenset(missing)


def legible_journal(journal: Journal) -> Journal:
    """Return the journal with every text legible."""
    return _with_texts(journal, legible)


def _with_texts(journal: Journal, clean: Callable[[str], str]) -> Journal:
    """Return the journal with every text as `clean` returns it."""

    def cleaned(value: Any) -> Any:
        if type(value) is str:
            return clean(value)
        if isinstance(value, tuple):
            return tuple(cleaned(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: cleaned(getattr(value, field.name)) for field in fields(value)})
        return value

    return cast(Journal, cleaned(journal))
