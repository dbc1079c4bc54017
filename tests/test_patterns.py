"""No expression of ours takes more than a few looks at each letter, whatever is sent."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from ratings.names.rules import read_rules

parser: Any = importlib.import_module("re._parser")
compiler: Any = importlib.import_module("re._compiler")
MANY = 20
"""A repetition of more than so many is without end, as far as patience goes."""
LETTERS = [chr(n) for n in range(0x180)] + ["\u00a0", "\u2013", "\u2019", "\u201c", "\u2028", "\u4e2d", "\u0660"]
REPEATS = {parser.MAX_REPEAT, parser.MIN_REPEAT}
Item = tuple[Any, Any]
KNOWN: dict[str, frozenset[str]] = {}
"""Which letters an item of one letter matches, found once."""


def held() -> Iterator[tuple[str, Any]]:
    """Yield what the modules of the product hold, with where it stands."""
    for app in ("eip2review", "workshops", "ratings"):
        for info in pkgutil.walk_packages([str(settings.BASE_DIR / app)], f"{app}."):
            if ".migrations" in info.name or ".management" in info.name or info.name == "eip2review.asgi":
                continue
            for name, value in vars(importlib.import_module(info.name)).items():
                yield from (
                    (f"{info.name}.{name}", each) for each in (value.values() if type(value) is dict else [value])
                )


def called() -> Iterator[tuple[str, str]]:
    """Yield the expressions that calls of `re` are given as they stand, with where."""
    for app in ("eip2review", "workshops", "ratings"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                    given = node.args[0]
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield f"{path.name}:{node.lineno}", given.value


def ours() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every expression of ours with where it stands."""
    yield from ((where, each) for where, each in held() if isinstance(each, re.Pattern))
    yield from ((where, re.compile(given)) for where, given in called())
    for rule in read_rules().patterns:
        yield f"rules.json {rule.kind}", rule.find
        if rule.none:
            yield f"rules.json {rule.kind}: not", rule.none


PATTERNS = {f"{where}: {pattern.pattern[:60]}": pattern for where, pattern in ours()}


def letters_of(item: Item, state: Any) -> frozenset[str]:
    """Return which letters stand where an item of one letter stands; all that it may hold, where it holds several."""
    op, value = item
    if op in REPEATS:
        return frozenset().union(*(letters_of(each, state) for each in value[2]))
    if op is parser.SUBPATTERN:
        return frozenset().union(*(letters_of(each, state) for each in value[3]))
    if op is parser.BRANCH:
        return frozenset().union(*(letters_of(each, state) for way in value[1] for each in way))
    if op in (parser.AT, parser.ASSERT, parser.ASSERT_NOT):
        return frozenset()
    if op is parser.GROUPREF:
        return frozenset(LETTERS)
    if str(item) not in KNOWN:
        one = compiler.compile(parser.SubPattern(state, [item]), state.flags & ~re.DEBUG)
        KNOWN[str(item)] = frozenset(letter for letter in LETTERS if one.fullmatch(letter))
    return KNOWN[str(item)]


def inside(item: Item) -> Iterator[list[Item]]:
    """Yield the sequences that an item is made of."""
    op, value = item
    if op in REPEATS:
        yield list(value[2])
    elif op is parser.SUBPATTERN:
        yield list(value[3])
    elif op is parser.BRANCH:
        yield from map(list, value[1])
    elif op in (parser.ASSERT, parser.ASSERT_NOT):
        yield list(value[1])


def is_endless(item: Item) -> bool:
    """Whether an item repeats without end, by more or less."""
    op, value = item
    return op in REPEATS and value[1] > MANY and value[0] != value[1]


def holds_endless(items: list[Item]) -> bool:
    """Whether there is a repetition without end anywhere in a sequence."""
    return any(is_endless(item) or any(map(holds_endless, inside(item))) for item in items)


def unwrapped(items: list[Item]) -> list[Item]:
    """Return a sequence without the brackets around all of it."""
    while len(items) == 1 and items[0][0] is parser.SUBPATTERN:
        items = list(items[0][1][3])
    return items


def is_told_apart(items: list[Item], state: Any) -> bool:
    """Whether one round of a repetition can be told from the next: by a letter that nothing else of it can be."""
    for n, item in enumerate(items):
        others = frozenset().union(*(letters_of(each, state) for m, each in enumerate(items) if m != n))
        single = item[0] in (parser.LITERAL, parser.IN, parser.NOT_LITERAL, parser.CATEGORY, parser.ANY)
        if single and (own := letters_of(item, state)) and not own & others:
            return True
    return False


def catastrophes(items: list[Item], state: Any) -> Iterator[str]:
    """Yield each repetition within a repetition whose rounds cannot be told apart, and overlapping ways in one."""
    for item in items:
        if is_endless(item):
            body = unwrapped(list(item[1][2]))
            if holds_endless(body) and not is_told_apart(body, state):
                yield f"a repetition within a repetition: {item}"
            for one in (each for each in body if each[0] is parser.BRANCH):
                firsts = [letters_of(way[0], state) for way in map(list, one[1][1]) if way]
                if sum(map(len, firsts)) != len(frozenset().union(*firsts)):
                    yield f"two ways to read the same letter, again and again: {item}"
        for sequence in inside(item):
            yield from catastrophes(sequence, state)


def check(pattern: str, flags: int = 0) -> list[str]:
    """Return what may take for ever in an expression."""
    parsed = parser.parse(pattern, flags)
    return list(catastrophes(list(parsed), parsed.state))


@pytest.mark.parametrize("name", PATTERNS)
def test_no_expression_takes_for_ever(name: str) -> None:
    pattern = PATTERNS[name]
    assert check(pattern.pattern, pattern.flags & ~re.DEBUG) == []


@pytest.mark.parametrize("bad", [r"(a+)+$", r"(\w+\s?)*$", r"(?:[a-z]1?|[m-z0-9])*!", r"((a|aa)+b?)*c", r"(?:x*y?)+z"])
def test_check_finds_what_takes_for_ever(bad: str) -> None:
    assert check(bad)


def test_check_reads_many_expressions() -> None:
    assert len(PATTERNS) > 50
