"""Reading a journal kept as plain text: every hand, every variant, and nothing lost."""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

from ratings.journal.read import UnreadableText, decode_journal, find_date, read_journal
from ratings.journal.reading import content
from ratings.journal.reading.content import Entry, ReadJournal
from ratings.models import Comment, Imperative, JournalNotes, Term
from tests.ratings.journal_texts import PLAIN, Hand, Said, hands, journals, write_out
from workshops.choices import ScaleKind
from workshops.models import Deliverable, Edition, Scale

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "halfway-journal-2018.txt"

RATE = "Where would you rate the situation today?"


def as_said(journal: ReadJournal) -> Said:
    """Return what a journal says, without its lines."""
    return Said(
        title=journal.title.text if journal.title else "",
        epigraph=[entry.text for entry in journal.epigraph],
        deliverables=[
            (
                deliverable.name.text,
                {
                    scale.kind.value: (
                        scale.ten.text if scale.ten else "",
                        scale.zero.text if scale.zero else "",
                        [comment.text for comment in scale.comments],
                    )
                    for scale in deliverable.scales
                },
            )
            for deliverable in journal.deliverables
        ],
        question=journal.question.text if journal.question else "",
        imperatives=[entry.text for entry in journal.imperatives],
    )


RIVER = Said(
    title="Where the river bends",
    epigraph=["Slowly, and then all at once.", "A ferryman"],
    deliverables=[
        (
            "Boats and bridges",
            {
                "being": (
                    "Everybody crosses when they need to.",
                    "Nobody crosses.",
                    ["The ferry runs on Mondays", "The bridge is nearly dry", "Ropes – new ones – have arrived"],
                ),
                "progress": ("We have a plan for each bank, and follow it.", "The plan is wet.", ["Two piers stand"]),
            },
        ),
        (
            "Lanterns",
            {
                "being": ("Every path is lit.", "It is dark.", ["I can read by mine"]),
                "progress": ("A lamp a week.", "Not one lamp.", []),
            },
        ),
    ],
    question="Which imperatives will carry us over, and when?",
    imperatives=["Build the second pier", "Oil", "Ask the fish"],
)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text, id="as it is"),
        pytest.param(lambda text: text.replace("\n\n", "\n"), id="no blank lines"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="old Macintosh"),
        pytest.param(lambda text: "\ufeff" + text, id="mark at the start"),
        pytest.param(lambda text: text.replace("• ", "- "), id="hyphen bullets"),
        pytest.param(lambda text: text.replace("• ", "  * "), id="star bullets"),
        pytest.param(lambda text: text.replace("• ", "•\t"), id="tab after bullets"),
        pytest.param(lambda text: text.replace("• ", "•\n"), id="bullets on lines of their own"),
        pytest.param(lambda text: text.replace("10 – ", "10 — ").replace("0 – ", "0 - "), id="other dashes"),
        pytest.param(lambda text: text.replace("10 – ", "- **10** – "), id="anchors as bullets"),
        pytest.param(
            lambda text: text.replace("10 – Every path is lit.", "**10 – Every path is lit.**"), id="bold anchor"
        ),
        pytest.param(lambda text: text.replace("10 – A", "10 –\n  A"), id="wrapped after the dash"),
        pytest.param(lambda text: text.replace("10 – A", "10 –A"), id="no space after the dash"),
        pytest.param(lambda text: text.replace("plan for each", "plan for\neach"), id="wrapped anchor"),
        pytest.param(lambda text: text.replace("ferry runs", "ferry\n  runs"), id="wrapped bullet"),
        pytest.param(lambda text: text.replace("rate the situation", "rate\nthe situation"), id="wrapped question"),
        pytest.param(lambda text: text.replace("carry us", "carry\nus"), id="wrapped imperative question"),
        pytest.param(lambda text: text.replace("Which imp", "## Which imp"), id="imperatives under a Markdown heading"),
        pytest.param(
            lambda text: text.replace("Which imp", "Imperatives\n\nWhich imp"), id="imperatives twice announced"
        ),
        pytest.param(lambda text: text.replace("\nRAG", "\n---\n\n### RAG"), id="rules between sections"),
        pytest.param(lambda text: text.replace("A ferryman", "*A ferryman*"), id="italics"),
        pytest.param(lambda text: text.replace("Slowly", "> Slowly"), id="quotation"),
        pytest.param(lambda text: text.replace("Being at the goal", "BEING AT OUR GOAL:"), id="shouted heading"),
        pytest.param(lambda text: text.replace("Making progress towards", "Progress toward"), id="short heading"),
        pytest.param(lambda text: text.replace("0 – Nobody", "\u200b0 – Nobody"), id="invisible space"),
        pytest.param(lambda text: text.replace("Where would you rate the situation today?\n\n", ""), id="no question"),
        pytest.param(lambda text: text + "\n\x0c\xa0\n\nBack to the journals\n", id="link at the end"),
    ],
)
def test_journal_reads_the_same_in_every_hand(change: Callable[[str], str]) -> None:
    journal = read_journal(change(PLAIN))

    assert as_said(journal) == RIVER
    assert journal.unplaced == journal.gaps == ()


