"""A person played by the computer: joins, and answers what the phone's page asks, from a temper of their own."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import cycle
from urllib.parse import urljoin, urlsplit

from ratings.choices import VOTES_EACH
from ratings.rehearsing.browser import Browser, Page, WebForm
from workshops.joining import cookie_name

COMMENTS = 0.6  # how many in a room say why
HIGHER = 0.4  # how many say what one point higher would look like, where that is asked
NAMES_ONE = 0.5  # how many name an imperative
NAMES_TWO = 0.2  # of those, how many name a second
CANT_SAY = 0.06
AS_IT_IS = "as_it_is"  # the button that sends words in which the server has found a possible name
SPREAD = 1.4  # of one person's scores, in points

Answers = Mapping[str, Sequence[str]]


class NotJoined(Exception):
    """The server did not let this person in."""


class Words:
    """Sentences to say, by kind (`well`, `worry`, `next`, `plain`, `imperatives`), dealt so that repeats come late."""

    def __init__(self, sentences: Mapping[str, Sequence[str]], chance: random.Random) -> None:
        self._decks = {kind: cycle(chance.sample(list(said), len(said))) for kind, said in sentences.items()}

    def deal(self, kind: str) -> str:
        """Return the next sentence of a kind."""
        return next(self._decks[kind])


class Player:
    """One person with a phone. Every method raises OSError when the server does not answer."""

    def __init__(self, *, server: str, code: str, words: Words, chance: random.Random) -> None:
        """`server` is the address that all pages stand under; `chance` decides everything this person does."""
        self.code = code
        self.browser = Browser()
        self._server = server.rstrip("/") + "/"
        self._words = words
        self._chance = chance
        self._temper = chance.gauss(0, 1.1)
        self._door: Page | None = None
        self._looked_at: set[str] = set()  # of questions that are open all at once

    def join(self) -> str:
        """Join, picking a group where there are some; return the token that the phone now keeps. Raises NotJoined.

        Joining again, when no answer came, sends the same page's form: the server lets one phone in once.
        """
        page = self._door = self._door or self.browser.get(urljoin(self._server, f"join/{self.code}/"))
        form = next((form for form in page.forms if "ticket" in form), None)
        if form is not None:
            groups = form.choices("group")
            self.browser.submit(page, form, {"group": [self._chance.choice(groups)]} if groups else {})
        token = self.browser.cookie(cookie_name(self.code))
        if token is None:
            raise NotJoined(self.code)
        return token

    def look(self) -> Page:
        """Look at the phone."""
        return self.browser.get(urljoin(self._server, f"w/{self.code}/"))

    def next_question(self, page: Page) -> str:
        """Return the first question that this person has not looked at, of those open at once; "" for none."""
        return next((link for link in page.questions if link not in self._looked_at), "")

    def answer(self) -> str:
        """Answer what is asked now, else the next of all questions; return the stage answered.

        "" when nothing is asked, when this person keeps silent, and when the answer came too late.
        """
        page = self.look()
        question = self.next_question(page)
        if question:
            self._looked_at.add(question)
            page = self.browser.get(urljoin(page.url, question))
        form = page.stage_form
        answers = self._think(form) if form is not None else None
        if form is None or answers is None:
            return ""
        came_back = self.browser.submit(page, form, answers)
        again = came_back.stage_form
        if again is not None and AS_IT_IS in again:  # it may name somebody, and this person means it
            came_back = self.browser.submit(came_back, again, {AS_IT_IS: ["1"]})
        return form.stage if urlsplit(came_back.url).path == f"/w/{self.code}/" else ""

    def _think(self, form: WebForm) -> Answers | None:
        """Return what this person says to a form; None for nothing."""
        if "text_1" in form:
            return self._name_imperatives(form)
        if "imperative" in form:
            on_offer = form.choices("imperative")
            return {"imperative": self._chance.sample(on_offer, min(VOTES_EACH, len(on_offer)))}
        if "higher" in form:
            return {"higher": [self._words.deal("next")]} if self._chance.random() < HIGHER else None
        if "value" in form and "text" in form:
            return self._rate(form)
        if "value" in form:
            return {"value": [self._colour(form)]}
        return None

    def _rate(self, form: WebForm) -> Answers:
        score = self._score(form)
        said = self._say(score) if self._chance.random() < COMMENTS else {}
        unsure = self._chance.random() < CANT_SAY
        return {"value": ["unsure" if unsure else str(score)], **said}

    def _score(self, form: WebForm) -> int:
        """Return a score round what the room thinks of this question, with this person's temper."""
        return min(10, max(0, round(self._chance.gauss(room_feels(form.action) + self._temper, SPREAD))))

    def _say(self, score: int) -> Answers:
        kinds = {"well": score, "worry": 10 - score, "next": 4, "plain": 3}
        kind = self._chance.choices(list(kinds), list(kinds.values()))[0]
        return {"text": [self._words.deal(kind)], "mark": [] if kind == "plain" else [kind]}

    def _colour(self, form: WebForm) -> str:
        feeling = room_feels(form.action) + self._temper
        return self._chance.choices(form.choices("value"), [max(1, 7 - feeling), 6, max(1, feeling), 0.5])[0]

    def _name_imperatives(self, form: WebForm) -> Answers | None:
        if self._chance.random() > NAMES_ONE:
            return None
        slots = ("1", "2") if self._chance.random() < NAMES_TWO else ("1",)
        answers: dict[str, Sequence[str]] = {}
        for slot in slots:
            answers[f"text_{slot}"] = [self._words.deal("imperatives")]
            on_offer = form.choices(f"deliverables_{slot}")
            answers[f"deliverables_{slot}"] = self._chance.sample(on_offer, min(1, len(on_offer)))
        return answers


def room_feels(question: str) -> float:
    """Return where the room stands on a question, 2.5 to 7.5: the same for everybody, another for each question."""
    return random.Random(question).uniform(2.5, 7.5)  # noqa: S311 (a play, no secret)
