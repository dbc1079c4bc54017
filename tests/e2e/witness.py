"""What screens showed while nobody looked: a phone's stages and a wall's pictures, noted in the page with the time.

Pages and server run on one machine, so their times can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

from workshops.choices import Move, StageState
from workshops.models import StageMove

ON_PHONE = """(() => {
  window.followed = [];
  let shown = "";
  const note = (stage) => window.followed.push([stage, Date.now() / 1000]);
  document.addEventListener("stage", ({ detail }) => note(detail.stage), true); // before the page itself hears of it
  new MutationObserver(() => {
    const card = document.querySelector("#card");
    if (card && card.dataset.stage !== shown) note(shown = card.dataset.stage);
  }).observe(document, { childList: true, subtree: true });
})()"""
ON_WALL = """(() => {
  window.pictures = [];
  let last = "";
  new MutationObserver(() => {
    const wall = document.querySelector("#wall"), html = wall ? wall.outerHTML : "";
    if (!wall || html === last) return;
    last = html;
    const charts = wall.querySelectorAll("figure.plot").length;
    const heading = (wall.querySelector("h1") || wall).textContent.trim();
    window.pictures.push([Date.now() / 1000, heading, wall.textContent.replace(/\\s+/g, " "), charts, html]);
  }).observe(document, { childList: true, subtree: true, characterData: true });
})()"""


@dataclass(frozen=True)
class Opening:
    """A stage coming on or being revealed: its key on phones, and when, in seconds since the epoch."""

    key: str
    at: float


@dataclass(frozen=True)
class Picture:
    """What a wall showed, and since when, in seconds since the epoch."""

    at: float
    heading: str
    text: str
    charts: int
    html: str


def openings(code: str) -> list[Opening]:
    """Return what phones were to show after the lobby, in order. Only for sessions that never go back."""
    states = {Move.OPEN: StageState.OPEN, Move.REVEAL: StageState.REVEALED}
    moves = StageMove.objects.filter(stage__workshop__code=code, move__in=states).order_by("pk")
    return [Opening(f"{each.stage_id}-{states[Move(each.move)]}", each.at.timestamp()) for each in moves]


def check_order(page: Page, session: list[Opening]) -> None:
    """See that a phone, having shown or been told of a stage, never again showed or heard of an earlier one."""
    places = {opening.key: place for place, opening in enumerate(session, start=1)}
    seen = [places.get(key, 0) for key, _at in page.evaluate("window.followed")]
    assert seen == sorted(seen)
    assert seen[-1] == len(session)


def lags(page: Page, session: list[Opening]) -> list[float]:
    """Return how many seconds after each move since it joined a phone showed it, or something newer."""
    places = {opening.key: place for place, opening in enumerate(session, start=1)}
    noted = [(places.get(key, 0), at) for key, at in page.evaluate("window.followed")]
    found = []
    for place, opening in enumerate(session, start=1):
        if place > noted[0][0]:
            found.append(next(at for seen, at in noted if seen >= place) - opening.at)
    return found


def pictures(page: Page) -> list[Picture]:
    """Return all that a wall has shown, in order."""
    return [Picture(*noted) for noted in page.evaluate("window.pictures")]