@given(journals, hands)
def test_journal_survives_the_round_trip(said: Said, hand: Hand) -> None:
    journal = read_journal(write_out(said, hand))

    assert as_said(journal) == said
    assert (journal.unplaced, journal.gaps) == ((), ())
    assert len(journal.navigation) == bool(hand.navigation)


@pytest.mark.parametrize(
    ("before", "after", "unplaced"),
    [
        pytest.param("RAG rating\n", "RAG rating\n\nGreen, they say\n", "Green, they say", id="words after RAG"),
        pytest.param("RAG rating\n", "RAG rating (amber)\n", "RAG rating (amber)", id="a colour in the heading"),
        pytest.param("RAG rating\n", "RAG rating\n\n• 3 red\n", "• 3 red", id="a bullet after RAG"),
        pytest.param("Boats and", "Contents\n\n• Boats\n\nBoats and", "• Boats", id="a bullet before all"),
        pytest.param("Two piers stand\n", "Two piers stand\n\nA third\n", "A third", id="words after a comment"),
        pytest.param("Two piers stand\n", "Two piers stand\n\n### Worries\n\n• Ice\n", "### Worries", id="a heading"),
        pytest.param("Ask the fish\n", "Ask the fish\n\nPrinted in spring\n", "Printed in spring", id="the last line"),
        pytest.param("• Oil\n", "• Oil\n\nand matches\n\n", "and matches", id="words after an imperative"),
        pytest.param("Lanterns\n", "Thirdly\n\nLanterns\n", "Thirdly", id="words before a name"),
        pytest.param(
            "\n0 – The plan", "\n11 – Too high\n\n0 – The plan", "11 – Too high", id="an anchor off the scale"
        ),
        pytest.param("\n0 – The plan", "\n10 – Again\n\n0 – The plan", "10 – Again", id="a second anchor"),
        pytest.param("today?\n\n• Two", "today? Be frank.\n\n• Two", f"{RATE} Be frank.", id="more than the question"),
    ],
)
def test_what_has_no_place_is_unplaced(before: str, after: str, unplaced: str) -> None:
    text = PLAIN.replace(before, after, 1)
    journal = read_journal(text)

    assert journal.unplaced == (Entry(text.split("\n").index(unplaced) + 1, unplaced),)
    assert [deliverable.name.text for deliverable in journal.deliverables] == ["Boats and bridges", "Lanterns"]


