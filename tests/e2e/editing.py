"""What is done on the pages on which a journal is edited, to see them in their states."""

from __future__ import annotations

from playwright.sync_api import Page

WORDS = (
    "We met on a morning in May to look at what was promised and what has moved.",
    "This journal keeps what was said, in the words it was said in.",
)


def see_the_pages(page: Page) -> None:
    """Write an introduction and a term, save, and wait for the pages."""
    page.get_by_label("Introduction").fill("\n\n".join(WORDS))
    page.get_by_label("Term").first.fill("RAG")
    page.get_by_label("Meaning").first.fill("Red, amber, green: one overall judgement from each person.")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Saved.", exact=False).first.wait_for()
    page.locator(".sheets__page").first.wait_for(timeout=150_000)


def edit_too_late(page: Page) -> None:
    """Save after somebody else has."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Introduction").fill(" ".join(WORDS * 6))
    other.get_by_label("Term").first.fill("Ongoing")
    other.get_by_label("Meaning").first.fill("What goes on for as long as anybody can remember " * 8)
    other.get_by_role("button", name="Save").first.click()
    other.get_by_text("Saved.", exact=False).first.wait_for()
    other.close()
    page.get_by_label("Introduction").fill("Write to ann@example.org")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("alert").wait_for()


def choose_quotes(page: Page) -> None:
    """Set two comments on the first deliverable large, and move one."""
    page.get_by_role("navigation", name="Parts of the journal").get_by_role("link").nth(1).click()
    for box in page.get_by_label("Set large").all()[:2]:
        box.check()
    page.get_by_role("button", name="Down").first.click()
    page.get_by_text("Saved.", exact=False).first.wait_for()


def choose_too_many(page: Page) -> None:
    """Set four comments on the first deliverable large."""
    page.get_by_role("navigation", name="Parts of the journal").get_by_role("link").nth(1).click()
    for box in page.get_by_label("Set large").all()[:4]:
        box.check()
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("alert").wait_for()
