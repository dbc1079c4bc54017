"""The printed pages as pictures, to be seen beside the form that changes them: they are drawn from the PDF itself."""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from dataclasses import dataclass

import pypdfium2

from ratings.journal.build import build_journal
from ratings.journal.press import print_journal
from workshops.models import Workshop

WIDTH = 900
"""Pixels: sharp beside a form, and on a phone with two pixels to the point."""
KEPT = 3
"""So many prints stay in memory, for their pages to be drawn from."""

_pdfium = threading.Lock()  # the library is not made for two threads at once
_prints: OrderedDict[str, Pages] = OrderedDict()
_keeping = threading.Lock()


@dataclass(frozen=True)
class Pages:
    """A print whose pages can be drawn; `key` tells it from any other."""

    key: str
    pdf: bytes
    count: int

    @property
    def numbers(self) -> range:
        """The numbers of its pages, from 1."""
        return range(1, self.count + 1)


def pages_of(workshop: Workshop) -> Pages:
    """Return the pages of the journal as it would be printed now. Raises JournalFailed."""
    journal = build_journal(workshop)
    key = hashlib.sha256(repr(journal).encode("utf-8", "replace")).hexdigest()[:16]
    with _keeping:
        found = _prints.get(key)
    if found is None:
        pdf = print_journal(journal)
        found = Pages(key, pdf, count_pages(pdf))
        with _keeping:
            _prints[key] = found
            while len(_prints) > KEPT:
                _prints.popitem(last=False)
    return found


def count_pages(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    with _pdfium, pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def draw_page(pdf: bytes, number: int) -> bytes | None:
    """Return a page of a PDF (from 1) as PNG, WIDTH pixels wide; None where it has no such page."""
    with _pdfium, pypdfium2.PdfDocument(pdf) as document:
        if not 1 <= number <= len(document):
            return None
        page = document[number - 1]
        picture = page.render(scale=WIDTH / page.get_width()).to_pil()
        page.close()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
