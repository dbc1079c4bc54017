"""Who has signed in stays so when the clock jumps: in the middle of a morning nobody is asked for a password."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from workshops.clock import put_forward


class SessionStore(db.SessionStore):
    """Sessions in the database; when the clock was put forward, one that was not over before lasts so much longer."""

    def load(self) -> dict[str, Any]:
        """Return what is kept; nothing, and the session is forgotten, once it is over."""
        key, kept = self.session_key, super().load()
        if key and not self.session_key and _prolonged(key):
            self._session_key = key
            kept = super().load()
        return kept


def _prolonged(key: str) -> bool:
    """Let a session that only a jump has ended last longer; return whether there was one."""
    over = Session.objects.filter(session_key=key).first()
    if over is None or over.expire_date + (forward := put_forward()) <= timezone.now():
        return False
    over.expire_date += forward
    over.save(update_fields=["expire_date"])
    return True
