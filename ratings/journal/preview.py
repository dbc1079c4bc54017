"""The printed pages as pictures, to be seen beside the form that changes them: they are drawn from the PDF itself."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

import pypdfium2

from ratings.choices import PrintState
from ratings.journal.printing import Printing, ask_for_print, follow_print, last_good, printing_of
from ratings.models import Print
from workshops.models import Workshop

WIDTH = 900
"""Pixels: sharp beside a form, and on a phone with two pixels to the point."""

_pdfium = threading.Lock()  # the library is not made for two threads at once


@dataclass(frozen=True)
class Preview:
    """What can be seen of the pages: the print to draw them from, and how the print of what is saved stands."""

    shown: Print | None
    is_current: bool
    printing: Printing

    @property
    def numbers(self) -> range:
        """The numbers of the pages to be seen, from 1."""
        return range(1, (self.shown.pages or 0) + 1) if self.shown else range(0)


def preview_of(workshop: Workshop, *, seconds: float = 0, again: bool = False) -> Preview:
    """Return the pages of the journal as it is now, else the last good ones; where there is no such print, ask for it.

    Waits so many seconds for it; where nobody is at the press in this process, as long as printing takes. `again` asks
    once more for what has failed.
    """
    found = follow_print(ask_for_print(workshop, again=again), seconds=seconds)
    is_current = found is not None and found.state == PrintState.DONE
    return Preview(found if is_current else last_good(workshop), is_current, printing_of(workshop))


def draw_page(workshop: Workshop, print_id: int, number: int) -> bytes | None:
    """Return a page (from 1) of a workshop's print as PNG, WIDTH pixels wide; None where there is none to be seen.

    That is as long as it is the last good one, or, while the workshop runs, the journal as it is now.
    """
    good = last_good(workshop) if workshop.is_closed else ask_for_print(workshop)
    if good is None or good.pk != print_id or good.state != PrintState.DONE:
        return None
    if not 1 <= number <= (good.pages or 0):
        return None
    with _pdfium, pypdfium2.PdfDocument(bytes(good.pdf or b"")) as document:
        page = document[number - 1]
        picture = page.render(scale=WIDTH / page.get_width()).to_pil()
        page.close()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
