"""Journals of every shape, printed for the eye: `python -m tests.ratings.journal.sheets FOLDER [shape …]`.

Writes a PDF of each and a contact sheet of its pages, and says how many pages it has, how long it took, and what
veraPDF finds wrong in any.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import django
from PIL import Image
from pypdf import PdfReader


def contact_sheet(pdf: Path, *, across: int = 10, most: int = 60) -> Path:
    """Draw the pages of a PDF, the first `most`, on one sheet beside it; return its path."""
    pages = pdf.with_suffix("")
    pages.mkdir(exist_ok=True)
    subprocess.run(["pdftoppm", "-r", "28", "-l", str(most), "-png", str(pdf), str(pages / "p")], check=True)
    pictures = [Image.open(path) for path in sorted(pages.glob("p*.png"))]
    wide, high = pictures[0].size
    sheet = Image.new(
        "RGB", (min(across, len(pictures)) * (wide + 6), -(-len(pictures) // across) * (high + 6)), "#888"
    )
    for n, picture in enumerate(pictures):
        sheet.paste(picture, ((n % across) * (wide + 6) + 3, (n // across) * (high + 6) + 3))
    path = pdf.with_suffix(".png")
    sheet.save(path)
    return path


def main(folder: Path, *wanted: str) -> None:
    """Print the shapes wanted, or all, into the folder."""
    from ratings.journal.press import print_journal
    from tests.ratings.journal.shapes import SHAPES, journal_of
    from tests.ratings.journal.verapdf import validate

    folder.mkdir(parents=True, exist_ok=True)
    names = wanted or tuple(SHAPES)
    for name in names:
        started = time.perf_counter()
        pdf = folder / f"{name}.pdf"
        pdf.write_bytes(print_journal(journal_of(SHAPES[name])))
        seconds = time.perf_counter() - started
        contact_sheet(pdf)
        sys.stdout.write(f"{name}: {len(PdfReader(pdf).pages)} pages, {seconds:.1f} s\n")
    wrong = validate(*(folder / f"{name}.pdf" for name in names))
    sys.stdout.write(wrong or "All are PDF/A-3a and PDF/UA-1.\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
    django.setup()
    main(Path(sys.argv[1]), *sys.argv[2:])
