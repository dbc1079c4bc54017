"""Keep what people say on a scale, in the words given."""

from __future__ import annotations

import secrets

from ratings.authorship import signed, unordered_id
from ratings.choices import Asked
from ratings.deciding import first_state
from ratings.models import Comment, WordsDecision
from workshops.models import Participant, Scale
from workshops.prepared import Given, Prepared, Upsert

_BEFORE = Prepared(lambda: Comment.objects.filter(author=Given("author")))
_DECISIONS = Prepared(lambda: WordsDecision.objects.filter(comment=Given("comment")))
_COMMENT = Upsert(Comment, unique="author", update=["text", "mark", "state", "flagged", "theme", "quoted"])


def record_comment(
    *, participant: Participant, scale: Scale, text: str, mark: str = "", asked: Asked = Asked.WHY
) -> None:
    """Save, change or take back ("") a participant's comment on a scale, within the caller's transaction.

    The same words leave its state alone; changed ones must be looked at again, belong to no theme and are no quotation.
    """
    by = signed(participant, Comment, scale.pk, asked)
    mine = _BEFORE.first(author=by["author"])
    if not text:
        if mine:
            _DECISIONS.delete(comment=mine.pk)
            _BEFORE.delete(author=by["author"])
        return
    if mine and mine.text == text and (mine.mark == mark or _mark_anew(mine, mark)):
        return
    _COMMENT.save(
        Comment(
            pk=unordered_id(),
            workshop=participant.workshop,
            scale=scale,
            asked=asked,
            text=text,
            mark=mark,
            position=secrets.randbelow(2**31),
            **by,
            **first_state(text),
        )
    )


def _mark_anew(comment: Comment, mark: str) -> bool:
    """Mark a comment otherwise; return whether it still says the same."""
    return bool(Comment.objects.filter(pk=comment.pk, text=comment.text).update(mark=mark))
