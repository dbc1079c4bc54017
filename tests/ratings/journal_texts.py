"""Journals to read in tests: one written out, and any number generated and set in different hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

PLAIN = """\
Where the river bends

Slowly, and then all at once.
A ferryman

Boats and bridges

Being at the goal

10 – Everybody crosses when they need to.

0 – Nobody crosses.

Where would you rate the situation today?

• The ferry runs on Mondays
• The bridge is nearly dry
• Ropes – new ones – have arrived

Making progress towards the goal

10 – We have a plan for each bank, and follow it.

0 – The plan is wet.

Where would you rate the situation today?

• Two piers stand

RAG ratings (a broad perspective)

Lanterns

Being at the goal

10 – Every path is lit.

0 – It is dark.

Where would you rate the situation today?

• I can read by mine

Making progress towards the goal

10 – A lamp a week.

0 – Not one lamp.

Where would you rate the situation today?

RAG rating

Which imperatives will carry us over, and when?

• Build the second pier
• Oil
• Ask the fish
"""


@dataclass
class Said:
    """A journal as somebody means it."""

    title: str
    epigraph: list[str]
    deliverables: list[tuple[str, dict[str, tuple[str, str, list[str]]]]]
    question: str
    imperatives: list[str]


@dataclass
class Hand:
    """How somebody types: everything that may differ between two copies of the same journal."""

    bullet: str = "• "
    dash: str = " – "
    newline: str = "\n"
    space: str = " "
    indent: str = ""
    gap: int = 1
    mark: str = ""
    heading: Callable[[int, str], str] = field(default=lambda level, text: text)
    wrap: bool = False
    navigation: str = ""

    def wrapped(self, mark: str, text: str) -> list[str]:
        """Return the text after its mark on one line, or on as many as it has words."""
        if not self.wrap:
            return [mark + text]
        first, *rest = text.split(" ")
        return [mark + first, *(f"    {word}" for word in rest)]


def write_out(said: Said, hand: Hand) -> str:
    """Return the journal as this hand would type it."""
    blocks = [[hand.heading(1, said.title)], *([line] for line in said.epigraph)]
    for name, scales in said.deliverables:
        blocks.append([hand.heading(2, name)])
        for kind, heading in (("being", "Being at the Goal"), ("progress", "Making Progress Towards the Goal")):
            ten, zero, comments = scales[kind]
            blocks.append([hand.heading(3, heading)])
            blocks.append(hand.wrapped(f"10{hand.dash}", ten))
            blocks.append(hand.wrapped(f"0{hand.dash}", zero))
            blocks.append(["Where would you rate the situation today?"])
            blocks.append([line for text in comments for line in hand.wrapped(hand.bullet, text)])
        blocks.append([hand.heading(3, "RAG Rating")])
    blocks.append([said.question])
    blocks.append([line for text in said.imperatives for line in hand.wrapped(hand.bullet, text)])
    lines = [line for block in blocks for line in [*block, *[""] * hand.gap]]
    lines += ["", hand.navigation] if hand.navigation else []
    spaced = [(hand.indent + line).replace(" ", hand.space) for line in lines]
    return hand.mark + hand.newline.join(spaced)


def _sentences(most: int) -> st.SearchStrategy[str]:
    word = st.text("abcdefghijklmnoprstuvwyzâêŵŷéüßøλж’", min_size=1, max_size=9)
    return st.lists(word, min_size=1, max_size=most).map(" ".join)


_scales = st.tuples(_sentences(20), _sentences(20), st.lists(_sentences(12), max_size=5))
journals = st.builds(
    Said,
    title=_sentences(6),
    epigraph=st.lists(_sentences(8), max_size=3),
    deliverables=st.lists(
        st.tuples(_sentences(4), st.fixed_dictionaries({"being": _scales, "progress": _scales})), min_size=1, max_size=5
    ),
    question=_sentences(8).map(lambda text: f"Which imperatives {text}?"),
    imperatives=st.lists(_sentences(12), min_size=1, max_size=6),
)
hands = st.builds(
    Hand,
    bullet=st.sampled_from(["• ", "•", "- ", "* ", "•\t", "▪ ", "\uf0b7 "]),
    dash=st.sampled_from([" – ", " — ", " - ", "– ", " –", ": ", " − "]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    space=st.sampled_from([" ", "  ", "\xa0", "\t", " \xa0"]),
    indent=st.sampled_from(["", "  ", "\xa0", "\t"]),
    gap=st.integers(0, 3),
    mark=st.sampled_from(["", "\ufeff"]),
    heading=st.sampled_from(
        [
            lambda level, text: text,
            lambda level, text: f"{'#' * level} {text}",
            lambda level, text: f"**{text}**",
            lambda level, text: f"{'#' * level} **{text}** #",
        ]
    ),
    wrap=st.booleans(),
    navigation=st.sampled_from(["", "Back to the journals", "← Back to all pages", "[Back to the start](index.html)"]),
)
