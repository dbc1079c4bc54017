"""The lines of a journal kept as plain text: what each looks like by itself, before anybody asks where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

_INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u2060")
_DASH = "[-‐‑‒–—―−]"
_DOT = "[•·▪◦‣●○■□\uf0b7]"
_BULLET = re.compile(rf"(?:{_DOT}|[-*](?=\s|$))\s*(?P<body>.*)")
_ANCHOR = re.compile(rf"[*_]*(?P<end>10|0)[*_]*(?: {_DASH}|{_DASH}(?=[ *_]|$)|[:=](?=[ *_]|$))[*_]* ?(?P<body>.*)")
_HEADING = re.compile(r"#{1,6}\s+(?P<body>.+?)\s*#*")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<body>[^*_]+)(?P=mark):?")
_ITALIC = re.compile(r"(?P<mark>[*_])(?P<body>[^*_]+)(?P=mark)")
_QUOTED = re.compile(r">\s*(?P<body>.*)")
_RULE = re.compile(r"(?:[-=_*] ?){3,}")
_NAVIGATION = re.compile(r"(?:[←↑<«]\s*)?\[?(?:(?:Back|Return) to \S.*|Top|Home|Print|Page \d+(?: of \d+)?)")


class Kind(Enum):
    """What a line looks like by itself."""

    BLANK = auto()
    BEING = auto()
    PROGRESS = auto()
    RATE = auto()
    RAG = auto()
    IMPERATIVES = auto()
    BULLET = auto()
    TEN = auto()
    ZERO = auto()
    LOOSE = auto()


_KNOWN = {
    Kind.BEING: re.compile(r"being at (?:the|our) goal\W*", re.IGNORECASE),
    Kind.PROGRESS: re.compile(r"(?:making )?progress towards? (?:the|our) goal\W*", re.IGNORECASE),
    Kind.RATE: re.compile(r"where would you rate\b[^?]*\W*", re.IGNORECASE),
    Kind.RAG: re.compile(
        r"(?:overall )?rag ratings?\s*(?:\((?![^)]*\b(?:red|amber|green)\b)[^)]*\))?\W*", re.IGNORECASE
    ),
    Kind.IMPERATIVES: re.compile(r"Imperatives\W*"),
}


@dataclass(frozen=True)
class Line:
    """One line, its whitespace made single.

    `words` is what it says without the marks of a heading, bold or quotation; `body` is that without bullet or anchor
    mark.
    """

    number: int
    kind: Kind
    text: str
    words: str
    body: str
    is_heading: bool = False
    after_blank: bool = True

    @property
    def asks(self) -> bool:
        """Whether it ends as a question does."""
        return self.words.endswith("?")


def read_lines(text: str) -> list[Line]:
    """Return the lines that are not blank, numbered from 1 as an editor numbers them."""
    lines, after_blank = [], True
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        line = _read_line(number, " ".join(raw.translate(_INVISIBLE).split()))
        if line.kind is not Kind.BLANK:
            lines.append(replace(line, after_blank=after_blank))
        after_blank = line.kind is Kind.BLANK
    return lines


def as_anchor(line: Line) -> Line:
    """Return a bullet that is an anchor under the bullet as that anchor; any other line as it is."""
    if line.kind is Kind.BULLET and (match := _ANCHOR.fullmatch(line.body)):
        return replace(line, kind=_end_of(match), body=match["body"])
    return line


def split_navigation(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Split off the links to other pages that web pages end with; a "Back to …" that goes on a sentence is not one."""
    end = len(lines)
    while end and _is_navigation(lines[end - 1], lines[end - 2].text if end > 1 else ""):
        end -= 1
    return lines[:end], lines[end:]


def is_link(words: str) -> bool:
    """Whether the words are what a link to another page says."""
    return _NAVIGATION.fullmatch(words) is not None


def _is_navigation(line: Line, before: str) -> bool:
    stands_alone = line.after_blank or before.endswith((".", "!", "?")) or _NAVIGATION.match(before) is not None
    return line.kind is Kind.LOOSE and stands_alone and is_link(line.words)


def _read_line(number: int, text: str) -> Line:
    if not text or _RULE.fullmatch(text):
        return Line(number, Kind.BLANK, text, "", "")
    if bullet := _BULLET.fullmatch(text):
        return Line(number, Kind.BULLET, text, text, bullet["body"])
    words, is_heading = text, False
    if heading := _HEADING.fullmatch(words):
        words, is_heading = heading["body"], True
    elif quoted := _QUOTED.fullmatch(words):
        words = quoted["body"]
    if bold := _BOLD.fullmatch(words):
        words, is_heading = bold["body"].strip(), True
    elif italic := _ITALIC.fullmatch(words):
        words = italic["body"].strip()
    if anchor := _ANCHOR.fullmatch(words):
        return Line(number, _end_of(anchor), text, words, anchor["body"])
    kind = next((kind for kind, pattern in _KNOWN.items() if pattern.fullmatch(words)), Kind.LOOSE)
    return Line(number, kind, text, words, words, is_heading)


def _end_of(anchor: re.Match[str]) -> Kind:
    return Kind.TEN if anchor["end"] == "10" else Kind.ZERO
