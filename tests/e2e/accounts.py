"""What people do on the screens of signing in, of their account, and of invitations."""

from __future__ import annotations

from playwright.sync_api import Page


def sign_in_wrongly(page: Page) -> None:
    """Try a name that nobody has."""
    page.context.clear_cookies()
    page.goto("/desk/sign-in/")
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("nothing at all")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def sign_in(page: Page) -> None:
    """Go to the page of signing in, as a stranger."""
    page.context.clear_cookies()
    page.goto("/desk/sign-in/")


def make_a_link(page: Page) -> None:
    """Make an invitation."""
    page.get_by_role("button", name="Make a link").click()
    page.get_by_label("Pass this link on").wait_for()


def follow_a_link(page: Page) -> None:
    """Make an invitation, and follow it as somebody who has no account."""
    make_a_link(page)
    path = page.get_by_label("Pass this link on").evaluate("field => new URL(field.value).pathname")
    page.context.clear_cookies()
    page.goto(path)
