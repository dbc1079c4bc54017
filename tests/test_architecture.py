"""Rules of the tree that no linter knows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("eip2review", "workshops", "ratings", "tests")
LONGEST_FILE = 400  # lines


def files(*patterns: str) -> list[Path]:
    """Return the project's own files that match one of the patterns, migrations and caches aside."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not {"migrations", "__pycache__"} & set(path.parts))


def named(paths: list[Path]) -> list[str]:
    """Return the paths as a reader of a failure wants them."""
    return [str(path.relative_to(ROOT)) for path in paths]


TEMPLATES = files("templates/**/*")
KEPT_AS_A_FILE = ROOT / "templates/ratings/journal/export.html"  # never served: its style has to be in it
PAGES_AND_STATIC = [*TEMPLATES, *files("static/**/*.css", "static/**/*.js", "static/**/*.svg")]
CODE = [*PAGES_AND_STATIC, *files(*(f"{app}/**/*.py" for app in APPS))]


def test_templates_of_workshops_do_not_name_ratings() -> None:
    assert named([path for path in files("templates/workshops/**/*") if "ratings" in path.read_text()]) == []


def test_no_file_is_longer_than_a_person_can_hold_in_mind() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in CODE}
    assert named([path for path, length in lengths.items() if length > LONGEST_FILE]) == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style attribute", r"\sstyle\s*="),
        ("a style element", r"<style\b"),
        ("an event handler", r"\son[a-z]+\s*="),
        ("a script with a body", r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>"),
        ("text marked as safe", r"\|\s*safe\b|\bautoescape off\b"),
    ],
)
def test_templates_have_nothing_inline(what: str, pattern: str) -> None:
    served = [path for path in TEMPLATES if path != KEPT_AS_A_FILE]
    assert named([path for path in served if re.search(pattern, path.read_text())]) == [], f"{what} in a template"


def test_python_marks_no_text_as_safe() -> None:
    python = [path for path in CODE if path.suffix == ".py" and "tests" not in path.parts]
    assert named([path for path in python if re.search(r"mark_safe|SafeString\(", path.read_text())]) == []


def test_pages_ask_nothing_of_other_hosts() -> None:
    namespaces = r"(?!//www\.w3\.org/)"  # names of XML vocabularies: nothing is fetched
    pattern = re.compile(rf"https?:{namespaces}//|(?:src|href)=[\"']//|url\([\"']?//")
    assert named([path for path in PAGES_AND_STATIC if pattern.search(path.read_text())]) == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    odd = {"utils.py", "helpers.py", "common.py", "misc.py", "tools.py", "base.py"}
    of_django = ["eip2review/sqlite3/base.py"]  # a database's backend has to be called so
    assert named([path for path in CODE if path.name in odd]) == of_django
