"""Journals of any content, made without a database: `journals()` for laws, `JOURNAL` for a look."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st

from ratings.choices import ENTERED, Mark
from ratings.journal.build import (
    HIGHER,
    THEME,
    DeliverablePage,
    Explained,
    ImperativeLine,
    Journal,
    MarkedComments,
    Moderated,
    Said,
    ScalePage,
)
from ratings.journal.groups import GroupLine, GroupScores, Middle
from ratings.journal.notes import in_order
from ratings.summaries import RagSummary, ScaleSummary
from workshops.choices import ScaleKind

LOOKS_LIKE = (
    "Being at the goal",
    "10 – all of it",
    "0: none",
    "# Heading #",
    "- - -",
    "---",
    "> quoted",
    "**bold**",
    "1. one",
    "RAG rating",
    "Imperatives",
    "Back to the start",
    "Where would you rate it?",
    "&#42; &amp; <br> <b>",
    "[link](javascript:alert(1))",
    "a\\*b `c` ~~d~~",
    "first\nsecond\n\n  fourth ",
    "=1+1",
    "Rydym yn gwneud cynnydd da iawn ŵ",
    "ہم خاندانوں کے ساتھ کام کرتے ہیں",
    "نحن نعمل مع العائلات",
    "আমরা পরিবারের সাথে কাজ করি",
    "👩‍👩‍👧 fine 👍🏽",
    "a\u202eb\u202c c",
    "\u200bnothing\u2060 seen\ufeff",
    "\xa0 two  spaces\t",
    "bell\x07 and escape\x1b",
)
"""What a reader, a spreadsheet or a page could take for something else than words."""


def texts(longest: int, *, least: int = 1) -> st.SearchStrategy[str]:
    """Return any text that a database keeps, not blank, of so many characters."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    anything = st.text(characters, min_size=least, max_size=min(longest, 60))
    some = st.one_of(anything, st.sampled_from(LOOKS_LIKE).map(lambda text: text[:longest]))
    return some.filter(lambda text: bool(text.strip())) if least else some


said = st.builds(
    Said,
    text=texts(2000),
    source=st.sampled_from(["", *ENTERED]),
    mark=st.sampled_from(["", *Mark.values]),
    quoted=st.booleans(),
)
introductions = st.lists(texts(200), min_size=1, max_size=3).map("\n\n".join)
glossaries = st.dictionaries(texts(80), texts(500), max_size=2)
counts = st.lists(st.integers(0, 12), min_size=11, max_size=11).map(tuple)


Summary = TypeVar("Summary", ScaleSummary, RagSummary)


def entered(summary: Summary) -> st.SearchStrategy[Summary]:
    """Some of the answers came aloud; some of the phones' are not shown, or none are."""
    answers = summary.n + summary.cant_say

    def keep(aloud: int, kept: int) -> Summary:
        if aloud == answers:
            return replace(summary, entered=aloud, withheld=kept)
        return replace(summary, entered=aloud, waiting=kept)

    return st.builds(keep, st.one_of(st.just(answers), st.integers(0, answers)), st.integers(0, 4))


scale_summaries = st.one_of(
    st.just(ScaleSummary()), st.builds(ScaleSummary, counts=counts, cant_say=st.integers(0, 3)).flatmap(entered)
)
rag_summaries = st.builds(RagSummary, *[st.integers(0, 12)] * 4).flatmap(entered)
group_scores = st.builds(GroupScores, st.integers(5, 9), st.builds(Middle, *[st.sampled_from([0.0, 4.5, 10.0])] * 3))


@st.composite
def _groups(draw: st.DrawFn) -> tuple[MarkedComments, ...]:
    groups = []
    if draw(st.booleans()):
        groups.append(MarkedComments(THEME, draw(texts(80)), "·", tuple(draw(st.lists(said, min_size=1, max_size=2)))))
    well = draw(st.lists(texts(2000), max_size=2))
    looks = (
        (Mark.WELL.value, "Working well", "+", well),
        ("", "Also said" if groups or well else "", "·", draw(st.lists(texts(2000), max_size=2))),
        (HIGHER, "One point higher would look like", "↑", draw(st.lists(texts(2000), max_size=2))),
    )
    for mark, name, sign, words in looks:
        if words:
            said_so = (Said(text, "", mark, quoted=draw(st.booleans())) for text in words)
            groups.append(MarkedComments(mark, name, sign, tuple(said_so)))
    return tuple(groups)


