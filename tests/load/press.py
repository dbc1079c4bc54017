"""How long and how much memory the press takes, beside WeasyPrint alone with the same page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.servers import ROOT

SIZES = {60: (60, 3, 30), 600: (120, 6, 60), 3000: (500, 6, 400)}
"""By how many comments a journal has: its people, deliverables and imperatives."""
PLAIN = """
import json, pathlib, sys
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

order = json.load(sys.stdin)

class Assets(URLFetcher):
    def fetch(self, url, headers=None):
        name = url.partition(":")[2]
        if name in order["fonts"]:
            font = pathlib.Path(order["fonts"][name]).read_bytes()
            return URLFetcherResponse(url, font, {"Content-Type": "font/ttf"})
        return URLFetcherResponse(url, order["pictures"][name].encode(), {"Content-Type": "image/svg+xml"})

assets, fonts = Assets(allowed_protocols=["asset"]), FontConfiguration()
style = CSS(filename=sys.argv[1], font_config=fonts, url_fetcher=assets)
HTML(string=order["html"], url_fetcher=assets).write_pdf(sys.argv[2], stylesheets=[style], font_config=fonts)
"""
"""WeasyPrint as anybody would call it with the same page, style and fonts as they come; no tags, no attachments."""


@dataclass
class Pressing:
    """What setting one journal took: seconds as they passed, seconds of the processor, megabytes at most."""

    seconds: float
    processor: float
    megabytes: float


def order_of_size(comments: int) -> dict[str, Any]:
    """Return the order for a journal with so many comments, bounded as the press bounds it."""
    from ratings.journal.press import MEMORY, SECONDS, order_of
    from tests.ratings.journal.shapes import Shape, journal_of

    people, deliverables, imperatives = SIZES[comments]
    shape = replace(Shape(), comments=comments, people=people, deliverables=deliverables, imperatives=imperatives)
    return order_of(journal_of(shape)).body | {"seconds": SECONDS, "memory": MEMORY}


def press(order: dict[str, Any]) -> Pressing:
    """Set an order as the product does, in a process of its own."""
    from ratings.journal.fonts import write_fontconfig
    from ratings.journal.press import MODULE

    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"FONTCONFIG_FILE": str(write_fontconfig(Path(folder))), "SOURCE_DATE_EPOCH": "0"}
        return _timed(["-m", MODULE], order, env)


def plain(order: dict[str, Any]) -> Pressing:
    """Set the same page with WeasyPrint alone."""
    from ratings.journal.fonts import FACES, face

    fonts = {name: str(face(name)) for name in FACES}
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-c", PLAIN, str(ROOT / "ratings" / "journal" / "print.css"), f"{folder}/plain.pdf"]
        return _timed(arguments, order | {"fonts": fonts}, dict(os.environ))


TIMED = """
import resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
"""A process whose only child is what is measured, so that its largest size is that of this one."""


def _timed(arguments: list[str], order: dict[str, Any], env: dict[str, str]) -> Pressing:
    command = [sys.executable, "-c", TIMED, sys.executable, *arguments]
    done = subprocess.run(
        command, input=json.dumps(order), cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    status, *figures = done.stdout.split()
    if status != "0":
        raise RuntimeError(f"not set: exit {status}")
    return Pressing(*map(float, figures))