@pytest.mark.parametrize(
    ("before", "longest"),
    [
        ("Where the river bends", content.TITLE_MAX),
        ("Slowly, and then all at once.\nA ferryman", content.EPIGRAPH_MAX),
        ("Lanterns", content.NAME_MAX),
        ("Every path is lit.", content.ANCHOR_MAX),
        ("Two piers stand", content.COMMENT_MAX),
        (RIVER.question, content.QUESTION_MAX),
        ("Oil", content.IMPERATIVE_MAX),
    ],
)
def test_what_is_too_long_for_its_place_is_unplaced(before: str, longest: int) -> None:
    question = "imperatives?" if before == RIVER.question else ""
    fitting = PLAIN.replace(before, "x " * ((longest - len(question)) // 2 - 1) + "xx" + question)
    too_long = PLAIN.replace(before, "x " * ((longest - len(question)) // 2 - 1) + "xxx" + question)

    assert read_journal(fitting).unplaced == ()
    assert [len(entry.text) for entry in read_journal(too_long).unplaced] == [longest + 1]


def test_places_are_as_long_as_the_models_allow() -> None:
    limits = {
        (Edition, "title"): content.TITLE_MAX,
        (Edition, "epigraph"): content.EPIGRAPH_MAX,
        (Edition, "imperative_question"): content.QUESTION_MAX,
        (Deliverable, "name"): content.NAME_MAX,
        (Deliverable, "lead"): content.LEAD_MAX,
        (Scale, "anchor_ten"): content.ANCHOR_MAX,
        (Scale, "anchor_zero"): content.ANCHOR_MAX,
        (Comment, "text"): content.COMMENT_MAX,
        (Imperative, "text"): content.IMPERATIVE_MAX,
        (JournalNotes, "introduction"): content.INTRODUCTION_MAX,
        (Term, "term"): content.TERM_MAX,
        (Term, "meaning"): content.MEANING_MAX,
    }

    assert {(model, name): getattr(model._meta.get_field(name), "max_length", None) for model, name in limits} == limits


@pytest.mark.parametrize(
    ("before", "after", "stands_at", "says"),
    [
        ("10 – Every path is lit.\n", "", "Being at the goal", "nothing says what 10 means here"),
        ("0 – It is dark.\n", "", "Being at the goal", "nothing says what 0 means here"),
        ("Lanterns\n", "", "Being at the goal", "no deliverable’s name stands before this heading"),
    ],
)
def test_what_a_journal_lacks_is_a_gap(before: str, after: str, stands_at: str, says: str) -> None:
    text = PLAIN.replace(before, after, 1)
    last = max(number for number, line in enumerate(text.split("\n"), start=1) if line == stands_at)

    assert read_journal(text).gaps == (Entry(last, says),)


def test_deliverable_without_one_of_its_scales_is_a_gap() -> None:
    start, end = PLAIN.index("Making progress"), PLAIN.index("RAG ratings (")
    journal = read_journal(PLAIN[:start] + PLAIN[end:])

    assert [gap.text for gap in journal.gaps] == [f"this deliverable has no “{ScaleKind.PROGRESS.label}”"]
    assert journal.deliverables[0].scale(ScaleKind.PROGRESS) is None
    assert journal.deliverables[1].scale(ScaleKind.PROGRESS) is not None


def test_text_without_a_deliverable_is_all_unplaced() -> None:
    journal = read_journal("A letter\n\n• with a bullet\n10 – and a ten\nRAG ratings\nImperatives\n")

    assert journal.deliverables == ()
    assert [entry.line for entry in journal.unplaced] == [1, 3, 4, 5, 6]


def test_lead_stands_between_a_heading_and_the_scales() -> None:
    journal = read_journal(PLAIN.replace("Lanterns\n", "## Lanterns\n\nLight is kind.\nIt is also cheap.\n"))

    assert journal.deliverables[1].name.text == "Lanterns"
    assert journal.deliverables[1].lead == Entry(34, "Light is kind. It is also cheap.")
    assert journal.unplaced == ()


def test_comments_keep_marks_that_only_look_like_structure() -> None:
    said = ["**Bold** words", "10 – of us, perhaps", "0 - none", "What are imperatives? I forget", "Back to basics"]
    journal = read_journal(PLAIN.replace("• Two piers stand", "\n".join(f"• {text}" for text in said)))

    assert [comment.text for comment in journal.scales[1].comments] == said
    assert journal.unplaced == ()


def test_back_to_within_a_sentence_is_no_link() -> None:
    journal = read_journal(PLAIN.replace("• Ask the fish", "• Then go\nBack to the fish"))

    assert journal.imperatives[-1].text == "Then go Back to the fish"
    assert journal.navigation == ()


def test_imperatives_asked_for_in_other_words() -> None:
    journal = read_journal(PLAIN.replace(RIVER.question, "And now?"))
    heading_only = read_journal(PLAIN.replace(RIVER.question, "Imperatives"))

    assert journal.question is not None
    assert journal.question.text == "And now?"
    assert heading_only.question is None
    assert len(journal.imperatives) == len(heading_only.imperatives) == 3


def test_imperatives_may_be_asked_for_and_not_given() -> None:
    journal = read_journal(PLAIN[: PLAIN.index("• Build the second pier")])

    assert journal.question is not None
    assert journal.question.text == RIVER.question
    assert journal.imperatives == journal.unplaced == ()


def test_entries_know_their_lines() -> None:
    journal = read_journal(PLAIN)
    bullets = {number: line for number, line in enumerate(PLAIN.split("\n"), start=1) if line.startswith("•")}

    assert {entry.line: f"• {entry.text}" for entry in (*journal.comments, *journal.imperatives)} == bullets


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é – ’".encode(), "é – ’"),
        ("é – ’".encode("utf-8-sig"), "é – ’"),
        ("é – ’".encode("cp1252"), "é – ’"),
        ("é – ’".encode("utf-16"), "é – ’"),
        (b"", ""),
    ],
)
def test_decode_journal_knows_the_usual_encodings(data: bytes, text: str) -> None:
    assert decode_journal(data) == text


@pytest.mark.parametrize(
    "data", [b"\x81\x8d\xff", b"PK\x00\x01", "x".encode("utf-16")[:-1], "no mark".encode("utf-16-le")]
)
def test_decode_journal_refuses_what_is_not_text(data: bytes) -> None:
    with pytest.raises(UnreadableText):
        decode_journal(data)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Back to the list – October 2018", datetime.date(2018, 10, 1)),
        ("on 14 May 2026 in the hall", datetime.date(2026, 5, 14)),
        ("the 3rd March, 2020", datetime.date(2020, 3, 3)),
        ("2024-02-29", datetime.date(2024, 2, 29)),
        ("31 February 2020, or Sept 2021", datetime.date(2021, 9, 1)),
        ("Market 2018, mayor 2019, 2023-13-45", None),
        ("", None),
    ],
)
def test_find_date_takes_the_first_that_exists(text: str, date: datetime.date | None) -> None:
    assert find_date([text]) == date


