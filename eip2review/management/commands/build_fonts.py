"""`manage.py build_fonts`: cut the web fonts out of the installed font packages."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

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


class Command(BaseCommand):
    """Write VAR_DIR/fonts/*.woff2; does nothing when they are newer than the font packages and than this recipe."""

    requires_system_checks = []
    help = "Cut the web fonts out of the installed font packages into VAR_DIR/fonts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build every missing or outdated font and print its size."""
        folder: Path = settings.VAR_DIR / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        for cut in CUTS:
            target = folder / cut.name
            if not _is_current(target, cut.source_path):
                build_font(cut, target)
                self.stdout.write(f"{target.stat().st_size:>7,} bytes  {cut.name}")


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


def _is_current(target: Path, source: Path) -> bool:
    """Whether the built file is younger than the package's installation and this recipe."""
    if not target.exists():
        return False
    made_from = max(source.stat().st_ctime, Path(__file__).stat().st_mtime)
    return target.stat().st_mtime > made_from
