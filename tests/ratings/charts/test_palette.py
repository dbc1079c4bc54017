"""The charts' colours are the style sheets' colours."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from ratings.charts import DARK, LIGHT, Palette

TOKENS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
NAMES = {
    "ink": "ink",
    "ink2": "ink-2",
    "ink3": "line",
    "rule": "rule",
    "paper": "paper",
    "being": "being",
    "being_tint": "being-tint",
    "progress": "prog",
    "progress_tint": "prog-tint",
    "on_tone": "on-tone",
    "red": "red",
    "on_red": "on-red",
    "green": "green",
    "on_green": "on-green",
}


def tokens(block: str) -> dict[str, str]:
    start = TOKENS.index(block)
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", TOKENS[start : TOKENS.index("}", start)]))


@pytest.mark.parametrize(("block", "palette"), [(":root {", LIGHT), ('[data-theme="dark"] {', DARK)])
def test_palette_is_the_tokens(block: str, palette: Palette) -> None:
    found = tokens(block)
    assert {role: found[name].upper() for role, name in NAMES.items()} == {role: palette[role] for role in NAMES}  # type: ignore[index]


def test_both_palettes_know_every_role() -> None:
    assert set(LIGHT) == set(DARK)
