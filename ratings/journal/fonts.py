"""The journal's fonts: two families of its own, and fallbacks for other scripts; nothing of the machine's."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import fontpkg
from fontTools.ttLib import TTFont

FACES = {
    "serif.ttf": ("Source Serif 4", "normal"),
    "serif-italic.ttf": ("Source Serif 4", "italic"),
    "sans.ttf": ("Source Sans 3", "normal"),
    "sans-italic.ttf": ("Source Sans 3", "italic"),
}
"""What `print.css` calls `asset:NAME`: family and style."""


def face(name: str) -> Path:
    """Return the file of one of FACES."""
    family, style = FACES[name]
    return Path(str(fontpkg.path(family, style=style)))


def fallback_folder() -> Path:
    """Return the folder of the fonts for other scripts and for symbols."""
    return Path(str(files("manimgx_fonts")))


def fallbacks() -> list[Path]:
    """Return the files of the fonts for other scripts and for symbols."""
    return sorted(fallback_folder().glob("*.ttf"))


@lru_cache(maxsize=32)
def points(path: Path) -> frozenset[int]:
    """Return every code point that a font can draw."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """Return every code point that some font of the journal can draw."""
    return frozenset().union(*(points(path) for path in [*map(face, FACES), *fallbacks()]))


def face_covering(text: str) -> Path:
    """Return the sans serif, or where it cannot draw a text the fallback that can draw most of it."""
    own = face("sans.ttf")
    wanted = {ord(char) for char in text} - {0x20}
    return own if wanted <= points(own) else max([own, *fallbacks()], key=lambda path: len(wanted & points(path)))


def write_fontconfig(folder: Path) -> Path:
    """Write a font configuration that knows the journal's fonts and no others; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    root = ElementTree.Element("fontconfig")
    for path in sorted({fallback_folder(), *(face(name).parent for name in FACES)}):
        ElementTree.SubElement(root, "dir").text = str(path)
    ElementTree.SubElement(root, "cachedir").text = str(folder / "cache")
    path, text = folder / "fonts.conf", ElementTree.tostring(root, encoding="unicode")
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path
