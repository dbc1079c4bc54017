"""Find possible names in a text. static/js/names.js does the same, step by step: change both, a test compares them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ratings.names.rules import Rules, read_rules

LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u0300-\u036f"
WORD = re.compile(f"[{LETTERS}]+(?:['’-][{LETTERS}]+)*")
BESIDE = re.compile(f"[{LETTERS}0-9£$€]")
SENTENCE_ENDS = re.compile("[.!?:;\n•]")
DIGIT = re.compile("[0-9]")
OWN = re.compile("['’]s$")
TIGHT = (" ", "\u00a0")
AFTER_TITLE = (" ", "\u00a0", ".", ". ")
NO_NAME_ENDS_SO = re.compile("(?:s|ing|ion|ment|ship|ity|ness|er|or|nce|al|ly|ed|ff|age|ure|ice|work|time)$")
MOST_SURNAMES = 2


class FindingKind(TextChoices):
    """What a finding may be."""

    NAME = "name", _("Possible name")
    INITIALS = "initials", _("Possible initials")
    CASE = "case", _("Possible case number")
    PHONE = "phone", _("Phone number")
    EMAIL = "email", _("E-mail address")
    ADDRESS = "address", _("Address")
    WORDS = "words", _("Other words")


MARKS = {
    FindingKind.NAME: _("[name removed]"),
    FindingKind.INITIALS: _("[initials removed]"),
    FindingKind.CASE: _("[case number removed]"),
    FindingKind.PHONE: _("[phone number removed]"),
    FindingKind.EMAIL: _("[e-mail address removed]"),
    FindingKind.ADDRESS: _("[address removed]"),
    FindingKind.WORDS: _("[words removed]"),
}


def mark_of(kind: FindingKind) -> str:
    """Return what stands in the place of something that was taken out."""
    return str(MARKS[kind])


@dataclass(frozen=True, order=True)
class Finding:
    """Characters `start` up to `end` of a text, and what they may be."""

    start: int
    end: int
    kind: FindingKind


@dataclass(frozen=True)
class Word:
    """A word of a text; `base` is without accents and case, and without a possessive 's."""

    start: int
    end: int
    base: str
    before: str  # what stands between it and the word before; "." before the first
    text: str
    own: bool
    capital: bool

    @property
    def opens(self) -> bool:
        """Whether a sentence begins with it."""
        return bool(SENTENCE_ENDS.search(self.before))

    @property
    def shouts(self) -> bool:
        """Whether it is written in capitals, as abbreviations are."""
        return len(self.text) > 1 and self.text == self.text.upper()


def find_names(text: str) -> list[Finding]:
    """Return what in a text may point to a person, in order, without overlaps, in its first 5,000 characters."""
    rules = read_rules()
    text = text[: rules.longest]
    found = _by_pattern(text, rules)
    words = _words(text, rules)
    at = 0
    while at < len(words):
        last, kind = _person(words, at, rules)
        if last >= at:
            _add(found, Finding(words[at].start, words[last].end, kind))
        at = max(at, last) + 1
    return sorted(found)


def fold(word: str, rules: Rules) -> str:
    """Return a word in small letters without accents, for looking it up."""
    plain = "".join(rules.folds.get(char, char) for char in word.lower())
    return "".join(char for char in unicodedata.normalize("NFD", plain) if not "\u0300" <= char <= "\u036f")


def _add(found: list[Finding], new: Finding) -> None:
    if all(new.end <= other.start or new.start >= other.end for other in found):
        found.append(new)


def _by_pattern(text: str, rules: Rules) -> list[Finding]:
    found: list[Finding] = []
    for pattern in rules.patterns:
        for match in pattern.find.finditer(text):
            beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
            if not BESIDE.search(beside) and not (pattern.none and pattern.none.search(match.group())):
                _add(found, Finding(match.start(), match.end(), FindingKind(pattern.kind)))
    return found


def _words(text: str, rules: Rules) -> list[Word]:
    words: list[Word] = []
    end = 0
    quiet = text == text.upper()  # in a text all in capitals a capital says nothing
    for match in WORD.finditer(text):
        written = OWN.sub("", match.group())
        words.append(
            Word(
                start=match.start(),
                end=match.start() + len(written),
                base=fold(written, rules),
                before=text[end : match.start()] if words else ".",
                text=written,
                own=written != match.group(),
                capital=not quiet and written[0] != written[0].lower(),
            )
        )
        end = match.end()
    return words


