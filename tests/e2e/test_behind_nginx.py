"""A phone in a real browser, over TLS and HTTP/2 through nginx as it is shipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from tests.deployment.proxies import APP, nginx
from tests.e2e.browsing import Visitors
from tests.e2e.installation import Installation, installed
from tests.e2e.phones import FOLLOWS, PhoneRoom, give, is_kept, is_saved, title

TABS = 8
"""More than the six connections that a browser opens to a host over HTTP/1.1."""
AWAY = ("ERR_", "status 502", "status of 502", "EventSource")
"""What a browser says while the server is away."""


@pytest.fixture
def behind_nginx(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """One process as docs/deployment.md sets it up, reached through nginx alone."""
    with (
        django_db_blocker.unblock(),
        installed(tmp_path_factory.mktemp("var"), processes=1, **APP) as installation,
        nginx(tmp_path_factory.mktemp("nginx"), installation.ports) as proxy,
    ):
        installation.urls = (proxy.url,)
        installation.url = installation.desk_url = proxy.url
        yield installation


@pytest.mark.parametrize("visitors", ["behind_nginx"], indirect=True)
def test_phone_joins_rates_and_follows_while_the_server_is_replaced(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    context = visitors.context(ignore_https_errors=True)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Six-digit code").fill(room.room.code)
    page.get_by_role("button", name="Join").click()
    give(page, "7")
    is_saved(page)
    protocol = "performance.getEntriesByType('navigation')[0].nextHopProtocol"
    assert (page.evaluate("isSecureContext"), page.evaluate(protocol)) == (True, "h2")
    cookies = [cookie for cookie in context.cookies() if cookie["value"]]
    assert cookies
    assert all(cookie["secure"] for cookie in cookies)
    visitors.allow(*AWAY)
    with visitors.installation.away():
        give(page, "4")
        is_kept(page)
    is_saved(page)
    room.move("open", n=2)
    expect(title(page)).to_have_text("Making progress", timeout=FOLLOWS)
    assert room.scores() == [4]


@pytest.mark.parametrize("visitors", ["behind_nginx"], indirect=True)
def test_eight_tabs_of_one_browser_follow(visitors: Visitors) -> None:
    room = PhoneRoom(visitors)
    context = room.phone(ignore_https_errors=True)
    tabs: list[Page] = [room.open(context) for _ in range(TABS)]
    room.move("open", n=2)
    for tab in tabs:
        expect(title(tab)).to_have_text("Making progress", timeout=FOLLOWS)
