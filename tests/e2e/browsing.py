"""A real Chromium, and everything that goes wrong in its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.e2e.installation import Installation

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP midpoint.example.org 127.0.0.1",
]
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
"""What a browser says when there is no network, as it should."""
PATIENCE = 30_000
"""Milliseconds that a page is given for anything: a busy machine may stand still for several seconds anywhere."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}
WALL = {"width": 1280, "height": 720}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser; while it runs, this thread has an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Visitors:
    """Opens browsers, each with cookies of its own, and notes what goes wrong in any page of them."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self.installation = installation
        self.troubles: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._allowed: list[str] = []

    def context(self, **options: Any) -> BrowserContext:
        """Return a new browser, as large as a phone unless told otherwise."""
        options = {"base_url": self.installation.url, "viewport": PHONE, "reduced_motion": "reduce", **options}
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._on_console)
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)
        context.on("weberror", lambda error: self.troubles.append(f"error: {error.error}"))
        self._contexts.append(context)
        return context

    def page(self, **options: Any) -> Page:
        """Return a page of a new browser."""
        return self.context(**options).new_page()

    def forget(self) -> None:
        """Begin anew: no cookie, one empty page in each browser, no trouble, and with a network."""
        for context in self._contexts:
            context.set_offline(False)
            context.clear_cookies()
            first, *others = context.pages
            for page in others:
                page.close()
            first.unroute_all()
            first.goto("about:blank")
        self.troubles.clear()
        self._allowed.clear()

    def allow(self, *parts: str) -> None:
        """Expect troubles whose text contains one of these."""
        self._allowed += parts

    def close(self) -> None:
        """Close every browser."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def unexpected(self) -> list[str]:
        """Return what went wrong and was not expected."""
        return [trouble for trouble in self.troubles if not any(part in trouble for part in self._allowed)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request: Request) -> None:
        ours = tuple(f"{url}/" for url in self.installation.urls)
        if not request.url.startswith((*ours, "data:", "blob:")):
            self.troubles.append(f"foreign request: {request.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure == "net::ERR_ABORTED":  # the page itself left, or let go of its event stream
            return
        self.troubles.append(f"failed request: {request.method} {urlsplit(request.url).path} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"status {response.status}: {response.request.method} {urlsplit(response.url).path}")
