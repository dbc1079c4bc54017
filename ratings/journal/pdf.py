"""Set one page description as PDF. Run as a process: `python -m ratings.journal.pdf`, order in, PDF out.

The only module that imports WeasyPrint, and it knows nothing of Django or the database. It bounds itself before it
sets what people wrote, and fetches nothing but its own named assets.
"""

from __future__ import annotations

import gc
import json
import logging
import resource
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pydyf
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from ratings.journal.fonts import FACES, cut_face

STYLE = Path(__file__).with_name("print.css")
PDF_UA = Path(__file__).with_name("pdfua.xml")
"""PDF/A's finisher adds this to the metadata: PDF/UA-1, and the extension schema that PDF/A asks for to say so."""


class Assets(URLFetcher):  # type: ignore[misc]
    """Fetches `asset:NAME` from what it was given; everything else, on the net or on the disk, is refused."""

    def __init__(self, assets: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=("asset",))
        self.assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return a named asset; raise FatalURLFetchingError for any other address."""
        scheme, _colon, name = url.partition(":")
        if scheme != "asset" or name not in self.assets:
            raise FatalURLFetchingError(f"refused: {scheme}")
        body, kind = self.assets[name]
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class Progress(logging.Handler):
    """Turns what WeasyPrint says of its steps into per cent, which never fall, and passes each on once."""

    STEPS = {1: 1, 2: 2, 3: 3, 4: 12, 5: 20, 6: 75, 7: 95}
    """Where a step begins, in per cent of the time that a journal takes."""

    def __init__(self, tell: Callable[[int], None], *, expected: int) -> None:
        super().__init__()
        self.tell, self.expected, self.told = tell, expected, 0

    def emit(self, record: logging.LogRecord) -> None:
        """Work out how far the step, and of layout the page, has come."""
        words = record.getMessage().split()
        step = int(words[1])
        now = self.STEPS[step]
        if step == 5 and words[-2] == "Page":
            now += (self.STEPS[6] - now) * min(int(words[-1]), self.expected) // self.expected
        if now > self.told:
            self.told = now
            self.tell(now)


def set_pdf(order: dict[str, Any]) -> tuple[bytes, int]:
    """Return the PDF of an order, its HTML, pictures, identifier, date and attachments, and how many pages it has."""
    assets = {name: (cut_face(name), "font/ttf") for name in FACES}
    assets |= {name: (drawing.encode(), "image/svg+xml") for name, drawing in order["pictures"].items()}
    fetcher, fonts, when = Assets(assets), FontConfiguration(), datetime.fromisoformat(order["when"])
    document = HTML(string=order["html"], url_fetcher=fetcher)
    style = CSS(string=STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
    pages: list[int] = []

    def finish(document: Any, pdf: pydyf.PDF) -> None:
        pages.append(len(document.pages))
        _claim_pdf_ua(pdf)

    pdf: bytes = document.write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/a-3a",
        pdf_identifier=order["identifier"].encode(),
        attachments=[
            Attachment(
                string=text.encode(),
                name=name,
                description=description,
                relationship="Data",
                created=when,
                modified=when,
            )
            for name, description, text in order["attachments"]
        ],
        finisher=finish,
    )
    return pdf, pages[0]


def _claim_pdf_ua(pdf: pydyf.PDF) -> None:
    """PDF/A-3a already asks for tags; say in the metadata, left in plain sight, that the file is PDF/UA-1 as well."""
    claim = PDF_UA.read_bytes() + b"</rdf:RDF>"
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.stream = [chunk.replace(b"</rdf:RDF>", claim) for chunk in item.stream]
            item.compress = False  # so that whoever looks for a fingerprint need not unpack a stranger's file


def main() -> None:
    """Read an order from the standard input, bound this process, write the PDF to the standard output.

    How far it has come goes to the standard error: lines of `progress` and per cent, at last `pages` and their number.
    """
    gc.disable()  # this process ends with its one journal, and looking for garbage is a fifth of its time
    order = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def tell(per_cent: int) -> None:
        sys.stderr.write(f"progress {per_cent}\n")
        sys.stderr.flush()

    steps = logging.getLogger("weasyprint.progress")
    steps.setLevel(logging.INFO)
    steps.addHandler(Progress(tell, expected=order["expected"]))
    pdf, pages = set_pdf(order)
    sys.stderr.write(f"pages {pages}\n")
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