def test_seed_is_read_whole() -> None:
    if not SEED.exists():
        pytest.skip("the document this product was asked from is not beside the repository")
    text = decode_journal(SEED.read_bytes())
    journal = read_journal(text)

    counts = (len(journal.deliverables), len(journal.scales), len(journal.comments), len(journal.imperatives))
    assert counts == (3, 6, 129, 33)
    assert journal.unplaced == journal.gaps == ()
    assert [deliverable.name.text for deliverable in journal.deliverables] == [
        "Safety planning and networks",
        "Alignment of forms and processes",
        "QA alignment",
    ]
    bullets = [" ".join(line.replace("•", " ").split()) for line in text.splitlines() if "•" in line]
    assert [entry.text for entry in (*journal.comments, *journal.imperatives)] == bullets
    assert journal.date == datetime.date(2018, 10, 1)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: "\ufeff" + text.replace("\n", "\r\n"), id="Windows"),
        pytest.param(lambda text: text.replace(" ", "\xa0"), id="non-breaking spaces"),
        pytest.param(lambda text: text.replace("•", "*").replace("0 –", "0 -"), id="typewriter"),
        pytest.param(lambda text: text.replace("  • ", "\t•\t").replace("0 –", "0 —"), id="tabs and em dashes"),
        pytest.param(lambda text: re.sub(r"\n\s*\n", "\n", text), id="no blank lines"),
        pytest.param(lambda text: "\n".join(textwrap.fill(line, 72) for line in text.split("\n")), id="wrapped"),
    ],
)
def test_seed_is_read_whole_in_every_hand(change: Callable[[str], str]) -> None:
    if not SEED.exists():
        pytest.skip("the document this product was asked from is not beside the repository")
    text = decode_journal(SEED.read_bytes())
    changed, whole = read_journal(change(text)), read_journal(text)

    assert changed.unplaced == changed.gaps == ()
    assert as_said(changed).deliverables == as_said(whole).deliverables
    assert as_said(changed).imperatives == as_said(whole).imperatives
