"""What is done on a screen before it is looked at."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page


def count_papers(page: Page) -> None:
    """Write a word where a number of papers belongs, and be told."""
    page.get_by_role("link", name="Count answers on paper").click()
    page.get_by_label("3", exact=True).fill("many")
    page.get_by_role("button", name="Save the count").click()
    page.get_by_role("alert").wait_for()


def erase(page: Page) -> None:
    """Erase the workshop, and see the certificate."""
    page.get_by_label("Type the workshop").fill(page.locator("#code-hint").inner_text())
    page.get_by_role("button", name="Erase it for good").click()
    page.get_by_role("heading", name="This workshop was erased").wait_for()


def type_another_code(page: Page) -> None:
    """Try to erase the workshop with a code that is not its own."""
    page.get_by_label("Type the workshop").fill("000000")
    page.get_by_role("button", name="Erase it for good").click()
    page.get_by_role("alert").wait_for()


def share(page: Page) -> None:
    """Make a link to the journal, and see it."""
    page.get_by_label("Whom it is for").fill("The lead member for children")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_label("Pass this link on").wait_for()


def verify(fingerprint: str) -> Callable[[Page], None]:
    """Return what asks for a fingerprint, or for nothing."""

    def ask(page: Page) -> None:
        page.get_by_label("Or its fingerprint").fill(fingerprint)
        page.get_by_role("button", name="Verify").click()
        page.locator("#verdict, .alert--error").first.wait_for()

    return ask


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
