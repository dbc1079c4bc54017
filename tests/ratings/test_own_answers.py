"""A phone's own answers: seen, taken away and withdrawn until the workshop is sealed, and then no more."""

import re

import pytest
from django.test import Client

from ratings.authorship import signed
from ratings.deciding import redact_words
from ratings.imperatives import merge_imperatives, plan_action
from ratings.models import Comment, Imperative, RagRating, Score, Theme, Vote, WordsDecision
from ratings.sealing import seal_workshop
from ratings.tallies import tally_stage
from ratings.themes import group_comments
from ratings.withdrawing import withdraw_answers
from tests import factories
from tests.ratings.test_authorship import answer_everything
from tests.routes import address
from workshops.choices import StageKind, StageState
from workshops.models import Participant, Workshop
from workshops.sessions import Sealed, open_stage

pytestmark = pytest.mark.django_db

ANSWERS = (Score, Comment, RagRating, Imperative, Vote)


@pytest.fixture
def of() -> Workshop:
    """Return a workshop in which every question can be asked."""
    return factories.workshop(asks_higher=True)


@pytest.fixture
def phone(of: Workshop) -> Client:
    """Return a phone that answered everything."""
    made = factories.phone(of)
    answer_everything(of, made)
    return made


def from_the_start(of: Workshop) -> None:
    """Put every stage back to before it was open."""
    of.stages.update(state=StageState.WAITING, opened_at=None, revealed_at=None)


def counts() -> list[int]:
    """Return how many answers there are of each kind."""
    return [model._default_manager.count() for model in ANSWERS]


def text(phone: Client, name: str, of: Workshop) -> str:
    """Return a page's words, spaces made one."""
    return re.sub(r"\s+", " ", phone.get(address(name, of)).content.decode())


def seal(of: Workshop) -> None:
    """Close the workshop and seal it."""
    open_stage(stage=factories.stage(of, StageKind.CLOSED), user=None)
    seal_workshop(workshop=of)


def test_withdrawing_asks_first_and_takes_everything_of_this_phone(of: Workshop, phone: Client) -> None:
    others = counts()
    from_the_start(of)
    answer_everything(of, factories.phone(of))
    both = counts()
    assert address("ratings:withdraw", of) in text(phone, "ratings:answers", of)
    assert "goes for good" in text(phone, "ratings:withdraw", of)
    assert counts() == both
    answer = phone.post(address("ratings:withdraw", of), follow=True)
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert "Your answers are withdrawn." in page
    assert "What you see below was given since." not in page
    assert address("ratings:withdraw", of) not in page
    # what the second phone placed its dots on was named by the first: it stays, and is nobody's
    now = counts()
    assert [now[0], now[1], now[2], now[4]] == [others[0], others[1], others[2], others[4]]
    assert of.participants.count() == 2


def test_workshop_can_be_answered_again_after_withdrawing(of: Workshop, phone: Client) -> None:
    phone.post(address("ratings:withdraw", of))
    assert counts() == [0, 0, 0, 0, 0]
    from_the_start(of)
    answer_everything(of, phone)
    assert counts() == [4, 8, 2, 2, 2]
    assert tally_stage(of, factories.stage(of, StageKind.RAG)).answered == 1


def test_withdrawing_reaches_closed_questions_and_a_closed_workshop(of: Workshop, phone: Client) -> None:
    open_stage(stage=factories.stage(of, StageKind.CLOSED), user=None)
    phone.post(address("ratings:withdraw", of))
    assert counts() == [0, 0, 0, 0, 0]


def test_redacted_comment_goes_with_its_decisions_and_a_theme_that_was_its_alone(of: Workshop, phone: Client) -> None:
    comment = Comment.objects.all()[0]
    redact_words(words=comment, user=None, chosen=[0], reason="Named somebody")
    group_comments(workshop=of, deliverable=comment.scale.deliverable, comments=[comment.pk], name="Time")
    phone.post(address("ratings:withdraw", of))
    assert not Comment.objects.exists()
    assert not WordsDecision.objects.exists()
    assert not Theme.objects.exists()


