"""What stands before a journal between two lines of `---`: where and when it was, as `name: value`."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping

from ratings.journal.reading.content import DATE, FACTS, Entry

_FENCE = "---"
_FACT = re.compile(r"(?P<name>[a-z_]+):(?:\s+(?P<value>.*?))?\s*")


def write_facts(facts: Mapping[str, str]) -> str:
    """Return facts as they stand before a journal, those that are empty left out."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items() if value]
    return "\n".join([_FENCE, *lines, _FENCE])


def split_facts(text: str) -> tuple[dict[str, Entry], list[Entry], str]:
    """Return the facts before a journal, the lines among them that are none, and the text with blanks in their place.

    A text that does not begin with facts has none and stays as it is.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    if lines[0].strip("\ufeff ") != _FENCE or _FENCE not in (bare := [line.strip() for line in lines[1:]]):
        return {}, [], text
    end = bare.index(_FENCE) + 1
    found = [(number, line, _FACT.fullmatch(line)) for number, line in enumerate(lines[1:end], start=2) if line.strip()]
    if not all(match for _number, _line, match in found):
        return {}, [], text
    facts, others = {}, []
    for number, line, match in found:
        value = _value(match["value"] or "") if match else ""
        if match and _fits(match["name"], value):
            facts[match["name"]] = Entry(number, value)
        else:
            others.append(Entry(number, line))
    return facts, others, "\n".join([""] * (end + 1) + lines[end + 1 :])


def _value(written: str) -> str:
    try:
        value = json.loads(written)
    except ValueError:
        return written
    return value if isinstance(value, str) else written


def _fits(name: str, value: str) -> bool:
    if name != DATE:
        return name in FACTS and len(value) <= FACTS[name]
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True
