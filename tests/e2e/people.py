"""The people of a morning and what they do on their screens: a facilitator at the desk, a wall, phones."""

from __future__ import annotations

import io
import re
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pypdf import PdfReader

from tests.e2e.browsing import PATIENCE

NOTHING_WAITS = "() => !Object.keys(localStorage).some((key) => key.includes('/send/'))"
"""Whether the server has confirmed all that was given on a phone."""
LONG = 120_000
"""Milliseconds that a journal may take until it is there."""
PASSWORD = "a long way round 7"


def facilitator(name: str) -> User:
    """Write a user who signs in with the password above."""
    user = User.objects.create(username=name)
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-the-test")
    user.save()
    return user


@dataclass
class Desk:
    """The facilitator's page."""

    page: Page

    def sign_in(self, name: str) -> None:
        self.page.goto("/desk/")
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def plan(self, *, review: str, organisation: str, groups: tuple[str, ...]) -> str:
        """Plan a workshop; return its join code."""
        self.page.get_by_role("link", name="New workshop").click()
        self.page.get_by_label("Review").select_option(label=review)
        self.page.get_by_label("Organisation").fill(organisation)
        self.page.get_by_label("Venue").fill("Harbour Hall")
        self.page.get_by_label("Groups").fill("\n".join(groups))
        self.page.get_by_role("button", name="Plan it").click()
        expect(self.title).to_have_text("Lobby")
        return self.page.url.rstrip("/").rsplit("/", 1)[-1]

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def tally(self) -> Locator:
        return self.page.locator("#tally p").first

    def open_wall(self) -> Wall:
        """Open the wall in a window of its own."""
        with self.page.context.expect_page() as opened:
            self.page.get_by_role("link", name="Open the wall").click()
        return Wall(opened.value)

    def go_on(self, title: str) -> None:
        """Open the next stage, which has this title."""
        self.page.locator("#act-next").click()
        expect(self.title).to_have_text(title)

    def close(self) -> None:
        """Close the workshop: asked for, and confirmed."""
        self.page.get_by_role("link", name="Close the workshop").click()
        expect(self.title).to_have_text("Close the workshop?")
        self.page.get_by_role("button", name="Close the workshop now").click()
        expect(self.title).to_have_text("This workshop is closed")

    def go_back(self, title: str) -> None:
        """Open the stage before, which has this title."""
        self.page.locator("#act-back").click()
        expect(self.title).to_have_text(title)

    def reveal(self) -> None:
        self.page.get_by_role("button", name="Reveal to the room").click()
        expect(self.page.get_by_role("button", name="Take it down")).to_be_visible()

    def take_down(self) -> None:
        self.page.get_by_role("button", name="Take it down").click()
        expect(self.page.get_by_role("button", name="Reveal to the room")).to_be_visible()

    def show(self, view: str) -> None:
        """Choose what the wall shows of this stage."""
        button = self.page.get_by_role("button", name=view, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    def show_comment(self, words: str) -> None:
        """Let the wall show a comment."""
        comment = self.page.get_by_role("listitem").filter(has=self.page.get_by_text(words))
        comment.get_by_role("button", name="Show").click()
        expect(comment).to_contain_text("Shown")

    def read_journal(self) -> None:
        """Open the journal on screen, once the workshop is closed."""
        self.page.get_by_role("link", name="Read the journal").click()
        expect(self.page.get_by_role("link", name="PDF").first).to_be_visible()

    def download_journal(self) -> PdfReader:
        """Return the PDF of the journal that is on screen: at once, or from the page that says how far it is."""
        with self.page.expect_download(timeout=LONG) as download:
            with self.page.expect_response("**/journal.pdf", timeout=LONG) as answer:
                self.page.get_by_role("link", name="PDF").first.evaluate("link => link.click()")  # does not wait for it
            if answer.value.status == 202:
                expect(self.page.get_by_role("heading", name="The journal is being printed")).to_be_visible()
                self.page.get_by_role("link", name="Download the PDF").click(timeout=LONG)
        return PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))


@dataclass
class Wall:
    """What the room sees."""

    page: Page

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def chart(self) -> Locator:
        return self.page.locator("figure.plot [data-chart]")

    def text(self) -> str:
        """Return every word on the wall, those for screen readers too."""
        return " ".join((self.main.text_content() or "").split())


@dataclass
class Phone:
    """A participant's phone. Without script it follows by its links."""

    page: Page
    script: bool = True
    followed: list[float] = field(default_factory=list)
    """How many seconds after the desk this phone was there, each time that the question was pushed to it."""

    def join(self, code: str, group: str) -> None:
        """Type the code on the start page, choose a group, and join."""
        self.page.goto("/")
        self.page.get_by_label("Six-digit code").fill(f"{code[:3]} {code[3:]}")
        self.page.get_by_role("button", name="Join").click()
        self.page.get_by_label(group).check()
        self.page.get_by_role("button", name="Join").click()
        expect(self.title).to_have_text("You are in")

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def saved(self) -> Locator:
        return self.page.locator("#dock .state").get_by_text("Saved")

    def arrive(self, title: str, *, pushed: bool = True) -> None:
        """Be at the stage with this title, which the desk has just opened: by itself, without script by a link.

        A question that is not pushed is fetched by each phone at a time of its own within a second.
        """
        self._follow(self.title, re.compile(f"^{re.escape(title)}$"), pushed=pushed)

    def look_up(self) -> None:
        """Be told to look at what the room sees: by itself, without script by a link."""
        words = re.compile("The room is looking at the answers|The answers are on the wall")
        self._follow(self.page.locator("main"), words, pushed=True)

    def _follow(self, where: Locator, words: re.Pattern[str], *, pushed: bool) -> None:
        begun = time.monotonic()
        link = self.page.get_by_role("link", name="Check for the")
        while not self.script and not words.search((where.text_content() or "").strip()):
            assert time.monotonic() < begun + PATIENCE / 1000, f"the links do not lead to {words.pattern}"
            with suppress(PlaywrightTimeout):  # the page has just gone on by itself, as it does while nothing is asked
                link.click(timeout=3_000)
        expect(where).to_contain_text(words)
        if self.script and pushed:
            self.followed.append(time.monotonic() - begun)

    def rate(self, label: str, comment: str = "", mark: str = "") -> None:
        """Choose a rating by its label, comment if there are words, and save."""
        self.page.get_by_label(label, exact=not label.startswith("I ")).check()
        if comment:
            self.page.get_by_label("Your comment").fill(comment)
        if mark:
            self.page.get_by_label(mark).check()
        self.save()

    def judge(self, colour: str) -> None:
        """Give a RAG rating and save."""
        self.page.get_by_role("radio", name=colour).check()
        self.save()

    def name(self, first: str, second: str = "") -> None:
        """Name one or two imperatives and save."""
        self.page.get_by_label("One thing that must happen").fill(first)
        self.page.get_by_label("A second, if you need it").fill(second)
        self.page.get_by_role("group", name="Imperative 1").get_by_role("checkbox").first.check()
        self.save()

    def vote(self, *words: str) -> None:
        """Place a dot on each of these imperatives and save."""
        for each in words:
            self.page.get_by_role("checkbox", name=each).check()
        self.save()

    def save(self) -> None:
        """Press the button, and be told that this answer is saved, not one before it."""
        with nullcontext() if self.script else self.page.expect_navigation():
            self.page.get_by_role("button", name="Save").click()
        if self.script:
            self.page.wait_for_function(NOTHING_WAITS)
        expect(self.saved).to_be_visible()