def test_imperative_that_others_took_up_stays_and_is_nobodys(of: Workshop, phone: Client) -> None:
    group = of.groups.create(name="Duty", position=1)
    Imperative.objects.update(group=group)
    other = factories.participant(of)
    voted, planned = Imperative.objects.order_by("slot")
    Vote.objects.create(imperative=voted, slot=1, **signed(other, Vote))
    plan_action(imperative=planned, owner="Director", due=None)
    phone.post(address("ratings:withdraw", of))
    assert {(row.text, row.author, row.group_id) for row in Imperative.objects.all()} == {
        (voted.text, None, None),
        (planned.text, None, None),
    }
    assert Vote.objects.get().author == signed(other, Vote)["author"]


def test_what_was_merged_into_a_withdrawn_imperative_stands_alone_again(of: Workshop, phone: Client) -> None:
    other = factories.participant(of)
    theirs = Imperative.objects.create(workshop=of, text="Mine too", **signed(other, Imperative))
    Vote.objects.create(imperative=theirs, slot=1, **signed(other, Vote))
    merge_imperatives(leading=Imperative.objects.order_by("slot")[0], others=[theirs])
    phone.post(address("ratings:withdraw", of))
    row = Imperative.objects.get()
    assert (row.text, row.merged_into, row.votes.count()) == ("Mine too", None, 1)


def test_copy_has_every_answer_in_plain_text(of: Workshop, phone: Client) -> None:
    answer = phone.get(address("ratings:copy", of))
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="my-answers-{of.code}.txt"'
    assert "no-store" in answer.headers["Cache-Control"]
    copy = answer.content.decode()
    for n in range(1, 5):
        assert f"    Words {n}\n" in copy
        assert f"    Higher {n}\n" in copy
    assert re.findall(r"Being at the goal: (\d)", copy) == ["1", "3"]
    assert copy.count("Amber") == 2
    assert "What must happen next\n  First\n  Second\n" in copy
    assert copy.count("  First\n") == 2  # named, and a dot on it


def test_copy_says_what_was_not_answered_and_hides_what_is_kept_back(of: Workshop, phone: Client) -> None:
    Score.objects.filter(value=1).update(value=None)
    Score.objects.filter(value=2).delete()
    Imperative.objects.filter(text="Second").update(author=None, state="hidden")
    copy = phone.get(address("ratings:copy", of)).content.decode()
    assert "Being at the goal: can’t say" in copy
    assert "Making progress: no answer" in copy
    assert "Second" not in copy
    assert "1 dot is on words that are not shown." in copy


def test_phone_without_answers_has_nothing_to_copy_or_withdraw(of: Workshop) -> None:
    page = text(factories.phone(of), "ratings:answers", of)
    assert address("ratings:copy", of) not in page
    assert address("ratings:withdraw", of) not in page


def test_everybody_reads_who_sees_what_before_the_first_answer(of: Workshop) -> None:
    words = "from then on nobody can tell which were yours"
    assert words in Client().get("/").content.decode()
    assert words in text(Client(), "workshops:join", of)
    factories.opened(of, StageKind.LOBBY)
    assert words in text(factories.phone(of), "phone", of)


def test_sealed_phone_is_told_that_its_answers_can_no_longer_be_told_apart(of: Workshop, phone: Client) -> None:
    holder = factories.holder(phone, of)
    seal(of)
    for name in ("phone", "ratings:answers", "ratings:copy", "ratings:withdraw"):
        answer = phone.get(address(name, of), follow=True)
        assert "nobody can tell any more whose are whose" in answer.content.decode(), name
        assert "Words 1" not in answer.content.decode()
    before = counts()
    assert phone.post(address("ratings:withdraw", of)).headers["Location"] == address("workshops:join", of)
    with pytest.raises(Sealed):
        withdraw_answers(participant=holder)
    assert counts() == before
    assert not Participant.objects.exists()


def test_answer_that_comes_after_sealing_is_refused_as_closed_so_that_the_phone_keeps_its_words(
    of: Workshop, phone: Client
) -> None:
    scale = factories.scale(of).pk
    seal(of)
    sent = {"value": "3", "text": "Too late"}
    answer = phone.post(address("ratings:save_score", of, scale_id=scale), sent, headers={"HX-Request": "true"})
    assert answer.headers["Midpoint-Answer"] == "closed"
    assert "The workshop is over and sealed" in answer.content.decode()
    plain = phone.post(address("ratings:save_score", of, scale_id=scale), sent, follow=True)
    assert "nobody can tell any more whose are whose" in plain.content.decode()
    assert not Comment.objects.filter(text="Too late").exists()
