"""Who may follow a workshop: an address signed for one workshop and one screen, checked without the database."""

from typing import Literal, get_args
from urllib.parse import urlencode

from django.core.signing import BadSignature, TimestampSigner

from workshops.models import Workshop

Screen = Literal["phone", "wall", "desk"]

SCREENS: tuple[Screen, ...] = get_args(Screen)
MAX_AGE = 24 * 60 * 60  # seconds


def stream_url(workshop: Workshop, screen: Screen) -> str:
    """Return the address at which a screen follows this workshop, good for a day.

    Raises ValueError when there is no such kind of screen.
    """
    if screen not in SCREENS:
        raise ValueError(f"no such screen: {screen}")
    seat = f"{workshop.code}:{screen}"
    key = TimestampSigner(salt="live").sign(seat).removeprefix(f"{seat}:")
    return f"/live/{workshop.code}/{screen}/?{urlencode({'key': key})}"


def key_is_good(code: str, screen: str, key: str) -> bool:
    """Whether this key was signed for this workshop and screen within the last day."""
    try:
        TimestampSigner(salt="live").unsign(f"{code}:{screen}:{key}", max_age=MAX_AGE)
    except BadSignature:
        return False
    return True
