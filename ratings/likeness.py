"""Which texts say much the same, computed on this machine from the words alone. A suggestion, never a decision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

ALIKE = 75
"""How alike two texts have to be, 0 to 100, to be suggested together."""
STEM = 5
"""Letters that a word is known by: "family" and "families" are one."""
LEAST, LEAST_IF_LONG, LONG = 2, 3, 7
"""Words with a meaning that two texts must share: more where one of them has at least `LONG` of these."""
FILLERS = (
    "a about all also am an and any are as at be because been but by can could did do does for from get had has have he"
    " her here him his how i if in into is it its just like made make me more most much my need needs no not now of on"
    " one only or our out over own really see she should so some still than that the their them then there these they"
    " this those to too up us use very want was way we well were what when which while who why will with would yes you"
    " your always even far got going lot lots people see seen some somebody something still thing things think thinking"
    " use used using"
)
MEANS_LITTLE = frozenset(FILLERS.split())


def groups_alike(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Return groups of at least two texts (by number, in order) in which each is alike to every other.

    The time grows with the square of the number of texts: 300 take well under a second.
    """
    stems = [_stems(text) for text in texts]
    groups: list[list[int]] = []
    for number, mine in enumerate(stems):
        home = next((group for group in groups if all(_alike(mine, stems[other]) for other in group)), None)
        if home:
            home.append(number)
        else:
            groups.append([number])
    return [tuple(group) for group in groups if len(group) > 1]


def _stems(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFD", text.lower())
    words = re.findall(r"\w+", "".join(char for char in plain if not unicodedata.combining(char)))
    return frozenset(word.rstrip("s")[:STEM] for word in words if word not in MEANS_LITTLE)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    least = LEAST_IF_LONG if max(len(one), len(other)) >= LONG else LEAST
    if len(one & other) < least:
        return False
    return fuzz.token_set_ratio(" ".join(sorted(one)), " ".join(sorted(other))) >= ALIKE
