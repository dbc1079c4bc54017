"""What `manage.py prepare` builds, and that it builds nothing twice."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from fontTools.ttLib import TTFont
from pytest_django import Settings

from eip2review.management.commands.build_fonts import CUTS, LATIN_TEXT, PHONE_TEXT, fingerprint, fonts_are_current
from eip2review.management.commands.prepare import static_files_are_current
from ratings.typesetting import WIDTHS, Face
from workshops.models import Review, Scale

PHONE_BUDGET = 34_000  # bytes for both fonts of a phone


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation whose fonts were cut anew."""
    var_dir = tmp_path_factory.mktemp("var")
    with override_settings(BUILT_DIR=var_dir):
        call_command("build_fonts")
        yield var_dir


@pytest.fixture
def phone_fonts(built: Path) -> list[Path]:
    """The fonts that a phone loads."""
    return sorted((built / "fonts").glob("*-phone.woff2"))


def test_phone_fonts_keep_to_their_budget(phone_fonts: list[Path]) -> None:
    assert len(phone_fonts) == 2
    assert sum(path.stat().st_size for path in phone_fonts) <= PHONE_BUDGET


def test_phone_fonts_have_every_character_they_promise_and_two_weights(phone_fonts: list[Path]) -> None:
    for path in phone_fonts:
        with TTFont(path) as font:
            assert set(map(ord, PHONE_TEXT)) <= set(font.getBestCmap())
            weights = {axis.axisTag: (axis.minValue, axis.maxValue) for axis in font["fvar"].axes}["wght"]
            assert weights[0] == 400
            assert weights[1] >= 600


@pytest.fixture
def all_built(settings: Settings, tmp_path: Path) -> Path:
    """An installation whose fonts were built and whose static files were collected."""
    settings.BUILT_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    for folder in ("fonts", "static"):
        (tmp_path / folder).mkdir()
    for cut in CUTS:
        (tmp_path / "fonts" / cut.name).write_bytes(b"built before")
    (tmp_path / "fonts-made-from").write_text(fingerprint())
    (tmp_path / WIDTHS).write_text("{}")
    manifest = tmp_path / "static/staticfiles.json"
    manifest.touch()
    os.utime(manifest, (manifest.stat().st_mtime + 10,) * 2)
    return tmp_path


def test_fonts_are_current_once_built(built: Path) -> None:
    assert sorted(path.name for path in (built / "fonts").iterdir()) == sorted(cut.name for cut in CUTS)
    assert fonts_are_current()


def test_fonts_are_not_current_when_one_is_gone(all_built: Path) -> None:
    assert fonts_are_current()
    (all_built / "fonts" / CUTS[2].name).unlink()
    assert not fonts_are_current()


def test_fonts_are_not_current_when_nobody_knows_how_wide_their_letters_are(all_built: Path) -> None:
    (all_built / WIDTHS).unlink()
    assert not fonts_are_current()


def test_every_letter_is_measured_at_the_weights_that_the_wall_uses(built: Path) -> None:
    widths = json.loads((built / WIDTHS).read_text())
    assert sorted(widths) == sorted(Face)
    for face in Face:
        assert set(widths[face]) == set(LATIN_TEXT)
        assert 0.15 < min(widths[face].values()) < widths[face]["a"] < widths[face]["W"] < 1.3
    assert widths[Face.SANS]["a"] < widths[Face.SANS_BOLD]["a"]


def test_fonts_are_not_current_when_a_package_was_upgraded(all_built: Path) -> None:
    (all_built / "fonts-made-from").write_text(fingerprint().replace("fonttools=", "fonttools=0."))
    assert not fonts_are_current()


def test_static_files_are_collected_anew_when_one_changes(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR, settings.BUILT_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "var", tmp_path / "collected"
    for folder in ("static/css", "var/fonts", "collected"):
        (tmp_path / folder).mkdir(parents=True)
    sheet = tmp_path / "static/css/base.css"
    sheet.touch()
    assert not static_files_are_current()
    manifest = tmp_path / "collected/staticfiles.json"
    manifest.touch()
    later = manifest.stat().st_mtime + 10
    os.utime(manifest, (later, later))
    assert static_files_are_current()
    os.utime(sheet, (later + 10, later + 10))
    assert not static_files_are_current()


@pytest.mark.django_db
def test_prepare_loads_the_default_review_once(all_built: Path) -> None:
    Review.objects.all().delete()
    call_command("prepare")
    call_command("prepare")
    assert Review.objects.count() == 1
    assert Scale.objects.count() == 6


@pytest.mark.django_db
def test_prepare_leaves_reviews_as_they_are(all_built: Path) -> None:
    Review.objects.create(title="Our own")
    call_command("prepare")
    assert [review.title for review in Review.objects.all()] == ["Our own"]


def test_every_font_that_a_style_sheet_names_is_built() -> None:
    named = {
        name.split('"')[0]
        for sheet in (settings.BASE_DIR / "static").rglob("*.css")
        for name in sheet.read_text().split("fonts/")[1:]
        if ".woff2" in name.split('"')[0]
    }
    assert named
    assert named <= {cut.name for cut in CUTS}
