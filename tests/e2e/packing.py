"""What is done at the desks on the way of a workshop from one installation to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.acts import erase


def passphrase(page: Page) -> None:
    """Seal the workshop, and see the passphrase of its file."""
    page.get_by_role("button", name="make a passphrase").click()
    page.locator("#passphrase").wait_for()


def pack(page: Page) -> None:
    """Download the file, and see the desk of the copy that is left."""
    passphrase(page)
    _download(page)
    page.get_by_role("link", name="Run", exact=True).click()
    page.get_by_text("Packed on").wait_for()


def carry_along(page: Page) -> None:
    """Download the file, erase the workshop, and take it in again: another installation looks the same."""
    passphrase(page)
    told, file = page.locator("#passphrase").inner_text(), _download(page)
    page.get_by_role("link", name="Take out or erase what is held").click()
    erase(page)
    page.goto("/desk/take-in/")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_label("Its passphrase").fill(told.lower())
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("heading", name="Taken in").wait_for()


def _download(page: Page) -> Path:
    """Return where the packed workshop was downloaded to."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    return download.value.path()


CARRYING: dict[str, Callable[[Page], None] | None] = {
    "carry": None,
    "carry-passphrase": passphrase,
    "carried": pack,
    "taken-in": carry_along,
}
"""The screens that begin where a workshop is packed, and what is done there."""
