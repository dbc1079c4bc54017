"""What a phone on bad wifi has to carry: a first page and a save, in bytes over the wire, headers aside."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.browsing import Visitors
from tests.e2e.carrying import carry
from tests.e2e.rooms import Room, room
from workshops.choices import StageKind

PAGE, PAGE_WITHOUT_FONTS, SAVE = 60_000, 25_000, 3_000


def rating_page(visitors: Visitors) -> tuple[Page, list[Request]]:
    """Open the rating stage on a phone that was never here; return what the browser asked for."""
    here: Room = visitors.installation.arrange(room, 26, StageKind.SCALE, answered=False)
    context = visitors.context()
    context.add_cookies([{"name": k, "value": v, "url": visitors.installation.url} for k, v in here.phone.items()])
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"/w/{here.code}/")
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    return page, asked


@pytest.mark.parametrize("encoding", ["br, gzip", "gzip"])
def test_first_page_of_a_phone_is_light(encoding: str, visitors: Visitors) -> None:
    _page, asked = rating_page(visitors)
    pieces = {
        request.url.removeprefix(visitors.installation.url): carry(request.url, request.all_headers(), encoding)
        for request in asked
        if "/live/" not in request.url
    }
    for path, size in sorted(pieces.items(), key=lambda piece: -piece[1]):
        print(f"{size:>7,} {path}")  # noqa: T201 (shown when the test fails)
    assert any(path.endswith(".woff2") for path in pieces)
    assert sum(pieces.values()) <= PAGE
    assert sum(size for path, size in pieces.items() if not path.endswith(".woff2")) <= PAGE_WITHOUT_FONTS


def test_save_is_one_light_request(visitors: Visitors) -> None:
    page, asked = rating_page(visitors)
    page.get_by_label("5", exact=True).check()
    page.get_by_label("Your comment").fill("It depends on the day of the week. " * 14)
    expect(page.locator("#names-words[data-ready]")).to_be_attached()  # fetched once, when somebody begins to write
    asked.clear()
    with page.expect_response(lambda response: response.request.method == "POST") as saved:
        page.get_by_role("button", name="Save").click()
    expect(page.locator("#dock .state").get_by_text("Saved")).to_be_visible()
    assert [request.method for request in asked if "/live/" not in request.url] == ["POST"]
    assert 0 < int(saved.value.header_value("content-length") or 0) < SAVE
    assert saved.value.header_value("content-encoding") == "gzip"
