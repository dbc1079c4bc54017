"""`manage.py journal CODE --output FILE`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ratings.journal import press
from tests.ratings.journal.told import told_in_numbers, told_in_words

pytestmark = pytest.mark.django_db


def test_journal_command_writes_a_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "journal.pdf"
    call_command("journal", told_in_words(1).spaced_code, "--output", str(path))
    assert path.read_bytes().startswith(b"%PDF-1.7")
    assert capsys.readouterr().out == f"{path}: Half way there, Carreg Bay Council\n"


def test_journal_command_writes_a_page_that_needs_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.html"
    call_command("journal", told_in_numbers(1).code, "--output", str(path))
    page = path.read_text()
    assert "--being: #1D4E79" in page
    assert page.count("<svg") == 2 + 2 + 1 + 1 + 1 + 3 + 2
    assert re.findall(r"<(?:script|link|img)\b|\bhttps?://(?!www\.w3\.org)|url\(", page) == []


@pytest.mark.parametrize(
    ("code", "name", "sentence"),
    [
        ("000000", "journal.pdf", "No workshop has the code 000000"),
        ("", "journal.txt", "A journal comes as pdf, docx, html, "),
        ("", "nowhere/journal.html", "The journal was not written"),
    ],
)
def test_journal_command_says_what_is_wrong(code: str, name: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("journal", code or told_in_words(1).code, "--output", str(tmp_path / name))


def test_journal_command_writes_what_the_name_says(tmp_path: Path) -> None:
    path = tmp_path / "journal.MD"
    call_command("journal", told_in_words(1).code, "--output", str(path))
    assert path.read_text().startswith('---\norganisation: "Carreg Bay Council"\n')


def test_journal_command_says_that_a_journal_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MEMORY", 64 * 1024 * 1024)
    with pytest.raises(CommandError, match="too large"):
        call_command("journal", told_in_words(1).code, "--output", str(tmp_path / "journal.pdf"))
