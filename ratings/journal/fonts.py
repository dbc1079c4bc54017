"""The journal's fonts: two families of its own, and fallbacks for other scripts; nothing of the machine's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import fontpkg
import uharfbuzz as hb
from fontTools.ttLib import TTFont


@dataclass(frozen=True)
class Face:
    """A family and style, at one weight and for one size of type."""

    family: str
    style: str
    axes: dict[str, float]


SERIF, SANS = "Source Serif 4", "Source Sans 3"
FACES = {
    "serif.ttf": Face(SERIF, "normal", {"wght": 400, "opsz": 14}),
    "serif-600.ttf": Face(SERIF, "normal", {"wght": 600, "opsz": 14}),
    "serif-italic.ttf": Face(SERIF, "italic", {"wght": 400, "opsz": 14}),
    "display.ttf": Face(SERIF, "normal", {"wght": 400, "opsz": 40}),
    "display-300.ttf": Face(SERIF, "normal", {"wght": 300, "opsz": 48}),
    "sans.ttf": Face(SANS, "normal", {"wght": 400}),
    "sans-600.ttf": Face(SANS, "normal", {"wght": 600}),
    "sans-700.ttf": Face(SANS, "normal", {"wght": 700}),
    "sans-italic.ttf": Face(SANS, "italic", {"wght": 400}),
}
"""What `print.css` calls `asset:NAME`."""


def face(name: str) -> Path:
    """Return the file that one of FACES is cut from."""
    wanted = FACES[name]
    return Path(str(fontpkg.path(wanted.family, style=wanted.style)))


def cut_face(name: str) -> bytes:
    """Return one of FACES as a font without axes: WeasyPrint would cut one for every size, a hundred times slower."""
    whole = hb.Face(hb.Blob(face(name).read_bytes()))
    cut = hb.SubsetInput()
    cut.keep_everything()
    for axis, value in FACES[name].axes.items():
        cut.pin_axis_location(whole, axis, value)
    data: bytes = hb.subset(whole, cut).blob.data
    return data


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
    """Write a font configuration that knows the fallbacks, and none of the machine's fonts; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    root = ElementTree.Element("fontconfig")
    ElementTree.SubElement(root, "dir").text = str(fallback_folder())
    ElementTree.SubElement(root, "cachedir").text = str(folder / "cache")
    path, text = folder / "fonts.conf", ElementTree.tostring(root, encoding="unicode")
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path
