"""A phone in a room whose stages the test moves, and what the server has of its answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from ratings.models import Comment, Score
from tests import factories
from tests.e2e.browsing import PATIENCE, Visitors
from tests.e2e.rooms import Room, room
from workshops.choices import StageKind
from workshops.models import Stage, Workshop
from workshops.sessions import open_stage, reveal_stage, take_down

OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_NETWORK_CHANGED")
FOLLOWS = PATIENCE  # until a phone has followed, its own fetch included
SENT = """new MutationObserver(() => {
  const line = document.querySelector("#sent");
  if (line && line.textContent) window.sentLine = line.textContent;
}).observe(document, { childList: true, characterData: true, subtree: true });"""
"""Notes in `window.sentLine` what a phone says of answers sent without their question: it says so for a while only."""
WORDS = "Two teams began it, and the third asked to see."

MOVES: dict[str, Callable[..., None]] = {"open": open_stage, "reveal": reveal_stage, "take down": take_down}


class PhoneRoom:
    """A room of people at the first scale, of whom one has this phone; nobody has answered there yet."""

    def __init__(self, visitors: Visitors, people: int = 3, **where: Any) -> None:
        self.visitors = visitors
        self.room: Room = visitors.installation.arrange(
            lambda: room(people, **{"at": StageKind.SCALE, "answered": False, **where})
        )
        visitors.allow(*OFFLINE)

    def phone(self, *scripts: str, **options: Any) -> BrowserContext:
        """Return the browser of the phone; the scripts run before those of each page."""
        context = self.visitors.context(**options)
        url = self.visitors.installation.url
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in self.room.phone.items()])
        for script in scripts:
            context.add_init_script(script)
        return context

    def open(self, context: BrowserContext) -> Page:
        """Show the phone's page in a new tab."""
        page = context.new_page()
        page.goto(f"/w/{self.room.code}/")
        return page

    def move(self, move: str, kind: StageKind = StageKind.SCALE, *, n: int = 1) -> None:
        """Move the n-th stage of a kind, as the desk would; the server tells its screens within two seconds."""

        def moved() -> None:
            of = Workshop.objects.get(code=self.room.code)
            MOVES[move](stage=factories.stage(of, kind, n=n), user=None)

        self.visitors.installation.arrange(moved)

    def others(self, *values: int) -> None:
        """Have further people answer the first scale, each with a value, so that there is a picture to reveal."""

        def answered() -> None:
            of = Workshop.objects.get(code=self.room.code)
            factories.scores(of, factories.scale(of), *values)

        self.visitors.installation.arrange(answered)

    def scores(self, *, n: int = 1) -> list[int | None]:
        """Return every score that the server has on the n-th scale."""

        def values() -> list[int | None]:
            stage = self._stage(n)
            return list(
                Score.objects.filter(workshop=stage.workshop, scale=stage.scale).values_list("value", flat=True)
            )

        return self.visitors.installation.arrange(values)

    def comments(self, *, n: int = 1) -> list[str]:
        """Return every comment that the server has on the n-th scale."""

        def texts() -> list[str]:
            stage = self._stage(n)
            return list(
                Comment.objects.filter(workshop=stage.workshop, scale=stage.scale).values_list("text", flat=True)
            )

        return self.visitors.installation.arrange(texts)

    def _stage(self, n: int) -> Stage:
        return factories.stage(Workshop.objects.get(code=self.room.code), StageKind.SCALE, n=n)


def give(page: Page, score: str, words: str = "") -> None:
    """Choose a score, type a comment if there are words, and press the button."""
    page.get_by_label(score, exact=True).check()
    if words:
        page.get_by_label("Your comment").fill(words)
    page.locator("#dock button").click()


def state(page: Page) -> Locator:
    """Return the line that says what became of the answer."""
    return page.locator("#dock .state")


def title(page: Page) -> Locator:
    """Return what the phone asks now."""
    return page.get_by_role("heading", level=1)


def keeps_nothing(page: Page) -> None:
    """See that nothing is left in the phone's storage, once what is under way has arrived and been confirmed."""
    page.wait_for_function("() => !localStorage.length")


def is_kept(page: Page) -> None:
    """See that the answer waits on the phone, and that nothing says it was saved."""
    expect(state(page)).to_contain_text("Kept on this phone.")
    expect(page.get_by_role("button", name="Try to send now")).to_be_visible()
    expect(page.get_by_text("Saved at")).to_have_count(0)


def is_saved(page: Page) -> None:
    """See that the server confirmed the answer, and that nothing is kept any more."""
    keeps_nothing(page)  # first: the state may still speak of an answer before
    expect(state(page)).to_contain_text("Saved")


def was_told(page: Page, line: str) -> None:
    """See that the phone said this of answers sent without their question; its browser notes it with SENT."""
    page.wait_for_function("(line) => window.sentLine === line", arg=line)


def stand_still(page: Page) -> None:
    """Stop the timers of a page, so that it tries nothing again by itself, until `page.clock` lets them run."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))


class Held:
    """What the pages of a phone ask for at an address, kept on its way until it is let go."""

    def __init__(self, page: Page, url: str) -> None:
        self._routes: list[Route] = []
        self._over = False
        page.route(url, lambda route: self._take(route))

    def let_go(self) -> None:
        """Let go what was kept, and let everything pass from now on."""
        self._over = True
        for route in self._routes:
            route.continue_()

    def _take(self, route: Route) -> None:
        if self._over:
            route.continue_()
        else:
            self._routes.append(route)


def hold_back(route: Route) -> None:
    """Keep an event stream from the phone, as a proxy that buffers does; let a poll through."""
    if "application/json" in route.request.headers.get("accept", ""):
        route.continue_()
