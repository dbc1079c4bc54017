"""The table of who may do what: whole, and printed as it is."""

from pathlib import Path

import pytest

from workshops.choices import Phase, Role
from workshops.permissions import ALWAYS, MAY, Act, may, phases

PAGE = Path(__file__).resolve().parents[2] / "docs" / "who-may-do-what.md"


def in_words(when: frozenset[Phase]) -> str:
    """Return when something may be done, as the page says it."""
    if when == ALWAYS:
        return "yes"
    return "while " + " or ".join(phase.value for phase in Phase if phase in when) if when else "no"


def test_page_prints_the_table() -> None:
    rows = [f"| {act.value} | {' | '.join(in_words(phases(role, act)) for role in Role)} |" for act in Act]
    assert [line for line in PAGE.read_text().splitlines() if line.startswith("| ")][1:] == rows


def test_every_act_is_decided_for_every_role() -> None:
    assert set(MAY) == set(Act)
    assert {len(row) for row in MAY.values()} == {len(Role)}


@pytest.mark.parametrize("act", Act)
def test_nobody_may_more_than_the_owner_and_no_reader_but_read_and_sign(act: Act) -> None:
    owner, facilitator, reader = (phases(role, act) for role in Role)
    assert facilitator <= owner
    assert reader <= (owner if act == Act.SIGN else facilitator)
    assert act in (Act.READ, Act.SIGN) or not reader


def test_reader_reads_once_the_workshop_has_closed() -> None:
    assert [may(Role.READER, Act.READ, phase) for phase in Phase] == [False, True, True, True]
