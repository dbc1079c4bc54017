"""Networks and disks that get in the way: phone, wall and desk go on, and say so where something was not done."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import DESK, PHONE, WALL, Visitors
from tests.e2e.phones import PhoneRoom, give, is_saved
from tests.faults.proxy import proxy
from tests.workshops.test_live_hub import OldSigner
from workshops.choices import StageKind
from workshops.live import keys
from workshops.models import Workshop

SECOND = "Making progress"
HEARD = 3_000  # milliseconds in which a move reaches a phone, were nothing in the way
QUIET = 41_000  # milliseconds after which a stream that says nothing is given up


def through(
    here: PhoneRoom, port: int, path: str, cookies: dict[str, str], *, clock: bool = False, **options: object
) -> Page:
    """Open a page as it comes through a proxy at this port; with a clock that can be put forward."""
    url = f"http://127.0.0.1:{port}"
    here.visitors.allow(f"foreign request: {url}", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION", "ERR_EMPTY")
    context = here.visitors.context(base_url=url, **options)
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    if clock:
        page.clock.install()
    page.goto(f"/{path}/{here.room.code}/")
    return page


def target(visitors: Visitors) -> int:
    """Return the port of the server."""
    return urlsplit(visitors.installation.url).port or 0


@pytest.mark.parametrize("how", [{"buffers": True}, {"idle": 1.5}], ids=["holds answers back", "drops what is quiet"])
def test_screens_follow_through_a_proxy_that(how: dict[str, object], visitors: Visitors) -> None:
    here = PhoneRoom(visitors)
    with proxy(target(visitors), **how) as between:
        phone = through(here, between.port, "w", here.room.phone, viewport=PHONE)
        wall = through(here, between.port, "wall", here.room.facilitator, viewport=WALL)
        desk = through(here, between.port, "desk", here.room.facilitator, viewport=DESK)
        give(phone, "7", "Two teams began it.")
        is_saved(phone)
        assert here.scores() == [7]
        here.move("open", n=2)
        for screen in (phone, wall, desk):
            expect(screen.get_by_role("heading", level=1)).to_have_text(SECOND)
        here.move("open", StageKind.RAG)
        for screen in (phone, wall, desk):
            expect(screen.get_by_role("heading", level=1)).not_to_have_text(SECOND)
        assert bool(between.dropped) is ("idle" in how)


def test_phone_notices_that_its_stream_was_forgotten(visitors: Visitors) -> None:
    here = PhoneRoom(visitors)
    with proxy(target(visitors)) as between:
        phone = through(here, between.port, "w", here.room.phone, clock=True)
        expect(phone.locator("body")).to_have_attribute("data-live", re.compile("/live/"))
        phone.wait_for_timeout(HEARD)
        between.forget()
        here.move("open", n=2)
        phone.wait_for_timeout(HEARD)
        expect(phone.get_by_role("heading", level=1)).not_to_have_text(SECOND)
        phone.clock.fast_forward(QUIET)
        expect(phone.get_by_role("heading", level=1)).to_have_text(SECOND)


def test_phone_whose_key_has_run_out_loads_its_page_again(visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when its stream breaks after the server's clock was put forward by more than a day."""
    visitors.allow("status 403", "status of 403", "EventSource")
    here = PhoneRoom(visitors)
    phone = here.open(here.phone())
    with monkeypatch.context() as earlier:
        earlier.setattr(keys, "TimestampSigner", OldSigner)
        old = keys.stream_url(Workshop(code=here.room.code), "phone")
    phone.evaluate("old => { document.body.dataset.live = old; window.dispatchEvent(new Event('online')) }", old)
    expect(phone.locator("body")).not_to_have_attribute("data-live", old)
    here.move("open", n=2)
    expect(phone.get_by_role("heading", level=1)).to_have_text(SECOND)


def test_desk_says_what_was_not_done_while_the_database_was_locked(visitors: Visitors) -> None:
    visitors.allow("status 503", "503 (Service Unavailable)", "Response Status Error Code 503")
    here = PhoneRoom(visitors)
    context = visitors.context(viewport=DESK)
    url = visitors.installation.url
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in here.room.facilitator.items()])
    desk = context.new_page()
    desk.goto(f"/desk/{here.room.code}/")
    line = desk.locator("#not-done")
    expect(line).to_be_hidden()
    with closing(sqlite3.connect(visitors.installation.var_dir / "midpoint.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        desk.locator("#act-blank").click()
        expect(line).to_be_visible()
        other.execute("ROLLBACK")
    assert desk.locator("#act-blank").get_attribute("aria-pressed") == "false"
    desk.locator("#act-blank").click()
    expect(desk.locator("#act-blank")).to_have_attribute("aria-pressed", "true")
    expect(line).to_be_hidden()
