"""Keep what people say on a scale, in the words given."""

from __future__ import annotations

import secrets

from ratings.choices import Asked
from ratings.deciding import first_state
from ratings.models import Comment
from workshops.models import Participant, Scale


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
