"""Who may do what in a workshop: the one table.

The doors ask it, the tests walk it, `docs/who-may-do-what.md` prints it. Whoever has no role in a workshop is told that
there is nothing at its address, whatever they ask for.
"""

from __future__ import annotations

from enum import Enum

from workshops.choices import Phase, Role


class Act(Enum):
    """What can be done at a desk. The value says it as the documentation does."""

    READ = "read the journal and download it"
    LOOK = "see the desk, the log, the run sheet and what was answered; show something on the wall; have the controls"
    MOVE = "open, reveal, take down and close stages, with their timers"
    ENTER = "enter what was said aloud or written on paper"
    MODERATE = (
        "decide on comments and imperatives, group and merge them, give actions an owner and a date; remove a rehearsal"
    )
    EDIT = "write what stands in the journal beside the answers, choose its quotations and its order"
    CHECK = "say that the journal has been checked"
    SIGN = "sign the journal off, in the name of a leader"
    SHARE = "make links to a signed journal, and revoke them"
    WIFI = "tell the room its wifi"
    DETAILS = "change where and when the workshop is"
    PEOPLE = "invite people, change their roles, remove them"
    TRAIL = "read the audit trail"
    SEAL = "seal the workshop"
    EXPORT = "take out everything that is held about the workshop"
    CARRY = "pack the workshop, to carry it to a server"
    ERASE = "erase the workshop"


OPEN, CLOSED, SEALED, CARRIED = Phase
ALWAYS = frozenset(Phase)
UNSEALED = frozenset({OPEN, CLOSED})
HERE = frozenset({OPEN, CLOSED, SEALED})
UNDER_SEAL = frozenset({SEALED})
FOR_GOOD = frozenset({SEALED, CARRIED})
AFTERWARDS = frozenset({CLOSED, SEALED, CARRIED})
NEVER: frozenset[Phase] = frozenset()

# In which phases each role may do it: owner, facilitator, reader.
MAY: dict[Act, tuple[frozenset[Phase], frozenset[Phase], frozenset[Phase]]] = {
    Act.READ: (ALWAYS, ALWAYS, AFTERWARDS),
    Act.LOOK: (ALWAYS, ALWAYS, NEVER),
    Act.MOVE: (UNSEALED, UNSEALED, NEVER),
    Act.ENTER: (UNSEALED, UNSEALED, NEVER),
    Act.MODERATE: (HERE, HERE, NEVER),
    Act.EDIT: (HERE, HERE, NEVER),
    Act.CHECK: (UNDER_SEAL, UNDER_SEAL, NEVER),
    Act.SIGN: (UNDER_SEAL, NEVER, UNDER_SEAL),
    Act.SHARE: (FOR_GOOD, NEVER, NEVER),
    Act.WIFI: (frozenset({OPEN}), frozenset({OPEN}), NEVER),
    Act.DETAILS: (UNSEALED, NEVER, NEVER),
    Act.PEOPLE: (ALWAYS, NEVER, NEVER),
    Act.TRAIL: (ALWAYS, NEVER, NEVER),
    Act.SEAL: (frozenset({CLOSED}), frozenset({CLOSED}), NEVER),
    Act.EXPORT: (AFTERWARDS, NEVER, NEVER),
    Act.CARRY: (AFTERWARDS, NEVER, NEVER),
    Act.ERASE: (ALWAYS, NEVER, NEVER),
}


def phases(role: Role, act: Act) -> frozenset[Phase]:
    """Return the phases in which a role may do something; empty: never."""
    return dict(zip(Role, MAY[act], strict=True))[role]


def may(role: Role, act: Act, phase: Phase) -> bool:
    """Return whether a role may do something in a workshop that has come so far."""
    return phase in phases(role, act)
