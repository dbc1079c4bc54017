"""`python -m tests.e2e.lan`: what Chromium makes of each way in which a phone can reach a laptop in the room.

The addresses are names and numbers that nobody owns, which the browser is told to look for on this machine: it takes
none of them for its own. Prints one line a way, as Markdown.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.installation import Installation

NAME, ADDRESS = "midpoint.example.org", "192.168.7.7"
HEADING = (
    "| the phone opens | warning | presses to the page | secure context | joins, rates, follows | "
    "keeps an answer without network | one tab sends at a time | passkeys |"
)


@dataclass(frozen=True)
class Way:
    """An address, the certificate that the server shows there, and whether the phone knows who issued it."""

    said: str
    host: str
    certificate: str = ""  # "own": signed by itself; "unknown", "known": by an authority
    flags: tuple[str, ...] = ()


WAYS = (
    Way("`http://` and an address", ADDRESS),
    Way("`http://` and a name", NAME),
    Way("the same, in a browser that tries https first", NAME, flags=("--enable-features=HttpsUpgrades",)),
    Way("`https://` and an address, certificate signed by itself", ADDRESS, "own"),
    Way("`https://` and a name, authority made on the laptop", NAME, "unknown"),
    Way("`https://` and a name, authority that the phone knows", NAME, "known"),
)


def main() -> None:
    """Try every way, and print what was seen."""
    sys.stdout.write(f"{HEADING}\n{'|---' * (HEADING.count('|') - 1)}|\n")
    for way in WAYS:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(f"| {way.said} | {' | '.join(look(way, Path(folder)))} |\n")
            sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"\nA phone that insists on https at a port that has none {refused_tls(Path(folder))}\n")


def look(way: Way, folder: Path) -> list[str]:
    """Return what was seen on one way, cell by cell."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.browsing import CHROMIUM, FLAGS

    with served(way, folder) as here, sync_playwright() as playwright:
        flags = [*FLAGS, f"--host-resolver-rules=MAP {way.host} 127.0.0.1", *way.flags]
        home: dict[str, str | float | bool] = {**os.environ, "HOME": str(folder)}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags, env=home)
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        scheme = "https" if way.certificate else "http"
        port = here.url.rpartition(":")[2]
        cells = walk(page, f"{scheme}://{way.host}:{port}", here)
        browser.close()
        return cells


def walk(page: Page, base: str, here: Installation) -> list[str]:
    """Go through a phone's morning at this address; return what was seen. Raises an error at what does not work."""
    from playwright.sync_api import Error, expect

    from tests.e2e.phones import give, is_kept, is_saved, title
    from tests.e2e.rooms import room
    from workshops.choices import StageKind

    workshop = here.arrange(room, 3, at=StageKind.LOBBY)
    warning, presses = "none", 0
    try:
        page.goto(f"{base}/")
    except Error as error:
        said = re.search(r"net::(\w+)", str(error))
        warning = f"`{said[1]}`" if said else str(error)
        page.locator("#details-button").click()
        page.locator("#proceed-link").click()
        presses = 2
    page.get_by_label("Six-digit code").fill(workshop.code)
    page.get_by_role("button", name="Join").click()
    expect(title(page)).to_have_text("You are in")
    here.arrange(open_scale, workshop.code)
    give(page, "7")
    is_saved(page)
    rated = here.arrange(count_scores, workshop.code) == 1
    page.context.set_offline(True)
    give(page, "8")
    is_kept(page)
    page.context.set_offline(False)
    is_saved(page)
    asked = "[isSecureContext, 'locks' in navigator, isSecureContext && 'PublicKeyCredential' in window]"
    secure, locks, passkeys = page.evaluate(asked)
    yes = {True: "yes", False: "no"}
    return [warning, str(presses), yes[secure], yes[rated], "yes", yes[locks], yes[passkeys]]


def open_scale(code: str) -> None:
    """Open the first scale of a workshop."""
    from workshops.choices import StageKind
    from workshops.models import Stage
    from workshops.sessions import open_stage

    open_stage(stage=Stage.objects.filter(workshop__code=code, kind=StageKind.SCALE)[0], user=None)


def count_scores(code: str) -> int:
    """Return how many have rated with a 7."""
    from ratings.models import Score

    return Score.objects.filter(workshop__code=code, value=7).count()


@contextmanager
def served(way: Way, folder: Path) -> Iterator[Installation]:
    """Serve the product with what the way's server shows; a known authority is one that the browser in HOME trusts."""
    from tests.certificates import issue
    from tests.e2e.installation import installed

    env: dict[str, str] = {}
    if way.certificate:
        authority = issue(folder, "A certificate authority", authority=True)
        issued = issue(folder, way.host, by=None if way.certificate == "own" else authority)
        env = {"TLS_CERTIFICATE": str(issued.file), "TLS_KEY": str(issued.key), "PUBLIC_URL": f"https://{way.host}"}
        if way.certificate == "known":
            trust(folder, authority.file)
    (folder / "var").mkdir()
    with installed(folder / "var", processes=1, **env) as here:
        yield here


def trust(home: Path, authority: Path) -> None:
    """Let Chromium trust an authority, where this is its home."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    place = ["certutil", "-d", f"sql:{store}"]
    subprocess.run([*place, "-N", "--empty-password"], check=True)
    subprocess.run([*place, "-A", "-t", "C,,", "-n", "authority", "-i", str(authority)], check=True)


def refused_tls(folder: Path) -> str:
    """Return what becomes of a TLS handshake at a port that speaks http."""
    with served(Way("", NAME), folder) as here:
        begun = time.perf_counter()
        try:
            with socket.create_connection(("127.0.0.1", int(here.url.rpartition(":")[2])), timeout=10) as plain:
                ssl.create_default_context().wrap_socket(plain, server_hostname=NAME)
        except OSError as error:
            return f"is refused after {1000 * (time.perf_counter() - begun):.0f} ms ({type(error).__name__})."
        return "is let in."


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "eip2review.settings"
    django.setup()
    main()
