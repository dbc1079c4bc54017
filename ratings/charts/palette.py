"""Colours by role: marks name a role, the writers apply a palette, so that one scene serves paper and a dark wall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Role = Literal[
    "ink",
    "ink2",
    "ink3",
    "rule",
    "paper",
    "ground",
    "ground_strong",
    "being",
    "being_tint",
    "progress",
    "progress_tint",
    "on_tone",
    "red",
    "on_red",
    "amber",
    "on_amber",
    "green",
    "on_green",
]
Palette = Mapping[Role, str]

LIGHT: Palette = {
    "ink": "#17212B",
    "ink2": "#4A5763",
    "ink3": "#6B7782",
    "rule": "#C9D0D6",
    "paper": "#FFFFFF",
    "ground": "#F4F6F7",
    "ground_strong": "#E9EEF2",
    "being": "#1D4E79",
    "being_tint": "#D3E0EC",
    "progress": "#A8471B",
    "progress_tint": "#F3DCCF",
    "on_tone": "#FFFFFF",
    "red": "#9B1C2E",
    "on_red": "#FFFFFF",
    "amber": "#F2B84B",
    "on_amber": "#17212B",
    "green": "#2B7F6E",
    "on_green": "#FFFFFF",
}
"""Ink on paper: the journal, the desk, the wall with the lights up."""

DARK: Palette = {
    "ink": "#FFFFFF",
    "ink2": "#C9D8E6",
    "ink3": "#9DB4C9",
    "rule": "#3C5870",
    "paper": "#10293F",
    "ground": "#183650",
    "ground_strong": "#1F4260",
    "being": "#7DB1E0",
    "being_tint": "#24486A",
    "progress": "#EE9B60",
    "progress_tint": "#58402F",
    "on_tone": "#10293F",
    "red": "#E2707F",
    "on_red": "#10293F",
    "amber": "#F2B84B",
    "on_amber": "#17212B",
    "green": "#62C1AC",
    "on_green": "#10293F",
}
"""The journal's cover, and the wall with the lights down."""
