"""Lines of text: no word is lost, none is too wide, and what is not known counts as wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.paging import ALONE, ITEM
from ratings.typesetting import FOREIGN, WIDE, Face, break_lines, width_of


def broken(text: str, letters: float) -> list[str]:
    """Return the lines of a text in a width of so many letters x."""
    return break_lines(text, face=Face.SANS, size=2.0, width=2.0 * letters * width_of("x", Face.SANS) + 0.001)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        (" \n", [""]),
        ("x", ["x"]),
        ("x" * 10, ["x" * 10]),
        ("x" * 25, ["x" * 10, "x" * 10, "xxxxx"]),
        ("xxxx xxxxx", ["xxxx xxxxx"]),
        ("xxxxx xxxxxx", ["xxxxx ", "xxxxxx"]),
        ("xxxxx\n\nxxxxxx", ["xxxxx ", "xxxxxx"]),
        ("xx " + "x" * 12 + " xx", ["xx ", "x" * 10, "xx xx"]),
        ("xxxxx-xxxxxx", ["xxxxx-", "xxxxxx"]),
        ("xxxxxxx xxx!", ["xxxxxxx ", "xxx!"]),
        ("xxx xxxxxx !", ["xxx ", "xxxxxx !"]),
        ("xxxxxx ( xxxx", ["xxxxxx ", "( xxxx"]),
        ("xxxxxx\xa0xxxx", ["xxxxxx\xa0xxx", "x"]),
    ],
)
def test_lines_end_where_a_browser_may_end_them(text: str, lines: list[str]) -> None:
    assert broken(text, 10) == lines


def test_nothing_is_too_narrow_for_a_letter() -> None:
    assert broken("xyz", 0.1) == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("letter", "width"), [("\u0301", 0.0), ("\u200d", 0.0), ("ش", FOREIGN), ("প", FOREIGN), ("🎉", WIDE), ("家", WIDE)]
)
def test_letters_that_the_fonts_lack_count_as_wide(letter: str, width: float) -> None:
    assert {width_of(letter, face) for face in Face} == {width}


def test_bold_letters_are_wider() -> None:
    assert width_of("Working well", Face.SANS_BOLD) > width_of("Working well", Face.SANS)


@given(st.text("abWi -\n🎉ش", max_size=300), st.floats(0.5, 30.0))
def test_lines_keep_every_word_and_fit(text: str, width: float) -> None:
    lines = break_lines(text, face=Face.SERIF, size=1.0, width=width)
    assert "".join(lines).split() == text.split()
    assert all(width_of(line.rstrip(), Face.SERIF) <= width + 1e-6 or len(line.rstrip()) == 1 for line in lines)


@given(st.text("abWi  ", min_size=1, max_size=600), st.integers(2, 9))
def test_parts_have_no_more_lines_than_asked_for(text: str, at_once: int) -> None:
    for setting in (ITEM, ALONE):
        parts = setting.parts(text, 20.0, at_once)
        assert all(len(setting.lines(part, 20.0)) <= at_once for part in parts)
        bare = [part.removeprefix("… ").removesuffix(" …") for part in parts]
        assert "".join(bare).split() == text.split() or "".join("".join(bare).split()) == "".join(text.split())
