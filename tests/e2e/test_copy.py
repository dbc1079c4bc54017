"""A link that is shown once is copied by one press, in every browser; without script it is text to select."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import share
from tests.e2e.browsing import DESK, Visitors
from tests.e2e.rooms import room
from workshops.choices import StageKind


def shared(visitors: Visitors, url: str, **options: object) -> Page:
    """Return the page of signing off in a new browser, with a link that was made just now."""
    here = visitors.installation.arrange(room, 3, StageKind.CLOSED, signed="signed")
    context = visitors.context(viewport=DESK, base_url=url, **options)
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in here.facilitator.items()])
    page = context.new_page()
    page.goto(f"/journal/{here.code}/sign-off/")
    share(page)
    return page


@pytest.mark.parametrize("host", ["127.0.0.1", "midpoint.example.org"])
def test_link_is_copied_by_one_press_and_said_to_be(visitors: Visitors, host: str) -> None:
    """By its number the computer is trusted; a name without TLS is not, and browsers then have the old way only."""
    visitors.allow("foreign request", "Cross-Origin-Opener-Policy")
    page = shared(visitors, visitors.installation.desk_url.replace("127.0.0.1", host))
    assert page.evaluate("isSecureContext") is (host == "127.0.0.1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy the link")
    button.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Copied")
    expect(button).to_be_focused()
    place = page.get_by_label("Whom it is for")
    place.press("Control+v")
    expect(place).to_have_value(page.get_by_label("Pass this link on").input_value()[:80])  # it takes no more


def test_link_without_script_is_text_to_select(visitors: Visitors) -> None:
    page = shared(visitors, visitors.installation.desk_url, java_script_enabled=False)
    expect(page.get_by_label("Pass this link on")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
