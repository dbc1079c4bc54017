"""What is done on a screen before it is looked at."""

from collections.abc import Callable

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


def mistype_wifi(page: Page) -> None:
    """Type half of the wifi's password, and be told."""
    page.get_by_label("Name of the wifi").fill("Harbour Hall Guest")
    page.get_by_label("Password of the wifi").fill("sea")
    page.get_by_role("button", name="Save").click()
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
