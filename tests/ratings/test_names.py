"""The check for possible names: how much it finds, how seldom it is wrong, and that phone and server agree."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from ratings.names import FindingKind, find_names, mark_of
from ratings.names.measuring import SENTENCES, measure, read_sentences
from ratings.names.rules import PATH
from tests.e2e.browsing import chromium

NAMES_JS = settings.BASE_DIR / "static" / "js" / "names.js"
PRECISION, RECALL = 0.98, 0.96
LATER_RECALL = 0.80  # of the sentences that were written after the lists of names
LATER = "# Written after the lists were fixed"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page that has imported names.js, as a phone does."""
    with chromium() as browser:
        page = browser.new_page()
        page.route("http://phone/", lambda route: route.fulfill(body="<body></body>", content_type="text/html"))
        page.route("http://phone/names.js", lambda route: route.fulfill(path=NAMES_JS, content_type="text/javascript"))
        page.goto("http://phone/")
        page.evaluate(
            "async rules => { const names = await import('/names.js');"
            " window.find = texts => texts.map(text => names.findNames(text, names.prepare(rules)))}",
            json.loads(PATH.read_text(encoding="utf-8")),
        )
        yield page


def in_units(text: str, at: int) -> int:
    """Return a place in a text as JavaScript counts it."""
    return len(text[:at].encode("utf-16-le")) // 2


def as_javascript(text: str) -> list[dict[str, object]]:
    """Return what Python finds, as names.js would say it."""
    return [
        {"start": in_units(text, each.start), "end": in_units(text, each.end), "kind": each.kind.value}
        for each in find_names(text)
    ]


def test_marked_sentences_reach_the_floors() -> None:
    sentences = read_sentences()
    result = measure(sentences)
    assert len(sentences) >= 400
    assert result.precision >= PRECISION, result.wrong
    assert result.recall >= RECALL, result.missed


def test_names_that_no_list_was_made_for_are_mostly_found(tmp_path: Path) -> None:
    later = tmp_path / "later.txt"
    later.write_text(SENTENCES.read_text(encoding="utf-8").split(LATER)[1], encoding="utf-8")
    assert measure(read_sentences(later)).recall >= LATER_RECALL


def test_check_names_prints_precision_recall_and_what_went_wrong(tmp_path: Path) -> None:
    path = tmp_path / "marked.txt"
    path.write_text("# A note\n\nAsk {Maria}.\nSome {zzz} here.\nWe met Omar.\n{case:case 4471}\n", encoding="utf-8")
    out = StringIO()
    call_command("check_names", path, verbosity=2, stdout=out)
    assert out.getvalue().splitlines() == [
        "4 sentences, 3 marked",
        "precision 0.667: 2 of 3 findings are right",
        "recall    0.667: 2 of 3 were found",
        "  name      1 of 2",
        "  case      1 of 1",
        "Missed: zzz: Some zzz here.",
        "Wrong: Omar: We met Omar.",
    ]


def test_nothing_marked_and_nothing_found_is_no_failure() -> None:
    assert (measure([]).precision, measure([]).recall) == (1, 1)


def test_phone_and_server_find_the_same_in_every_sentence(page: Page) -> None:
    texts = [sentence.text for sentence in read_sentences()]
    texts += [text.upper() for text in texts] + [text.lower() for text in texts] + [f"😀 {text} 👍🏽" for text in texts]
    texts += [" ".join(texts[at : at + 7]) for at in range(0, 400, 7)]
    texts += ["", "\n", "Sia\u0302n said", "MÅGNUS", "ŁUKASZ came", "x" * 6000 + " Maria"]
    found = page.evaluate("texts => find(texts)", texts)
    assert [pair for pair in zip(texts, found, strict=True) if as_javascript(pair[0]) != pair[1]] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It works when Maria is on duty.", [("Maria", FindingKind.NAME)]),
        ("Mrs X never came.", [("Mrs X", FindingKind.NAME)]),
        ("maria's plan", [("maria", FindingKind.NAME)]),
        ("The plan for JB (14) works.", [("JB (14)", FindingKind.INITIALS)]),
        ("child J", [("J", FindingKind.INITIALS)]),
        ("a@b.example, 07700 900123", [("a@b.example", FindingKind.EMAIL), ("07700 900123", FindingKind.PHONE)]),
        ("Case 4471 of CF10 1AA", [("Case 4471", FindingKind.CASE), ("CF10 1AA", FindingKind.ADDRESS)]),
        ("Will it help? I hope so, in May.", []),
        ("Amber, going to Green.", []),
        ("", []),
    ],
)
def test_finding_says_where_and_what(text: str, found: list[tuple[str, FindingKind]]) -> None:
    assert [(text[each.start : each.end], each.kind) for each in find_names(text)] == found


@given(st.text(alphabet=st.sampled_from("AJMaria bc07,.()'’-/@\n éł😀"), max_size=200))
def test_findings_are_in_order_inside_the_text_and_apart(text: str) -> None:
    end = 0
    for each in find_names(text):
        assert end <= each.start < each.end <= len(text)
        end = each.end


@pytest.mark.parametrize(
    "part", ["a", "A", "0", "0 ", "A.", "a@", "a.", "-", "Mr ", "A-", "case ", "1/", "(", "+1 ", "O'", "the X ", "é"]
)
def test_hostile_text_takes_no_time(part: str) -> None:
    text = part * 50_000
    began = time.perf_counter()
    find_names(text)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("kind", FindingKind)
def test_every_kind_has_a_mark_in_square_brackets(kind: FindingKind) -> None:
    assert mark_of(kind).startswith("[")
    assert find_names(mark_of(kind)) == []
