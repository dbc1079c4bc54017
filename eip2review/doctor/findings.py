"""What an examination finds: fine, something to look at, or broken, in a sentence, and in another what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Verdict(StrEnum):
    """How something stands."""

    FINE = "fine"
    LOOK = "look at"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """What was found of one thing, and what to do about it."""

    verdict: Verdict
    found: str
    do: str = ""
    about: str = ""


Check = Callable[[], Finding]


def fine(found: str) -> Finding:
    """Return that all is well."""
    return Finding(Verdict.FINE, found)


def look(found: str, do: str) -> Finding:
    """Return that somebody should look at this before people come."""
    return Finding(Verdict.LOOK, found, do)


def broken(found: str, do: str) -> Finding:
    """Return that something will not work."""
    return Finding(Verdict.BROKEN, found, do)


def worst(findings: Iterable[Finding], otherwise: str) -> Finding:
    """Return the first of the worst of several findings; where there is none, that it is fine."""
    order = list(Verdict)
    return max(findings, key=lambda finding: order.index(finding.verdict), default=fine(otherwise))


def examine(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """Carry out one check after the other; one that stumbles has found something broken."""
    for about, check in checks:
        try:
            finding = check()
        except Exception as error:  # noqa: BLE001 - whatever is wrong here is what the examination is for
            finding = broken(f"This could not be examined: {_kinds(error)}.", "Mend what is named above it first.")
        yield replace(finding, about=about)


def _kinds(error: BaseException) -> str:
    """Return the kind of an error, and not what it says: that can hold somebody's words."""
    return type(error).__name__
