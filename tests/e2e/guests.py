"""People with phones who know what they think, and what their phones told them was saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.sync_api import expect

from ratings.authorship import author_of
from ratings.choices import Asked
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from tests.e2e.people import Phone
from workshops.choices import StageKind
from workshops.joining import cookie_name, hash_token
from workshops.models import Participant

UNSURE = "I can’t say"


@dataclass(frozen=True)
class Mind:
    """What somebody thinks: two scores, words and what they speak of, a colour, imperatives, dots."""

    being: str
    progress: str
    colour: str
    words: str = ""
    mark: str = ""
    musts: tuple[str, ...] = ()
    dots: tuple[str, ...] = ()


Saved = tuple[str, str]
"""A question and an answer to it, as the journal's data name them."""


@dataclass
class Guest(Phone):
    """Somebody with a phone. `saved` is what it said was saved, by question."""

    mind: Mind = field(kw_only=True)
    kept_by_server: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def scan(self, code: str) -> None:
        """Join by the address in the QR code."""
        self.page.goto(f"/join/{code}/")
        self.page.get_by_role("button", name="Join").click()
        expect(self.page.locator("#card, h1")).not_to_have_count(0)

    @property
    def confirmed(self) -> list[Saved]:
        """Every answer that the phone called saved, one by one."""
        return [(question, answer) for question, answers in self.kept_by_server.items() for answer in answers]

    def give_being(self, label: str = "") -> None:
        """Rate the first scale, and say why where there are words."""
        label = label or self.mind.being
        self.rate(label, self.mind.words, self.mind.mark)
        self.note_being(label)

    def note_being(self, label: str) -> None:
        """Note that the phone called this rating saved, and the words with it."""
        self._note("being", _score(label))
        if self.mind.words:
            self._note("being comment", self.mind.words)

    def give_progress(self) -> None:
        """Rate the second scale."""
        self.rate(self.mind.progress)
        self._note("progress", _score(self.mind.progress))

    def give_colour(self) -> None:
        """Rate red, amber or green."""
        self.judge(self.mind.colour)
        self.note_colour()

    def note_colour(self) -> None:
        """Note that the phone called this colour saved."""
        self._note("rag", self.mind.colour.lower())

    def give_musts(self) -> None:
        """Name imperatives."""
        self.name(*self.mind.musts)
        self._note("imperative", *self.mind.musts)

    def give_dots(self) -> None:
        """Place dots."""
        self.vote(*self.mind.dots)
        self._note("dot", *self.mind.dots)

    def token(self, code: str) -> str:
        """Return what the phone keeps of having joined."""
        cookies = self.page.context.cookies()
        return next(each["value"] for each in cookies if each["name"] == cookie_name(code))

    def _note(self, question: str, *answers: str) -> None:
        self.kept_by_server[question] = answers


def _score(label: str) -> str:
    return "can't say" if label == UNSURE else label


def on_the_server(code: str, token: str) -> list[Saved]:
    """Return every answer that the database has from one phone."""
    me = Participant.objects.select_related("workshop").get(token_hash=hash_token(code, token))
    me.token = token
    stages = list(me.workshop.stages.all())
    scales = [stage.scale_id for stage in stages if stage.scale_id]
    rated = [stage.deliverable_id for stage in stages if stage.kind == StageKind.RAG]
    scores = Score.objects.filter(author__in=[author_of(me, Score, scale) for scale in scales])
    comments = Comment.objects.filter(author__in=[author_of(me, Comment, scale, Asked.WHY) for scale in scales])
    rags = RagRating.objects.filter(author__in=[author_of(me, RagRating, deliverable) for deliverable in rated])
    return [
        *((each.scale.kind, "can't say" if each.value is None else str(each.value)) for each in scores),
        *((f"{each.scale.kind} comment", each.text) for each in comments),
        *(("rag", each.get_value_display().lower() or "can't say") for each in rags),
        *(("imperative", each.text) for each in Imperative.objects.filter(author=author_of(me, Imperative))),
        *(("dot", each.imperative.text) for each in Vote.objects.filter(author=author_of(me, Vote))),
    ]


def all_confirmed(guests: Iterable[Guest]) -> Counter[Saved]:
    """Count every answer that any phone called saved."""
    return Counter(saved for guest in guests for saved in guest.confirmed)
