"""The wall is laid out by measure: in a browser no text has more lines than were counted, and no page runs out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from ratings import paging
from ratings.choices import Mark
from ratings.themes import group_comments
from tests import factories
from tests.e2e.browsing import Visitors
from tests.e2e.measures import set_window
from tests.e2e.rooms import LONG_NAME, LONG_WORDS, WORDS, default_edition, session_of
from tests.e2e.screens import SIZES
from workshops.choices import StageKind, WallView
from workshops.models import Scale, Workshop
from workshops.sessions import show_on_wall

TEXTS = (
    *(LONG_WORDS[start : start + length] for start in (0, 150) for length in (5, 40, 77, 113, 150, 188, 240, 280)),
    LONG_NAME,
    f"{LONG_NAME}; yn y pen draw, mae’r tŷ a’r gweithwyr gŵyl yn siŵr o’i gefnogi, ŵyr bach.",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3,
    "See https://www.example.org/children/safety-planning/networks/2026/guide-for-everyone?page=12#networks, page 3",
    "Multi-agency follow-up at 10-day and 3-month reviews - well-known, non-negotiable (long-term) 2019–20.",
    "AVATAR: “To Wye,” we said! 25 % of 1,000 … of 4/5 ; T.Y. V.A. – P.A. LTV? Yes/no/maybe — £3.50, 17°",
    "Families 👨‍👩‍👧‍👦 love it 🎉🎉🎉 and so do we 👍🏽; the plan 🗺️ is theirs ❤️ " * 2,
    "شبكة الأسرة تعرف الخطة وتأتي لتخبرنا بما حدث، والخطة معلقة على باب الثلاجة وليست في الملف.",
    "পরিবারের সবাই পরিকল্পনাটি জানে এবং তারা এসে আমাদের জানায় কী ঘটেছে, সেটি ফাইলে নয়, রান্নাঘরে টাঙানো।",
    "Rodziny mówią własnymi słowami, co zrobią i którego dnia; Çocuklar için güvenlik ağı, iyi işliyor.",
    "one\n\ntwo\nthree " * 6,
    "W" * 150,
    f"{LONG_WORDS} " * 4,
    *WORDS["well"],
    *WORDS["worry"],
    *WORDS["next"],
)
FOREIGN = ("👨", "ش", "প", "ó", "ç")
"""Texts with letters that the wall's fonts lack may be given more than one line too many."""
SETTINGS = {
    ".wall__three--1 li": (paging.ITEM, paging.column_width(1)),
    ".wall__three--2 li": (paging.ITEM, paging.column_width(2)),
    ".wall__three--3 li": (paging.ITEM, paging.column_width(3)),
    ".wall__three--4 li": (paging.ITEM, paging.column_width(4)),
    ".wall__alone": (paging.ALONE, paging.ALONE_WIDTH),
    "[class=anchors] dd": paging.ANCHORS[""],
    ".anchors--long dd": paging.ANCHORS["long"],
    ".anchors--one dd": paging.ANCHORS["one"],
    ".wall__rank--plain span": (paging.IMPERATIVE, paging.PAGE_WIDTH),
    ".wall__rank:not(.wall__rank--plain) li:not(.is-leading) span[dir]": (paging.IMPERATIVE, paging.RANKED_WIDTH),
    ".wall__rank .is-leading span[dir]": (paging.LEADING, paging.RANKED_WIDTH),
}
"""Every text on the wall whose length nobody knows beforehand, and how it is laid out."""
MEASURE = """(selectors) => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), texts = [];
  for (const selector of selectors) for (const each of document.querySelectorAll(selector)) {
    const own = getComputedStyle(each), width = each.getBoundingClientRect().width;
    const beside = parseFloat(own.paddingLeft) + parseFloat(own.borderLeftWidth);
    const range = document.createRange(), rows = [];
    range.selectNodeContents(each);
    for (const box of [...range.getClientRects()].sort((one, other) => one.bottom - other.bottom))
      if (box.width && (!rows.length || box.bottom > rows.at(-1) + rem * .6)) rows.push(box.bottom);
    texts.push({selector, text: each.textContent, lines: rows.length, width: (width - beside) / rem,
      size: parseFloat(own.fontSize) / rem, line: parseFloat(own.lineHeight) / rem, family: own.fontFamily});
  }
  const high = [...document.querySelectorAll(".wall")].map((wall) => wall.getBoundingClientRect().height / innerHeight);
  return {texts, high};
}"""


class Seen(TypedDict):
    """A text as the browser set it; lengths in rem."""

    selector: str
    text: str
    lines: int
    width: float
    size: float
    line: float
    family: str


def faults(seen: Seen) -> Iterator[str]:
    """Say what the browser set otherwise than it was counted."""
    setting, width = SETTINGS[seen["selector"]]
    counted = len(setting.lines(seen["text"], width))
    spare = 9 if any(letter in seen["text"] for letter in FOREIGN) else 1
    if not seen["lines"] <= counted <= seen["lines"] + spare:
        yield f"{seen['text']!r} has {seen['lines']} lines, {counted} were counted in {width} rem"
    if width > seen["width"] + 0.05:
        yield f"{seen['selector']} is {seen['width']} rem wide, not {width}"
    if abs(seen["size"] - setting.size) > 0.001 or seen["line"] > setting.line + 0.001:
        yield f"{seen['selector']} is set in {seen['size']} rem with lines of {seen['line']} rem"
    if setting.face.startswith("serif") != ("Serif" in seen["family"].split(",")[0]):
        yield f"{seen['selector']} is set in {seen['family']}"