def _person(words: Sequence[Word], at: int, rules: Rules) -> tuple[int, FindingKind]:
    """Return the last word of the person that begins at a word, and the kind; -1 for nobody."""
    if _is_title(words, at, rules):
        return _with_surnames(words, at + 1, rules), FindingKind.NAME
    if _is_a_letter(words, at, rules):
        return at, FindingKind.INITIALS
    if words[at].capital and _is_place(words, at, rules):
        return -1, FindingKind.NAME
    if _is_listed(words[at], rules) or _is_meant(words, at, rules) or _is_unknown(words, at, rules):
        return _with_surnames(words, at, rules), FindingKind.NAME
    return -1, FindingKind.NAME


def _next(words: Sequence[Word], at: int) -> str:
    """Return the word after, folded, when nothing but a space is between; else nothing."""
    return words[at + 1].base if at + 1 < len(words) and words[at + 1].before in TIGHT else ""


def _last(words: Sequence[Word], at: int) -> str:
    """Return the word before, folded, when nothing but a space is between; else nothing."""
    return words[at - 1].base if at and words[at].before in TIGHT else ""


def _is_title(words: Sequence[Word], at: int, rules: Rules) -> bool:
    """Whether a title stands here with a name after it."""
    lists, word = rules.lists, words[at]
    if at + 1 == len(words) or words[at + 1].before not in AFTER_TITLE:
        return False
    after = words[at + 1]
    named = after.base in lists["surnames"] or after.base in lists["given"]
    called = after.capital and (after.base not in lists["not_names"] or len(after.text) == 1)
    if word.base in lists["titles"]:
        return named or called
    return word.base in lists["weak_titles"] and word.capital and called and not after.shouts


def _is_a_letter(words: Sequence[Word], at: int, rules: Rules) -> bool:
    """Whether one or two capitals stand for a person: "child J"."""
    word = words[at]
    one = len(word.text) == 1 and word.capital and word.text != "I"
    return one and _last(words, at) in rules.lists["people"] | rules.lists["families"]


def _is_place(words: Sequence[Word], at: int, rules: Rules) -> bool:
    """Whether a word with a capital is part of a place's name: "Victoria Road", "St David"."""
    beside = _next(words, at) in rules.lists["place_words"] and words[at + 1].capital and not words[at].own
    return beside or _last(words, at) in ("st", "saint")


def _is_listed(word: Word, rules: Rules) -> bool:
    """Whether it is a given name that is no other word, in any case, or a surname with a capital."""
    parts = word.base.split("-")
    if parts[0] in rules.lists["given"]:
        return len(parts) == 1 or word.capital
    return word.capital and not word.shouts and word.base in rules.lists["surnames"]


def _is_meant(words: Sequence[Word], at: int, rules: Rules) -> bool:
    """Whether a word that may be a name is one here, by what stands beside it."""
    lists, word = rules.lists, words[at]
    if not word.capital or word.shouts or word.base not in lists["ordinary"]:
        return False
    after, before = _next(words, at), _last(words, at)
    surname = after in lists["surnames"] and words[at + 1].capital
    if surname or after in lists["speech"] or before in lists["people"]:
        return True
    if word.base in lists["rag"]:
        return False
    if word.base in lists["months"]:
        return not (word.opens or word.own or before in lists["before_a_date"] or _digit_beside(words, at))
    return not word.opens or word.own


def _digit_beside(words: Sequence[Word], at: int) -> bool:
    after = words[at + 1].before if at + 1 < len(words) else ""
    return bool(DIGIT.search(words[at].before + after))


def _is_unknown(words: Sequence[Word], at: int, rules: Rules) -> bool:
    """Whether a word with a capital that no list has stands where a person would, and not where a place would."""
    lists, word = rules.lists, words[at]
    if not word.capital or len(word.text) < 3 or word.text[1:] != word.text[1:].lower():
        return False
    if any(word.base in lists[name] for name in ("not_names", "ordinary", "people", "place_words", "openers")):
        return False
    before, after = _last(words, at), _next(words, at)
    if word.opens:
        return after in lists["speech"] and not NO_NAME_ENDS_SO.search(word.base)
    if before == "the" and after in lists["families"]:
        return True
    in_a_title = at > 0 and words[at - 1].capital and bool(before) and before not in lists["openers"]
    before_a_title = bool(after) and words[at + 1].capital and after in lists["not_names"] | lists["place_words"]
    return not in_a_title and not before_a_title and before not in lists["before_a_thing"]


def _with_surnames(words: Sequence[Word], at: int, rules: Rules) -> int:
    """Return the last word of a name whose first word is given: up to two more with a capital, or known surnames."""
    last = at
    while last - at < MOST_SURNAMES and not words[last].own and _continues(words, last, rules):
        last += 1
    return last


def _continues(words: Sequence[Word], at: int, rules: Rules) -> bool:
    after = _next(words, at)
    if not after or after in rules.lists["not_names"]:
        return False
    following = words[at + 1]
    return after in rules.lists["surnames"] or (following.capital and not following.shouts)
