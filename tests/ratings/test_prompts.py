"""The questions to ask the room: what the numbers hold, and no more."""

import pytest

from ratings.prompts import ask_the_room
from ratings.summaries import summarise_workshop
from tests import factories
from workshops.choices import StageKind
from workshops.models import Stage, Workshop

pytestmark = pytest.mark.django_db


def asked(of: Workshop, stage: Stage) -> tuple[str, ...]:
    """Return the questions at a stage, from what the room has seen."""
    return ask_the_room(stage, summarise_workshop(of, revealed_only=True).deliverables[0])


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([3, 5, 9], ("run from 3 to 9", "up by one")),
        ([4], ("Every dot is on 4", "up by one")),
        ([10, 10, 10], ("Every dot is on 10", "keeps the middle")),
        ([9, 10], ("run from 9 to 10", "keeps the middle")),
        ([8, 10], ("run from 8 to 10", "up by one")),
        ([None, None], ("to be able to say",)),
        ([], ("to be able to say",)),
    ],
)
def test_questions_about_a_scale_name_its_ends(scores: list[int | None], words: tuple[str, ...]) -> None:
    of = factories.workshop(deliverables=1)
    factories.scores(of, factories.scale(of), *scores)
    found = asked(of, factories.revealed(of, StageKind.SCALE))
    assert len(found) == len(words)
    assert all(part in sentence for part, sentence in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("RRR", ("Every rating is red", "change the colour")),
        ("GG-", ("Every rating is green", "keeps it green")),
        ("RAG", ("There is red and there is green", "both agree")),
        ("RG", ("There is red and there is green", "both agree")),
        ("RA", ("two colours", "one colour up")),
        ("AG", ("two colours", "one colour up")),
        ("--", ("to be able to say",)),
    ],
)
def test_questions_about_colours_name_those_given(letters: str, words: tuple[str, ...]) -> None:
    of = factories.workshop(deliverables=1)
    factories.rags(of, factories.stage(of, StageKind.RAG), letters)
    found = asked(of, factories.revealed(of, StageKind.RAG))
    assert len(found) == len(words)
    assert all(part in sentence for part, sentence in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("being", "progress", "words"),
    [
        ([3], [7], "Moving is rated higher"),
        ([7], [3], "Being there is rated higher"),
        ([5], [4, 6], "the same median"),
        ([5], [None], None),
    ],
)
def test_questions_about_both_follow_the_medians(
    being: list[int | None], progress: list[int | None], words: str | None
) -> None:
    of = factories.workshop(deliverables=1)
    factories.scores(of, factories.scale(of), *being)
    factories.scores(of, factories.scale(of, n=2), *progress)
    factories.revealed(of, StageKind.SCALE)
    factories.revealed(of, StageKind.SCALE, n=2)
    found = asked(of, factories.opened(of, StageKind.TOGETHER))
    assert (len(found), words is None or words in found[0]) == (2 if words else 0, True)


@pytest.mark.parametrize("kind", [StageKind.SCALE, StageKind.RAG])
def test_nothing_is_asked_before_the_reveal(kind: StageKind) -> None:
    of = factories.workshop(deliverables=1)
    factories.scores(of, factories.scale(of), 3, 9)
    assert asked(of, factories.opened(of, kind)) == ()
    assert ask_the_room(factories.revealed(of, StageKind.SCALE), None) == ()
