"""Who may follow a workshop: an address signed for one workshop and one screen, and for whom where it is no phone's."""

from typing import Literal, get_args
from urllib.parse import urlencode

from django.core.signing import TimestampSigner

from workshops.models import Workshop

Screen = Literal["phone", "wall", "desk"]

SCREENS: tuple[Screen, ...] = get_args(Screen)
MAX_AGE = 24 * 60 * 60  # seconds


def stream_url(workshop: Workshop, screen: Screen, user_id: int | None = None) -> str:
    """Return the address at which a screen follows this workshop, good for a day.

    For a user it is good while they may look at the workshop's desk. Raises ValueError when there is no such kind of
    screen.
    """
    if screen not in SCREENS:
        raise ValueError(f"no such screen: {screen}")
    seat = f"{workshop.code}:{screen}"
    signed = TimestampSigner(salt="live").sign(seat if user_id is None else f"{seat}:{user_id}")
    key = signed.removeprefix(f"{seat}:")
    return f"/live/{workshop.code}/{screen}/?{urlencode({'key': key})}"


def holder_of(code: str, screen: str, key: str) -> int | None:
    """Return the id of the user that this key was made for, None where it is for whoever has it.

    Raises BadSignature unless it was signed for this workshop and screen within the last day.
    """
    seat = f"{code}:{screen}"
    signed = TimestampSigner(salt="live").unsign(f"{seat}:{key}", max_age=MAX_AGE)
    return None if signed == seat else int(signed.removeprefix(f"{seat}:"))
