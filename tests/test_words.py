"""Every word that people read can be gathered in one catalogue, as whole sentences."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

ROOT = Path(__file__).parent.parent
NAME = "Midpoint"
QUIET = re.compile(
    r"{#.*?#}"
    r"|{% comment.*?{% endcomment %}"
    r"|{% blocktranslate.*?{% endblocktranslate %}"
    r"|{% block \w*(?:class|attributes) %}.*?{% endblock %}"
    r"|{[%{].*?[%}]}",
    re.DOTALL,
)
MARKUP = re.compile(r"""<!--.*?-->|<(?:[^>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)
READ_ALOUD = re.compile(r'(?:aria-label|aria-roledescription|title|placeholder|alt)="([^"]*)"')
A_WORD = re.compile(r"[^\W\d_]{2,}")


def bare_words(template: str) -> list[str]:
    """Return the words of a template that no translation would reach: in its text and in what is read aloud."""
    quiet = QUIET.sub("", template)
    said = [MARKUP.sub("\n", quiet), *READ_ALOUD.findall(quiet)]
    return [word for text in said for word in A_WORD.findall(text) if word != NAME]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Plain</p>", ["Plain"]),
        ('<a data-find="p > a">7</a>', []),
        ('<p aria-label="Said">{% translate "Seen" %}</p>', ["Said"]),
        ("{% blocktranslate %}Fine{% endblocktranslate %} {{ value }} {# a note #} 7 –", []),
        ("{% block body_class %}phone{% endblock %}{% block title %}Bare{% endblock %}", ["Bare"]),
    ],
)
def test_bare_words_are_found(template: str, words: list[str]) -> None:
    assert bare_words(template) == words


def test_one_command_gathers_the_words_of_code_and_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """On a copy: the command writes beside the files that it reads."""
    for folder in ("eip2review", "workshops", "ratings", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / settings.LOCALE_PATHS[0].relative_to(ROOT)]
    call_command("makemessages", locale=["cy"], no_location=True, verbosity=0)
    catalogue = (settings.LOCALE_PATHS[0] / "cy" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    for words in ("Skip to the question", "Not saved yet", "Being at the goal", "Download the PDF"):
        assert f'msgid "{words}"' in catalogue