def _scale(kind: ScaleKind) -> st.SearchStrategy[ScalePage]:
    return st.builds(ScalePage, st.just(kind), texts(1000), texts(1000), scale_summaries, _groups())


@st.composite
def journals(draw: st.DrawFn) -> Journal:
    """Return the journal of a closed workshop."""
    names = draw(st.lists(texts(120), min_size=1, max_size=3))
    pages = tuple(
        DeliverablePage(
            no=no,
            name=name,
            label=draw(st.one_of(st.just(name), texts(40))),
            lead=draw(texts(300, least=0)),
            scales=(draw(_scale(ScaleKind.BEING)), draw(_scale(ScaleKind.PROGRESS))),
            rag=draw(rag_summaries),
            groups=draw(st.lists(st.builds(GroupLine, texts(60), group_scores, group_scores), max_size=2).map(tuple)),
        )
        for no, name in enumerate(names, start=1)
    )
    voted = draw(st.booleans())
    imperatives = tuple(
        ImperativeLine(
            no=no,
            text=text,
            source="",
            deliverables=tuple(sorted(draw(st.sets(st.integers(1, len(pages)))))),
            votes=len(imps) - no + 1 if voted else None,
            entered=1 if voted and draw(st.booleans()) else 0,
            merged=tuple(Said(other, "") for other in draw(st.lists(texts(1000), max_size=2))),
            owner=(owner := draw(texts(120, least=0))),
            due=draw(st.one_of(st.none(), st.dates())) if owner else None,
        )
        for imps in [draw(st.lists(texts(1000), max_size=3))]
        for no, text in enumerate(imps, start=1)
    )
    epigraph = draw(texts(400, least=0))
    kept = st.builds(Moderated, *[st.integers(0, 3)] * 3)
    fields: dict[str, Any] = {
        "code": "123456",
        "title": draw(texts(120)),
        "subtitle": draw(texts(160, least=0)),
        "epigraph": epigraph,
        "epigraph_by": draw(texts(120, least=0)) if epigraph else "",
        "organisation": draw(texts(120)),
        "venue": draw(texts(160, least=0)),
        "date": draw(st.dates()),
        "question": draw(texts(300)),
        "people": draw(st.one_of(st.none(), st.integers(1, 500))),
        "entered": sum(each.entered for page in pages for each in (page.being, page.progress, page.rag)),
        "moderated_comments": draw(kept),
        "moderated_imperatives": draw(kept),
        "is_rehearsal": draw(st.booleans()),
        "introduction": draw(st.one_of(st.just(""), introductions)),
        "glossary": tuple(Explained(*row) for row in in_order(draw(glossaries).items())),
        ("dots_waiting" if any((line.votes or 0) > line.entered for line in imperatives) else "dots_withheld"): draw(
            st.integers(0, 4)
        ),
    }
    return Journal(
        **fields,
        deliverables=pages,
        imperatives=imperatives,
        is_closed=True,
    )


def with_words(text: str) -> Journal:
    """Return a small journal in which every text is this one."""
    scales = tuple(
        ScalePage(kind, text, text, ScaleSummary(), (MarkedComments("", "", "·", (Said(text, ""), Said(text, ""))),))
        for kind in ScaleKind
    )
    page = DeliverablePage(1, text, text, text, scales, RagSummary())
    line = ImperativeLine(1, text, "", (), None)
    return Journal(
        code="123456",
        title=text,
        subtitle=text,
        epigraph=text,
        epigraph_by=text,
        organisation=text,
        venue=text,
        date=datetime.date(2026, 5, 14),
        question=text,
        people=None,
        deliverables=(page, replace(page, no=2)),
        imperatives=(line,),
        moderated_comments=Moderated(),
        moderated_imperatives=Moderated(),
        entered=0,
        is_closed=True,
        is_rehearsal=False,
    )
