"""A stolen laptop: what the bytes of the database hold after sealing and after erasing. This is SQLite's alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests.raw import held, run, tell
from tests.servers import app_server
from tests.workshops.conftest import migrate

ANSWER = """
import random, datetime
from django.utils import timezone
from ratings.choices import Asked
from ratings.deciding import hold_words
from ratings.imperatives import ImperativeAnswer, place_votes, record_imperatives
from ratings.models import Comment, Imperative, Score, Vote, RagRating, WordsDecision
from ratings.scoring import record_rag, record_score
from workshops.choices import StageKind
from workshops.joining import join_workshop, new_ticket
from workshops.models import Edition, Participant
from workshops.planning import plan_workshop
from workshops.sessions import open_stage

of = plan_workshop(
    edition=Edition.objects.get(), organisation="Carreg", venue="", date=datetime.date(2026, 5, 14), groups=["A", "B"]
)
group = of.groups.all()[0]
phones = []
for n in range(30):
    token = join_workshop(workshop=of, ticket=new_ticket(), group=group)
    phone = Participant.objects.select_related("workshop").latest("pk")
    phone.token = token
    phones.append(phone)
    print(token, phone.token_hash)

stages = {kind: of.stages.filter(kind=kind).order_by("position")[0] for kind in StageKind}
def go(kind):
    open_stage(stage=stages[kind], user=None)
    return stages[kind]

scale = go(StageKind.SCALE).scale
for n, phone in enumerate(phones):
    record_score(participant=phone, scale=scale, value=n % 11, text=f"Said as the {n:02}th")
rated = go(StageKind.RAG).deliverable
for n, phone in enumerate(phones):
    record_rag(participant=phone, deliverable=rated, value="R")
go(StageKind.IMPERATIVES)
for n, phone in enumerate(phones):
    record_imperatives(participant=phone, answers=[ImperativeAnswer(f"Named as the {n:02}th")])
go(StageKind.PRIORITIES)
for phone in phones:
    place_votes(participant=phone, imperatives=list(Imperative.objects.all()[:2]))
for comment in Comment.objects.all():
    hold_words(words=comment, user=None)
go(StageKind.CLOSED)
for model in (Score, Comment, RagRating, Imperative, Vote):
    print(*set(model.objects.values_list("author", flat=True)))
for row in WordsDecision.objects.all():
    print(row.at.strftime("%H:%M:%S.%f"))
print(of.code)
"""
SEAL_WHILE_READ = """
import sqlite3
from django.conf import settings
from django.db import connection
from eip2review import chores
from ratings.sealing import seal_workshop
from workshops.erasing import files_may_hold_traces
from workshops.models import Workshop

reader = sqlite3.connect(settings.DATABASES["default"]["NAME"])
reader.execute("BEGIN")
reader.execute("SELECT COUNT(*) FROM ratings_score").fetchone()
with connection.cursor() as cursor:
    cursor.execute("PRAGMA busy_timeout=0")
seal_workshop(workshop=Workshop.objects.get())
print("traces" if files_may_hold_traces() else "clean")
reader.close()
chores.seal()
print("traces" if files_may_hold_traces() else "clean")
"""
ORDER = """
from ratings.models import Comment, Imperative
for model, words in ((Comment, "Said as the"), (Imperative, "Named as the")):
    print(*[row.text[len(words) + 1:][:2] for row in model.objects.order_by("pk")])
"""
WORDS = """
from ratings.models import Comment, Imperative
first = Comment.objects.order_by("pk")[0]
print(first.workshop.code)
for row in Comment.objects.filter(workshop=first.workshop):
    print(row.text[:40].splitlines()[0])
for row in Imperative.objects.filter(workshop=first.workshop):
    print(row.text[:40].splitlines()[0])
"""
PLACES = [f"{n:02}" for n in range(30)]


def order_in(data: bytes, words: bytes) -> list[str]:
    """Return the numbers that stand behind some words, in the order of the bytes."""
    return [part[:2].decode() for part in data.split(words)[1:]]


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the default review, to be copied."""
    var = tmp_path_factory.mktemp("new")
    migrate(app_server(var_dir=var).env)
    run(var, "loaddata", str(settings.BASE_DIR / "fixtures" / "default_review.json"), "-v", "0")
    return var


@pytest.fixture
def laptop(new: Path, tmp_path: Path) -> Path:
    """An installation of the test's own."""
    return Path(shutil.copytree(new, tmp_path, dirs_exist_ok=True))


def test_files_hold_no_link_no_time_and_no_order_of_saving_after_sealing(laptop: Path) -> None:
    *told, code = tell(laptop, ANSWER).split()
    tokens, traces = told[:60:2], told[1:60:2] + told[60:]
    before = held(laptop)
    assert len(traces) == 30 + 5 * 30 + 30
    assert not [token for token in tokens if token.encode() in before]  # a token is on its phone alone
    assert not [trace for trace in traces if trace.encode() not in before]
    assert tell(laptop, ORDER).split() != PLACES * 2  # ids do not rise with time

    assert tell(laptop, SEAL_WHILE_READ).split() == ["traces", "clean"]  # as soon as nobody reads

    after = held(laptop)
    assert [trace for trace in (*tokens, *traces) if trace.encode() in after] == []
    for words in (b"Said as the ", b"Named as the "):
        order = order_in(after, words)
        assert sorted(order) == PLACES  # each is there once: no older copy in a free page or in the log
        assert order not in (PLACES, PLACES[::-1], order_in(before, words))
    said, named = (line.split() for line in tell(laptop, ORDER).strip().splitlines())
    assert sorted(said) == sorted(named) == PLACES
    assert len({tuple(said), tuple(named), tuple(PLACES)}) == 3
    assert "was sealed before" in run(laptop, "seal_due", "--code", code)


def test_files_hold_nothing_of_an_erased_workshop(laptop: Path) -> None:
    tell(laptop, "from django.contrib.auth.models import User; User.objects.create(username='ada')")
    run(laptop, "load_example", "--facilitator", "ada")
    said = tell(laptop, WORDS).strip().splitlines()
    code, words = said[0], [line.encode() for line in said[1:]]

    def found() -> int:
        everything = held(laptop)
        return sum(each in everything for each in words)

    assert len(words) > 20
    assert found() == len(words)
    assert "Comment" in run(laptop, "erase_due", "--code", code)
    assert found() == 0
