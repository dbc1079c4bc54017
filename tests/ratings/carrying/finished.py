"""A finished workshop with something of everything that is held about one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.contrib.auth.models import User

from ratings.aloud import add_comment, add_imperative, count_rags, count_scores, count_votes
from ratings.choices import FROM_PHONES, Asked, Grouping, Mark, Source
from ratings.deciding import hide_words, hold_words, redact_words, show_words
from ratings.imperatives import ImperativeAnswer, merge_imperatives, place_votes, plan_action, record_imperatives
from ratings.journal.formats import FORMATS
from ratings.models import (
    Comment,
    Imperative,
    JournalNotes,
    Lead,
    SignedFile,
    Term,
)
from ratings.scoring import record_rag, record_score
from ratings.sealing import seal_workshop
from ratings.signing import check_journal, read_sign_off, sign_journal
from ratings.themes import group_comments
from tests import factories
from workshops.choices import Role, StageKind
from workshops.erasing import erase_workshop
from workshops.models import Erasure, Facilitator, Participant, Workshop
from workshops.planning import plan_workshop
from workshops.sessions import open_stage, reveal_stage

QUICK = ("html", "md", "json")
"""The formats that take no press."""
PEOPLE = 14


def finished(by: User, *, files: Sequence[str] = QUICK, sealed: bool = True, signed: bool = True) -> Workshop:
    """Return a closed workshop that people answered in every way, run by `by`; sealed, and signed off, unless not."""
    edition = factories.edition(2, owner=by, asks_higher=True, threshold=5)
    of = plan_workshop(
        edition=edition,
        organisation="Carreg Bay Council",
        venue="Harbour Hall",
        date=datetime.date(2026, 5, 14),
        groups=("Early help", "Duty"),
        facilitator=by,
    )
    Facilitator.objects.create(workshop=of, user=factories.facilitator(f"{by.get_username()}-helps"), role=Role.READER)
    phones = [factories.participant(of) for _n in range(PEOPLE)]
    for n, phone in enumerate(phones):
        phone.group = of.groups.all()[n % 2]
        phone.save(update_fields=["group"])
    for stage in of.stages.select_related("scale", "deliverable"):
        if stage.asks or stage.kind == StageKind.CLOSED:
            open_stage(stage=stage, user=by)
        if stage.asks:
            _answer(of, stage.kind, stage.pk, phones)
            reveal_stage(stage=stage, user=by)
    of.refresh_from_db()
    _decide(of, by)
    _write(of)
    if sealed:
        seal_workshop(workshop=of, user=by)
    if sealed and signed:
        _sign(of, by, files)
    of.refresh_from_db()
    return of


def _answer(of: Workshop, kind: str, stage_id: int, phones: Sequence[Participant]) -> None:
    stage = of.stages.get(pk=stage_id)
    named = [f"Do the {n}th thing" for n in range(PEOPLE)]
    for n, phone in enumerate(map(factories.afresh, phones)):
        match kind:
            case StageKind.SCALE:
                assert stage.scale
                value, mark = (n % 11 if n % 7 else None), [*Mark.values, ""][n % 4]
                record_score(participant=phone, scale=stage.scale, value=value, text=f"Because of {n}", mark=mark)
            case StageKind.RAG:
                assert stage.deliverable
                record_rag(participant=phone, deliverable=stage.deliverable, value=["R", "A", "G", ""][n % 4])
            case StageKind.IMPERATIVES:
                record_imperatives(participant=phone, answers=[ImperativeAnswer(named[n])])
            case StageKind.PRIORITIES:
                place_votes(
                    participant=phone, imperatives=list(Imperative.objects.filter(workshop=of)[n % 4 : n % 4 + 3])
                )


def _decide(of: Workshop, by: User) -> None:
    """Enter what was said aloud or written, hold, hide, redact, merge, group and plan."""
    scale = factories.scale(of)
    spoken = add_comment(workshop=of, scale=scale, text="Ask Megan about it", source=Source.ALOUD, user=by)
    redact_words(words=spoken, user=by, chosen=[1], reason="It names somebody")
    first, second, third = Comment.objects.filter(workshop=of, scale=scale, source__in=FROM_PHONES)[:3]
    hide_words(words=first, user=by, reason="Unkind")
    hold_words(words=second, user=by)
    show_words(words=second, user=by)
    Comment.objects.filter(pk=third.pk).update(quoted=True)
    group_comments(workshop=of, deliverable=scale.deliverable, comments=[second.pk, third.pk], name="Time", user=by)
    factories.comment(of, scale, "One point higher", mark="")
    Comment.objects.filter(workshop=of, text="One point higher").update(asked=Asked.HIGHER)
    add_imperative(workshop=of, text="Write it down", source=Source.PAPER, user=by)
    leading, *others = Imperative.objects.filter(workshop=of)[:3]
    leading.deliverables.set(of.edition.deliverables.all())
    merge_imperatives(leading=leading, others=others, user=by)
    plan_action(imperative=leading, owner="Director", due=datetime.date(2027, 1, 31), user=by)
    count_scores(workshop=of, scale=scale, counts={7: 3, None: 1}, user=by)
    count_rags(workshop=of, stage=factories.stage(of, StageKind.RAG), counts={"G": 2}, user=by)
    count_votes(workshop=of, counts={leading.pk: 4}, user=by)


def _write(of: Workshop) -> None:
    JournalNotes.objects.create(
        workshop=of,
        introduction="What we heard.",
        has_own_epigraph=True,
        epigraph="Half way.",
        grouping=Grouping.MARK,
    )
    Lead.objects.create(workshop=of, deliverable=of.edition.deliverables.all()[0], text="In short.")
    Term.objects.create(workshop=of, term="QA", meaning="Quality assurance")


def _sign(of: Workshop, by: User, files: Sequence[str]) -> None:
    """Sign it off in some formats, and share it."""
    read = read_sign_off(of).fingerprint
    check_journal(workshop=of, user=by, read=read)
    whole = dict(FORMATS)
    try:
        for suffix in set(whole) - set(files):
            del FORMATS[suffix]
        sign_journal(workshop=of, user=by, name="Ada Lovelace", role="Director of Children’s Services", read=read)
    finally:
        FORMATS.clear()
        FORMATS.update(whole)
    assert SignedFile.objects.filter(signed__workshop=of).count() == len(files)
    factories.share_link(of, made_by=by)


def forget(of: Workshop) -> None:
    """Leave nothing of a workshop and of its review, as on an installation that never had it."""
    review = of.edition.review
    erase_workshop(workshop=of, by="test")
    Erasure.objects.all().delete()
    review.delete()
