"""What may point to a person in words that somebody wrote: one set of rules, read here and by static/js/names.js.

The rules are in rules.json. Patterns are linear: nothing in them repeats a repetition over the same characters, and no
more than `longest` characters are looked at. A finding is a warning and never a verdict: names that are also words,
and names that no list has, are found by what stands beside them, or not at all.
"""

from __future__ import annotations

from ratings.names.finding import Finding, FindingKind, find_names, mark_of

__all__ = ["Finding", "FindingKind", "find_names", "mark_of"]
