"""What a facilitator decides about the words of a comment or an imperative; each decision is recorded.

The wall shows only comments that were shown; an imperative it shows unless it is held or hidden.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from ratings.choices import PRINTED, CommentState, Decision
from ratings.models import Comment, Imperative, Print, Words, WordsDecision
from ratings.names import Finding, FindingKind, find_names, mark_of
from workshops.choices import Deed
from workshops.controls import lock_workshop
from workshops.live import Topic, announce
from workshops.models import Workshop
from workshops.trail import record_act

SPOKEN = re.compile(r"[^\s.,;:!?()\[\]\"“”‘]+(?:[.,:][^\s.,;:!?()\[\]\"“”‘]+)*")
"""A word as it can be taken out: without the punctuation around it."""


class WordsChanged(Exception):
    """The words are no longer what the facilitator read."""


@dataclass(frozen=True)
class SpokenWord:
    """A word of a text, what stands before it, and what the check for names takes it for, if anything."""

    start: int
    end: int
    text: str
    before: str
    found: Finding | None


def first_state(text: str) -> dict[str, object]:
    """Return the fields of words that nobody has looked at: held when it may name somebody, else new."""
    flagged = bool(find_names(text))
    return {"state": CommentState.HELD if flagged else CommentState.NEW, "flagged": flagged}


@transaction.atomic
def show_new_comments(*, workshop: Workshop, comments: Collection[int], user: User | None) -> None:
    """Show those of a workshop's comments (by id) that nobody has decided about."""
    lock_workshop(workshop.pk, None)
    new = Comment.objects.filter(workshop=workshop, pk__in=comments, state=CommentState.NEW)
    shown = list(new.select_for_update())
    for comment in shown:
        _decide(comment, Decision.SHOW, CommentState.SHOWN, user, "")
    if shown:
        record_act(workshop=workshop, user=user, act=Deed.COMMENTS)
    announce(workshop, Topic.TALLY)


@transaction.atomic
def show_words(*, words: Words, user: User | None) -> None:
    """Let wall and journal have a comment or an imperative; what is shown already stays as it is."""
    if words.state != CommentState.SHOWN:
        _write_down(words, user)
        _decide(words, Decision.SHOW, CommentState.SHOWN, user, "")
    _tell(words)


@transaction.atomic
def hold_words(*, words: Words, user: User | None, reason: str = "") -> None:
    """Hold a comment or an imperative back until it is shown. Dots on an imperative stay, and are not shown."""
    _write_down(words, user)
    _decide(words, Decision.HOLD, CommentState.HELD, user, reason)
    _tell(words)


@transaction.atomic
def hide_words(*, words: Words, user: User | None, reason: str) -> None:
    """Keep words out of wall and journal; the journal counts them. Showing undoes that. `reason` is not empty."""
    _write_down(words, user)
    _decide(words, Decision.HIDE, CommentState.HIDDEN, user, reason)
    _tell(words)


@transaction.atomic
def redact_words(
    *,
    words: Words,
    user: User | None,
    chosen: Collection[int],
    reason: str,
    kind: FindingKind = FindingKind.NAME,
) -> None:
    """Take chosen words (numbered from 0 as `spoken_words` gives them) out of a text for good, and show what is left.

    A mark in square brackets stands in their place; `kind` says what words are that the check did not find. Nothing
    keeps the words, but for an edition of the journal that was signed before. Raises WordsChanged when the text is no
    longer `words.text`, as every decision does when the words are gone.
    """
    _write_down(words, user)
    text = redacted(words.text, chosen, kind)
    if not type(words)._default_manager.filter(pk=words.pk, text=words.text).update(text=text):
        raise WordsChanged
    words.text = text
    _decide(words, Decision.REDACT, CommentState.SHOWN, user, reason)
    _tell(words)


def _decide(words: Words, decision: Decision, state: CommentState, user: User | None, reason: str) -> None:
    """Record a decision about words that are still there; raises WordsChanged when their writer has taken them back.

    What is kept out of the journal is not set large there any more, not even if it is shown again.
    """
    changed: dict[str, object] = {"state": state, "flagged": False}
    if isinstance(words, Comment) and state not in PRINTED:
        changed["quoted"] = False
    if not type(words)._default_manager.filter(pk=words.pk).update(**changed):
        raise WordsChanged
    if decision != Decision.SHOW:
        Print.objects.filter(workshop=words.workshop_id).delete()  # it may hold what is not to be read any more
    about = {str(words._meta.model_name): words}
    WordsDecision.objects.create(**about, decision=decision, reason=reason, user=user)


def _write_down(words: Words, user: User | None) -> None:
    """Put it into the trail, and so lock the workshop before its words, as sealing does."""
    act = Deed.IMPERATIVES if isinstance(words, Imperative) else Deed.COMMENTS
    record_act(workshop=words.workshop, user=user, act=act)


def _tell(words: Words) -> None:
    """Let desk and wall look again; imperatives are on phones too."""
    announce(words.workshop, Topic.STAGE if isinstance(words, Imperative) else Topic.TALLY)


def digest(text: str) -> str:
    """Return what tells one wording from another, and nothing of the words."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def spoken_words(text: str) -> list[SpokenWord]:
    """Return the words of a text in order, each with what it was found to be."""
    found = find_names(text)
    words: list[SpokenWord] = []
    end = 0
    for match in SPOKEN.finditer(text):
        finding = next((each for each in found if each.start < match.end() and match.start() < each.end), None)
        words.append(SpokenWord(match.start(), match.end(), match.group(), text[end : match.start()], finding))
        end = match.end()
    return words


def redacted(text: str, chosen: Collection[int], kind: FindingKind) -> str:
    """Return a text with the chosen words taken out: one mark for what was found as one, and for words in a row."""
    words = spoken_words(text)
    kept = {word.found for number, word in enumerate(words) if number not in chosen}
    spans: list[Finding] = []
    for number in sorted(chosen):
        word = words[number]
        span = Finding(word.start, word.end, word.found.kind if word.found else kind)
        if word.found and word.found not in kept:  # all of it goes, with what stands between
            span = Finding(min(word.start, word.found.start), max(word.end, word.found.end), word.found.kind)
        before = spans[-1] if spans else None
        if before and before.kind == span.kind and not text[before.end : span.start].strip():
            spans[-1] = Finding(before.start, max(before.end, span.end), span.kind)
        else:
            spans.append(span)
    for span in reversed(spans):
        text = text[: span.start] + mark_of(span.kind) + text[span.end :]
    return text
