"""What each role gets at an address, worked out from the table of who may do what."""

from __future__ import annotations

from collections.abc import Callable

from workshops.choices import Phase, Role
from workshops.permissions import Act, may, phases

OUTSIDERS = ("stranger", "participant", "participant elsewhere", "owner elsewhere")
ROLES = (*OUTSIDERS, *Role.values)

Row = Callable[[Phase], str]
"""What every role gets in a phase, in the order of ROLES: a status, or the page that the role is sent to."""


def same(words: str, **later: str) -> Row:
    """Return a row as written: seven words; `closed` and `sealed` say what is different then."""
    return lambda phase: later.get(phase, words)


def at_desk(act: Act, gets: str = "200", **later: str) -> Row:
    """Return the row of something done at the desk: whoever may gets this, others what their role and the phase say."""

    def row(phase: Phase) -> str:
        def answer(role: Role) -> str:
            if may(role, act, phase):
                return later.get(phase, gets)
            return "409" if phases(role, act) else "403"

        return " ".join(["sign_in", "sign_in", "sign_in", "404", *map(answer, Role)])

    return row