def all_pages(of: Workshop, user: User, view: WallView) -> list[str]:
    """Return every page of a view, as the wall fetches it."""
    desk, last = factories.desk(user), 1
    pages: list[str] = []
    while len(pages) < last:
        show_on_wall(workshop=of, view=view, page=len(pages) + 1)
        answer = desk.get(reverse("ratings:wall_picture", args=[of.code]))
        last = answer.context["picture"].pages
        pages.append(answer.content.decode())
    return pages


def see(visitors: Visitors, of: Workshop, user: User, pages: Sequence[str]) -> set[str]:
    """Set pages of the wall in a browser, compare each at every size with what was counted; return the texts seen."""
    page = visitors.page()
    cookies = visitors.installation.arrange(session_of, user)
    page.context.add_cookies(
        [{"name": name, "value": value, "url": visitors.installation.url} for name, value in cookies.items()]
    )
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"/wall/{of.code}/")
    page.evaluate("(pages) => { document.body.innerHTML = pages.join('') }", pages)
    wrong: list[str] = []
    for width, height in SIZES["wall"]:
        set_window(page, width, height)
        measured = page.evaluate(MEASURE, list(SETTINGS))
        assert len(measured["high"]) == len(pages)
        wrong += [f"at {width}: {fault}" for seen in measured["texts"] for fault in faults(seen)]
        wrong += [
            f"at {width}: page {number} is {share:.2f} of the wall"
            for number, share in enumerate(measured["high"], start=1)
            if share > 1.001
        ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
    return {seen["text"] for seen in measured["texts"]}


@pytest.mark.parametrize("marks", [[""], ["", Mark.WELL], Mark.values, ["", *Mark.values]], ids=len)
def test_comments_have_no_more_lines_than_counted(visitors: Visitors, marks: list[str]) -> None:
    def arranged() -> tuple[Workshop, User, list[str]]:
        user = factories.facilitator()
        of = factories.workshop(deliverables=1, by=user)
        for number, text in enumerate(TEXTS):
            factories.comment(of, factories.scale(of), text, mark=marks[number % len(marks)])
        factories.revealed(of, StageKind.SCALE)
        return of, user, all_pages(of, user, WallView.COMMENTS)

    seen = see(visitors, *visitors.installation.arrange(arranged))
    assert {text for text in TEXTS if len(text) < 150} <= seen
    assert any(text.startswith("… ") for text in seen)


def test_themes_with_long_names_fit(visitors: Visitors) -> None:
    def arranged() -> tuple[Workshop, User, list[str]]:
        user = factories.facilitator()
        of = factories.workshop(deliverables=1, by=user)
        scale = factories.scale(of)
        ids = [factories.comment(of, scale, text).pk for text in TEXTS]
        for start, name in enumerate((LONG_NAME[:80], "Time", "W" * 80, "What helps families most of all")):
            group_comments(workshop=of, deliverable=scale.deliverable, comments=ids[start::5], name=name)
        factories.revealed(of, StageKind.SCALE)
        return of, user, all_pages(of, user, WallView.THEMES)

    seen = see(visitors, *visitors.installation.arrange(arranged))
    assert {text for text in TEXTS if len(text) < 150} <= seen


def test_anchors_have_no_more_lines_than_counted(visitors: Visitors) -> None:
    def arranged() -> tuple[Workshop, User, list[str]]:
        user = factories.facilitator()
        scales = [scale for each in default_edition().deliverables.all() for scale in each.scales.all()]
        words = [(scale.anchor_ten, scale.anchor_zero) for scale in scales]
        of = factories.workshop(deliverables=1, by=user)
        pages = []
        factories.opened(of, StageKind.SCALE)
        for length in (0, 300, 400, 600, 1500):
            for pair in words:
                ten, zero = (((f"{text} " * 40)[:length] or text).strip() for text in pair)
                Scale.objects.filter(pk=factories.scale(of).pk).update(anchor_ten=ten, anchor_zero=zero)
                pages += all_pages(of, user, WallView.QUESTION)
        return of, user, pages

    seen = see(visitors, *visitors.installation.arrange(arranged))
    assert len(seen) > 5 * 6 * 2


@pytest.mark.parametrize("voted", [False, True])
def test_imperatives_have_no_more_lines_than_counted(visitors: Visitors, voted: bool) -> None:
    def arranged() -> tuple[Workshop, User, list[str]]:
        user = factories.facilitator()
        of = factories.workshop(deliverables=1, by=user)
        for text in TEXTS:
            factories.imperative(of, text)
        factories.revealed(of, StageKind.IMPERATIVES)
        if voted:
            factories.revealed(of, StageKind.PRIORITIES)
        return of, user, all_pages(of, user, WallView.IMPERATIVES)

    seen = see(visitors, *visitors.installation.arrange(arranged))
    assert {text for text in TEXTS if len(text) < 300} <= seen
