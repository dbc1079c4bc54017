"""Keep what people say, and record what a facilitator decides about it. The wall shows only what was shown."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from ratings.choices import Asked, CommentState, Decision
from ratings.models import Comment, CommentDecision
from ratings.names import Finding, FindingKind, find_names, mark_of
from workshops.live import Topic, announce
from workshops.models import Participant, Scale, Workshop

SPOKEN = re.compile(r"[^\s.,;:!?()\[\]\"“”‘]+(?:[.,:][^\s.,;:!?()\[\]\"“”‘]+)*")
"""A word as it can be taken out: without the punctuation around it."""


class CommentChanged(Exception):
    """The comment is no longer what the facilitator read."""


@dataclass(frozen=True)
class SpokenWord:
    """A word of a comment, what stands before it, and what the check for names takes it for, if anything."""

    start: int
    end: int
    text: str
    before: str
    found: Finding | None


def first_state(text: str) -> dict[str, object]:
    """Return the fields of a comment that nobody has looked at: held when it may name somebody, else new."""
    flagged = bool(find_names(text))
    return {"state": CommentState.HELD if flagged else CommentState.NEW, "flagged": flagged}


def record_comment(
    *, participant: Participant, scale: Scale, text: str, mark: str = "", asked: Asked = Asked.WHY
) -> None:
    """Save, change or take back ("") a participant's comment on a scale, within the caller's transaction.

    The same words leave its state alone; changed ones must be looked at again, and belong to no theme.
    """
    existing = Comment.objects.filter(participant=participant, scale=scale, asked=asked)
    if not text:
        existing.delete()
    elif not existing.filter(text=text).update(mark=mark):
        Comment.objects.bulk_create(
            [
                Comment(
                    workshop=participant.workshop,
                    scale=scale,
                    participant=participant,
                    asked=asked,
                    text=text,
                    mark=mark,
                    position=secrets.randbelow(2**31),
                    **first_state(text),
                )
            ],
            update_conflicts=True,
            unique_fields=["participant", "scale", "asked"],
            update_fields=["text", "mark", "state", "flagged", "theme"],
        )


@transaction.atomic
def show_comments(*, workshop: Workshop, comments: Collection[int], user: User | None, only_new: bool = False) -> None:
    """Show a workshop's comments (by id) on the wall and in the journal; `only_new`: those nobody has decided about."""
    rows = Comment.objects.filter(workshop=workshop, pk__in=comments).exclude(state=CommentState.SHOWN)
    if only_new:
        rows = rows.filter(state=CommentState.NEW)
    _decide(rows, Decision.SHOW, CommentState.SHOWN, user, "")
    announce(workshop, Topic.TALLY)


@transaction.atomic
def hold_comment(*, comment: Comment, user: User | None, reason: str = "") -> None:
    """Hold a comment back until it is shown."""
    _decide([comment], Decision.HOLD, CommentState.HELD, user, reason)
    announce(comment.workshop, Topic.TALLY)


@transaction.atomic
def hide_comment(*, comment: Comment, user: User | None, reason: str) -> None:
    """Keep a comment out of wall and journal; the journal counts it. Showing it undoes that. `reason` is not empty."""
    _decide([comment], Decision.HIDE, CommentState.HIDDEN, user, reason)
    announce(comment.workshop, Topic.TALLY)


@transaction.atomic
def redact_comment(
    *,
    comment: Comment,
    user: User | None,
    words: Collection[int],
    reason: str,
    kind: FindingKind = FindingKind.NAME,
) -> None:
    """Take words (numbered from 0 as `spoken_words` gives them) out of a comment for good, and show what is left.

    A mark in square brackets stands in their place; `kind` says what words are that the check did not find. Nothing
    keeps the words. Raises CommentChanged when the comment no longer says what `comment.text` says.
    """
    text = redacted(comment.text, words, kind)
    now = Comment.objects.filter(pk=comment.pk, text=comment.text)
    if not now.update(text=text):
        raise CommentChanged
    comment.text = text
    _decide([comment], Decision.REDACT, CommentState.SHOWN, user, reason)
    announce(comment.workshop, Topic.TALLY)


def _decide(
    comments: Iterable[Comment], decision: Decision, state: CommentState, user: User | None, reason: str
) -> None:
    keys = [comment.pk for comment in comments]
    Comment.objects.filter(pk__in=keys).update(state=state, flagged=False)
    CommentDecision.objects.bulk_create(
        CommentDecision(comment_id=key, decision=decision, reason=reason, user=user) for key in keys
    )


def digest(text: str) -> str:
    """Return what tells one wording from another, and nothing of the words."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def spoken_words(text: str) -> list[SpokenWord]:
    """Return the words of a comment in order, each with what it was found to be."""
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
