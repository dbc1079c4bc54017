"""Journals of every shape, made without a database and always with the same content; `sheets` prints them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from ratings.choices import Mark
from ratings.journal.build import (
    HIGHER,
    DeliverablePage,
    Explained,
    ImperativeLine,
    Journal,
    MarkedComments,
    Moderated,
    Said,
    ScalePage,
)
from ratings.summaries import RagSummary, ScaleSummary
from workshops.choices import ScaleKind

ENGLISH = (
    "Families tell us that they are asked earlier, and by the same person.",
    "Good.",
    "The form still asks the same thing in three places, so people copy and paste, and nobody reads what they did.",
    "Some teams do this every week; others have not begun, and say that nobody told them to.",
    "Networks are found in the first fortnight where there is a coordinator, and hardly ever where there is none.",
    "I cannot tell yet.",
    "Supervision asks what has changed for the child, which it did not a year ago.",
    "Too many meetings.",
    "We agreed a plan in spring. Since then two managers have left and the plan went with them; the new ones are keen.",
    "Grandparents come when they are asked twice.",
)
WELSH = (
    "Mae teuluoedd yn dweud ein bod ni’n gwrando’n gynt nag o’r blaen.",
    "Gwell na’r llynedd, ond mae’r ffurflen yn dal yn rhy hir o lawer i neb ei darllen.",
    "Da iawn.",
    "Rydym wedi cytuno ar gynllun, ac mae pob tîm yn gwybod beth sydd i’w wneud erbyn yr haf.",
    "Mae angen mwy o amser gyda’r plant a llai o amser wrth y ddesg; dyna ŵyr pawb.",
)
POLISH = (
    "Rodziny mówią, że pytamy wcześniej i że słuchamy uważniej niż rok temu.",
    "Źle.",
    "Formularz wciąż pyta trzy razy o to samo, więc każdy go przepisuje, a nikt nie czyta.",
    "Zespół spotyka się co tydzień i sprawdza, co się zmieniło dla dziecka.",
)
URDU = (
    "خاندان کہتے ہیں کہ اب ہم پہلے پوچھتے ہیں اور غور سے سنتے ہیں۔",
    "بہتر۔",
    "فارم اب بھی ایک ہی بات تین جگہ پوچھتا ہے، اس لیے لوگ نقل کرتے ہیں اور کوئی نہیں پڑھتا۔",
)
ARABIC = (
    "تقول العائلات إننا نسأل في وقت أبكر ونصغي أكثر مما كنا نفعل قبل سنة.",
    "جيد.",
    "ما زال النموذج يسأل السؤال نفسه في ثلاثة مواضع، فينسخ الناس الجواب ولا يقرؤه أحد.",
)
BENGALI = (
    "পরিবারগুলি বলে যে আমরা এখন আগে জিজ্ঞাসা করি এবং মন দিয়ে শুনি।",
    "ভালো।",
    "ফর্মটি এখনও একই কথা তিন জায়গায় জানতে চায়, তাই সবাই নকল করে, কেউ পড়ে না।",
)
EMOJI = ("👍🏽 at last", "Slow 🐢, but it moves 🙂", "❤️", "👩‍👩‍👧‍👦 come to the meeting now, and stay ✅")
LONG = " ".join(islice(cycle(ENGLISH), 24))[:2000]


@dataclass(frozen=True)
class Shape:
    """What a journal holds: how many of what. `comments` and `imperatives` are totals; `people` 0 means no numbers."""

    deliverables: int = 3
    people: int = 60
    comments: int = 65
    imperatives: int = 30
    texts: tuple[str, ...] = ENGLISH
    marked: bool = True
    uneven: bool = False
    long_names: bool = False
    title: str = ""
    quotes: int = 0
    terms: int = 0
    introduction: tuple[str, ...] = ()


SHAPES = {
    "ordinary": Shape(),
    "one-person": Shape(deliverables=1, people=1, comments=1, imperatives=2, texts=("Good.",)),
    "nothing-said": Shape(deliverables=2, people=12, comments=0, imperatives=0),
    "words-alone": Shape(people=0, comments=129, imperatives=33, marked=False),
    "one-word": Shape(people=30, comments=90, texts=("Slow", "Better", "Good", "Unsure", "Late")),
    "two-thousand-letters": Shape(people=40, comments=14, imperatives=6, texts=(LONG, LONG[:1000])),
    "twelve-deliverables": Shape(deliverables=12, people=500, comments=600, imperatives=60),
    "three-thousand": Shape(people=500, comments=3000, imperatives=400),
    "long-names": Shape(deliverables=8, people=90, comments=100, imperatives=12, long_names=True),
    "two-line-titles": Shape(
        people=40, comments=20, imperatives=6, title="Alignment of the forms and the meetings with plans"
    ),
    "uneven": Shape(deliverables=5, people=25, comments=80, imperatives=9, uneven=True),
    "welsh-and-polish": Shape(people=35, comments=70, texts=WELSH + POLISH),
    "urdu-and-arabic": Shape(people=35, comments=70, texts=URDU + ARABIC),
    "edited": Shape(quotes=3, terms=14, introduction=ENGLISH[4:7] * 3),
    "barely-edited": Shape(people=0, comments=30, quotes=1, terms=1, introduction=("We met once.",), marked=False),
    "much-edited": Shape(
        people=50,
        comments=200,
        texts=(LONG[:400], *ENGLISH, *URDU),
        quotes=3,
        terms=60,
        introduction=(*URDU, LONG, LONG),
    ),
    "bengali-and-emoji": Shape(people=35, comments=70, texts=BENGALI + EMOJI),
}
NAMES = (
    "Plans that families make",
    "Forms that help",
    "Learning from practice",
    "Time with children",
    "Supervision",
    "Working with schools",
    "Young people’s voice",
    "Kinship care",
    "Police and health",
    "Data that people trust",
    "Induction",
    "Housing",
)
LONG_NAME = "Alignment of every form, process, template and meeting with what families say that they need from us all"
ANCHOR = "Whoever opens the file can see within a minute what worries us, what works, and what all have agreed to do."


def journal_of(shape: Shape) -> Journal:
    """Return the journal of this shape; the same each time."""
    chance = random.Random(repr(shape))
    texts = cycle(shape.texts)
    shares = _shares(shape)
    pages = tuple(
        _deliverable(no, shape, [list(islice(texts, share)) for share in pair], chance)
        for no, pair in enumerate(shares, start=1)
    )
    votes = sorted((chance.randrange(0, max(2, shape.people // 3)) for _ in range(shape.imperatives)), reverse=True)
    return Journal(
        code="123456",
        title=LONG_NAME if shape.long_names else "Half way, and then",
        subtitle="What was promised, what has moved and what must happen in the next year",
        epigraph="Who asks the way twice arrives before who never stops.",
        epigraph_by="A saying",
        organisation="Borough of the Seven Bridges",
        venue="The old library",
        date=datetime.date(2026, 5, 14),
        question="What one or two things must happen next year for this to have been a success?",
        people=shape.people or None,
        deliverables=pages,
        imperatives=tuple(
            ImperativeLine(no, text, "", (1,) if no % 3 else (), votes[no - 1] if shape.people else None)
            for no, text in enumerate(islice(texts, shape.imperatives), start=1)
        ),
        moderated_comments=Moderated(held=1 if shape.comments > 50 else 0),
        moderated_imperatives=Moderated(),
        entered=0,
        is_closed=True,
        is_rehearsal=False,
        introduction="\n\n".join(shape.introduction),
        glossary=tuple(
            Explained(f"{name} {no}", text)
            for no, (name, text) in enumerate(islice(zip(cycle(NAMES), cycle(shape.texts)), shape.terms), start=1)
        ),
    )


def _shares(shape: Shape) -> list[tuple[int, int]]:
    """Return how many comments each deliverable's two scales have."""
    parts = shape.deliverables * 2
    if shape.uneven:
        return [(shape.comments - 1, 1), *[(0, 0)] * (shape.deliverables - 1)]
    each = [shape.comments // parts + (n < shape.comments % parts) for n in range(parts)]
    return list(zip(each[::2], each[1::2], strict=True))


def _deliverable(no: int, shape: Shape, said: list[list[str]], chance: random.Random) -> DeliverablePage:
    name = f"{LONG_NAME} {no}"[:120] if shape.long_names else shape.title or NAMES[no - 1]
    scales = tuple(
        ScalePage(kind, ANCHOR * (4 if shape.long_names else 1), "Nobody knows.", _scores(shape, chance), groups)
        for kind, texts in zip(ScaleKind, said, strict=True)
        for groups in [
            tuple(_groups(texts, marked=shape.marked, quotes=shape.quotes if kind == ScaleKind.BEING else 0))
        ]
    )
    drawn = [chance.choice("RAAGG-") for _ in range(shape.people)]
    rag = RagSummary(drawn.count("R"), drawn.count("A"), drawn.count("G"), drawn.count("-"))
    label = name[:40]
    return DeliverablePage(no, name, label, "What it set out to change, in a line." if no % 2 else "", scales, rag)


def _scores(shape: Shape, chance: random.Random) -> ScaleSummary:
    middle = chance.uniform(2, 8)
    counts = [0] * 11
    for _ in range(shape.people):
        counts[min(10, max(0, round(chance.gauss(middle, 1.8))))] += 1
    return ScaleSummary(tuple(counts), cant_say=shape.people // 20)


def _groups(texts: list[str], *, marked: bool, quotes: int) -> Iterator[MarkedComments]:
    looks: list[tuple[str, str, str]] = [("", "", "·")]
    if marked and len(texts) > 3:
        looks = [
            (Mark.WELL, "Working well", "+"),
            (Mark.WORRY, "Worries", "!"),
            (Mark.NEXT, "Next steps", "→"),
            ("", "Also said", "·"),
            (HIGHER, "One point higher would look like", "↑"),
        ]
    for n, look in enumerate(looks):
        own = list(enumerate(texts))[n :: len(looks)]
        comments = tuple(Said(text, "", look[0], quoted=place < quotes) for place, text in own)
        if comments:
            yield MarkedComments(*look, comments)
