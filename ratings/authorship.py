"""Whose answer it is: each question knows a phone by another pseudonym, which only the phone's own token leads to."""

from __future__ import annotations

from typing import Any

from ratings.choices import Source
from ratings.models.answer import Answer
from workshops.models import Participant


def author_of(participant: Participant, model: type[Answer], *about: object) -> str:
    """Return the pseudonym under which a participant answers a question: 64 hexadecimal digits.

    The question is the kind of answer and what it is `about`: a scale's id, and of a comment what was asked; a
    deliverable's id; nothing for imperatives and for dots. Raises ValueError unless the participant came with the
    phone's token.
    """
    return participant.pseudonym(" ".join(str(part) for part in (model.__name__, *about)))


def signed(participant: Participant, model: type[Answer], *about: object) -> dict[str, Any]:
    """Return the fields of an answer that say whose it is: its author, as `author_of`, the group, and how it came."""
    return {
        "author": author_of(participant, model, *about),
        "group_id": participant.group_id,
        "source": Source.PLAYED if participant.rehearsal else Source.PHONE,
    }
