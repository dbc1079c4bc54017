"""A passkey, given and used in a real browser with a made-up authenticator; the password goes on working without it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.browsing import DESK, Visitors
from tests.e2e.measures import faults, violations
from tests.e2e.people import PASSWORD, facilitator
from tests.e2e.screens import SIZES
from workshops.models import Workshop

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def arranged() -> Workshop:
    """Return a workshop of somebody who has an account."""
    return factories.workshop(by=facilitator("ann-with-a-passkey"))


def fits(page: Page) -> None:
    """See that the page fits every size of a desk and that axe finds nothing wrong."""
    wrong = violations(page)
    for width, height in SIZES["desk"]:
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"at {width} px: {fault}" for fault in faults(page, "desk")]
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    assert wrong == []


def test_passkey_is_added_and_lets_in_alone_and_as_a_second_step(visitors: Visitors) -> None:
    visitors.allow("foreign request")  # a passkey needs the name of this computer, not its number
    visitors.installation.arrange(arranged)
    here = visitors.installation.desk_url.replace("127.0.0.1", "localhost")
    page = visitors.page(viewport=DESK, base_url=here)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def type_password() -> None:
        page.get_by_label("User name").fill("ann-with-a-passkey")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_out() -> None:
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Facilitator sign-in")).to_be_visible()

    page.goto("/desk/account/passkeys/new/")
    type_password()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Passkeys cannot be used here")).to_be_hidden()
    fits(page)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    fits(page)
    page.goto("/desk/account/app/")
    expect(page.get_by_role("heading", name="Codes from an app")).to_be_visible()
    fits(page)
    sign_out()

    page.goto("/desk/sign-in/?next=/desk/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    fits(page)
    sign_out()

    page.goto("/desk/")
    type_password()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Workshops", exact=True)).to_be_visible()
    assert visitors.unexpected() == []


def test_passkey_is_not_offered_where_there_can_be_none(visitors: Visitors) -> None:
    page = visitors.page(viewport=DESK)
    page.goto("/desk/sign-in/")
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
