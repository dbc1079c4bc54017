"""`manage.py build_fonts`: cut the web fonts out of the installed font packages."""

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from ratings.typesetting import WIDTHS, Face

MADE_FROM = "fonts-made-from"
SANS = ("fontpkg_source_sans_3", "files/SourceSans3[wght].ttf")
SERIF = ("fontpkg_source_serif_4", "files/SourceSerif4[opsz,wght].ttf")

ASCII = "".join(map(chr, range(0x20, 0x7F)))
PHONE_TEXT = ASCII + "\xa0£·âéêîôûŴŵŶŷ–—‘’“”…"
LATIN_TEXT = ASCII + "".join(map(chr, range(0xA0, 0x100))) + "ŴŵŶŷŸ‐–—‘’“”•…€←↑→↓−✓"
PHONE_FEATURES = ["kern", "lnum"]
LATIN_FEATURES = ["kern", "lnum", "tnum", "liga", "ccmp", "locl", "mark"]


@dataclass(frozen=True)
class Cut:
    """One font file: what it is cut from, the characters it keeps and the weights it spans."""

    name: str
    source: tuple[str, str]
    text: str
    features: list[str]
    axes: dict[str, float | tuple[float, float]]

    @property
    def source_path(self) -> Path:
        """The variable font inside its installed package."""
        package, inside = self.source
        return Path(str(files(package))) / inside


CUTS = [
    Cut("sans-latin.woff2", SANS, LATIN_TEXT, LATIN_FEATURES, {"wght": (400, 700)}),
    Cut("serif-latin.woff2", SERIF, LATIN_TEXT, LATIN_FEATURES, {"opsz": 24, "wght": (300, 600)}),
    # Phones: what a weak signal has to carry. Below weight 400 the serif would cost another 7 KB.
    Cut("sans-phone.woff2", SANS, PHONE_TEXT, PHONE_FEATURES, {"wght": (400, 700)}),
    Cut("serif-phone.woff2", SERIF, PHONE_TEXT, PHONE_FEATURES, {"opsz": 24, "wght": (400, 600)}),
]
MEASURED = {
    Face.SANS: ("sans-latin.woff2", 400),
    Face.SANS_BOLD: ("sans-latin.woff2", 700),
    Face.SERIF: ("serif-latin.woff2", 400),
}
"""What the wall's text is set in: font and weight."""


class Command(BaseCommand):
    """Write BUILT_DIR/fonts/*.woff2 and how wide their letters are.

    Does nothing when this recipe has been carried out on the installed packages.
    """

    requires_system_checks = []
    help = "Cut the web fonts out of the installed font packages into BUILT_DIR/fonts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build every font and print its size, unless all are there and nothing they are made from has changed."""
        if fonts_are_current():
            return
        folder: Path = settings.BUILT_DIR / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        for cut in CUTS:
            build_font(cut, folder / cut.name)
            self.stdout.write(f"{(folder / cut.name).stat().st_size:>7,} bytes  {cut.name}")
        widths = {face: letter_widths(folder / name, weight) for face, (name, weight) in MEASURED.items()}
        (settings.BUILT_DIR / WIDTHS).write_text(json.dumps(widths, ensure_ascii=False))
        (settings.BUILT_DIR / MADE_FROM).write_text(fingerprint())


def fonts_are_current() -> bool:
    """Return whether every font is there, made by this recipe from the packages as installed."""
    made_from: Path = settings.BUILT_DIR / MADE_FROM
    wanted = [settings.BUILT_DIR / WIDTHS, *(settings.BUILT_DIR / "fonts" / cut.name for cut in CUTS)]
    is_complete = all(path.exists() for path in wanted)
    return is_complete and made_from.exists() and made_from.read_text() == fingerprint()


def fingerprint() -> str:
    """Return what decides the fonts' bytes: the versions of the packages and this file."""
    packages = ("fontpkg-source-sans-3", "fontpkg-source-serif-4", "fonttools", "brotli")
    versions = " ".join(f"{package}={version(package)}" for package in packages)
    return f"{versions} recipe={sha256(Path(__file__).read_bytes()).hexdigest()}"


def build_font(cut: Cut, target: Path) -> None:
    """Write one WOFF2; the same packages always give the same bytes."""
    font = TTFont(cut.source_path, recalcTimestamp=False)
    options = Options(layout_features=cut.features, hinting=False, name_IDs=[], glyph_names=False, drop_tables=["DSIG"])
    subsetter = Subsetter(options)
    subsetter.populate(text=cut.text)
    subsetter.subset(font)  # before the axes are cut: a few hundred glyphs instead of thousands
    instantiateVariableFont(font, cut.axes, inplace=True)
    font.flavor = "woff2"
    unfinished = target.with_suffix(".part")
    font.save(unfinished)
    unfinished.replace(target)


def letter_widths(font_path: Path, weight: int) -> dict[str, float]:
    """Return the width of every letter of a variable font at a weight, in units of the font's size."""
    with TTFont(font_path, lazy=True) as font:
        glyphs = font.getGlyphSet(location={"wght": weight})
        units = font["head"].unitsPerEm
        return {chr(point): round(glyphs[name].width / units, 4) for point, name in font.getBestCmap().items()}
