"""Make a workshop of a whole journal, closed and sealed, whose journal says the same.

What a journal does not hold cannot come along (`left_behind`): what was kept back stays kept back, and what a group
scored is only its middle. Which answers were given aloud or on paper it does not say, only how many: so many of them,
whichever, are kept as such, and nothing shows which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.choices import ENTERED, Asked, CommentState, Grouping, Mark, Source
from ratings.importing import keep_notes, plan_closed
from ratings.journal.build import HIGHER, THEME, DeliverablePage, ImperativeLine, Journal, Said
from ratings.models import (
    Action,
    Comment,
    Imperative,
    JournalNotes,
    RagRating,
    Score,
    SeenPicture,
    Term,
    Theme,
    Vote,
)
from ratings.sealing import seal_workshop
from ratings.showing import UNSURE
from ratings.summaries import RagSummary, ScaleSummary
from workshops.choices import StageKind
from workshops.models import Deliverable, Edition, Scale, Workshop

MOST_ANSWERS = 200_000
"""So many scores, ratings and dots together may be in one journal."""


class Unfit(Exception):
    """A journal that no workshop can hold; says in a sentence why."""


@transaction.atomic
def restore_journal(*, journal: Journal, facilitator: AbstractBaseUser | None = None) -> Workshop:
    """Make a review that says what the journal says, frozen, and a sealed workshop of it; return the workshop.

    With a facilitator the review is theirs and they own the workshop. Raises Unfit.
    """
    _require_fit(journal)
    workshop = plan_closed(
        edition={
            "title": journal.title,
            "subtitle": journal.subtitle,
            "epigraph": journal.epigraph,
            "epigraph_by": journal.epigraph_by,
            "imperative_question": journal.question,
        },
        deliverables=[_deliverable_words(page) for page in journal.deliverables],
        organisation=journal.organisation,
        venue=journal.venue,
        date=journal.date,
        facilitator=facilitator,
    )
    people = journal.people or 0
    Workshop.objects.filter(pk=workshop.pk).update(joined=people, played=max(people, 1) if journal.is_rehearsal else 0)
    deliverables = list(workshop.edition.deliverables.prefetch_related("scales"))
    keep_notes(workshop, journal.introduction, [(each.term, each.meaning) for each in journal.glossary])
    JournalNotes.objects.filter(workshop=workshop).update(grouping=_grouping(journal))
    _keep_comments(workshop, journal, deliverables)
    _keep_imperatives(workshop, journal, deliverables)
    workshop.refresh_from_db()
    seal_workshop(workshop=workshop)
    _keep_answers(workshop, journal, deliverables)
    _keep_dots(workshop, journal)
    return workshop


def left_behind(journal: Journal) -> list[str]:
    """Say what is in a journal and will not be in the journal of the workshop made of it."""
    groups = {line.name for page in journal.deliverables for line in page.groups}
    said, named = journal.moderated_comments, journal.moderated_imperatives
    held, redacted = said.unprinted + named.unprinted, said.redacted + named.redacted
    told = [
        (len(groups), ngettext("what %(n)s group scored", "what %(n)s groups scored", len(groups))),
        (
            held,
            ngettext(
                "that %(n)s comment or imperative was held or hidden",
                "that %(n)s comments and imperatives were held or hidden",
                held,
            ),
        ),
        (
            redacted,
            ngettext(
                "that words were taken out of %(n)s comment or imperative",
                "that words were taken out of %(n)s comments and imperatives",
                redacted,
            ),
        ),
    ]
    return [sentence % {"n": n} for n, sentence in told if n]


def _deliverable_words(page: DeliverablePage) -> dict[str, str]:
    words = {
        "key": "",
        "name": page.name,
        "short_name": page.label if page.label != page.name else "",
        "lead": page.lead,
    }
    for scale in page.scales:
        words[f"{scale.kind}_anchor_ten"], words[f"{scale.kind}_anchor_zero"] = scale.anchor_ten, scale.anchor_zero
        words[f"{scale.kind}_short_ten"] = words[f"{scale.kind}_short_zero"] = ""
    return words


def _keep_comments(workshop: Workshop, journal: Journal, deliverables: Iterable[Deliverable]) -> None:
    """Keep the comments in the journal's order, each with its mark and its theme, and whether it is set large."""
    comments = []
    for page, deliverable in zip(journal.deliverables, deliverables, strict=True):
        groups = [(scale, group) for scale in page.scales for group in scale.groups]
        themes = {
            name: Theme.objects.create(workshop=workshop, deliverable=deliverable, name=name, position=position)
            for position, name in enumerate(_themes(page), start=1)
        }
        scales = {scale.kind: scale for scale in deliverable.scales.all()}
        comments += [
            Comment(
                scale=scales[scale.kind],
                mark=said.mark if said.mark != HIGHER else "",
                asked=Asked.HIGHER if said.mark == HIGHER else Asked.WHY,
                theme=themes[group.name] if group.mark == THEME else None,
                quoted=said.quoted,
                **_words(workshop, said),
            )
            for scale, group in groups
            for said in group.comments
        ]
    for position, comment in enumerate(comments, start=1):
        comment.position = position
    Comment.objects.bulk_create(comments)


def _grouping(journal: Journal) -> Grouping:
    """Return how the journal's comments are grouped: where marked ones stand in one list, by neither theme nor mark."""
    groups = [group for page in journal.deliverables for scale in page.scales for group in scale.groups]
    listed = any(group.mark == "" and said.mark in Mark.values for group in groups for said in group.comments)
    return Grouping.NONE if listed else Grouping.THEME


def _themes(page: DeliverablePage) -> list[str]:
    """Return the themes of a deliverable in one order that is that of either scale."""
    ordered: list[str] = []
    for scale in page.scales:
        names = [group.name for group in scale.groups if group.mark == THEME]
        for n, name in enumerate(names):
            if name not in ordered:
                place = next((ordered.index(after) for after in names[n + 1 :] if after in ordered), len(ordered))
                ordered.insert(place, name)
    return ordered


def _keep_imperatives(workshop: Workshop, journal: Journal, deliverables: list[Deliverable]) -> None:
    """Keep the imperatives in the journal's order, each followed by those that say the same."""
    position = 0
    for line in journal.imperatives:
        leading = Imperative.objects.create(position=(position := position + 1), **_words(workshop, line))
        leading.deliverables.set(deliverables[no - 1] for no in line.deliverables)
        for said in line.merged:
            position += 1
            Imperative.objects.create(position=position, merged_into=leading, **_words(workshop, said))
        if line.owner:
            Action.objects.create(imperative=leading, owner=line.owner, due=line.due)


def _words(workshop: Workshop, said: Said | ImperativeLine) -> dict[str, Any]:
    return {
        "workshop": workshop,
        "text": said.text,
        "source": said.source or Source.IMPORTED,
        "state": CommentState.SHOWN,
    }


def _keep_answers(workshop: Workshop, journal: Journal, deliverables: Iterable[Deliverable]) -> None:
    """Keep how many gave each score and each colour, and what was kept back."""
    pictures = list(SeenPicture.objects.filter(stage__workshop=workshop).select_related("stage"))
    asked = {(each.stage.kind, each.stage.scale_id or each.stage.deliverable_id): each for each in pictures}
    scores: list[Score] = []
    ratings: list[RagRating] = []
    for page, deliverable in zip(journal.deliverables, deliverables, strict=True):
        scales = {scale.kind: scale for scale in deliverable.scales.all()}
        for each in page.scales:
            about: dict[str, Any] = {"workshop": workshop, "scale": scales[each.kind]}
            picture = asked[StageKind.SCALE, scales[each.kind].pk]
            scores += [
                Score(value=int(answer) if answer != UNSURE else None, source=source, **about)
                for answer, source in _told(_scores(each.summary), each.summary, picture)
            ]
        about = {"workshop": workshop, "deliverable": deliverable}
        given = _told(_colours(page.rag), page.rag, asked[StageKind.RAG, deliverable.pk])
        ratings += [RagRating(value=answer, source=source, **about) for answer, source in given]
    Score.objects.bulk_create(scores, batch_size=1000)
    RagRating.objects.bulk_create(ratings, batch_size=1000)
    SeenPicture.objects.bulk_update(pictures, ["answers", "left_out"], batch_size=200)


def _scores(summary: ScaleSummary) -> Counter[str]:
    return Counter({UNSURE: summary.cant_say, **{str(score): n for score, n in enumerate(summary.counts)}})


def _colours(summary: RagSummary) -> Counter[str]:
    return Counter({UNSURE: summary.cant_say, **{colour.value: n for colour, n in summary.counts}})


def _told(
    answers: Counter[str], summary: ScaleSummary | RagSummary, picture: SeenPicture
) -> Iterator[tuple[str, Source]]:
    """Yield each answer with how it came, and let the picture say what the phones' were and how many are not shown."""
    entered = answers if summary.withheld else Counter(sorted(answers.elements())[: summary.entered])
    phones = answers - entered
    picture.answers, picture.left_out = phones, summary.withheld or summary.waiting
    yield from ((answer, Source.PHONE) for answer in sorted(phones.elements()))
    yield from ((answer, Source.ALOUD) for answer in sorted(entered.elements()))


def _keep_dots(workshop: Workshop, journal: Journal) -> None:
    """Keep how many dots each imperative has, and what was kept back."""
    leading = Imperative.objects.filter(workshop=workshop, merged_into=None)
    lines = list(zip(leading, journal.imperatives, strict=True))
    placed = {row.pk: max(0, (line.votes or 0) - line.entered) for row, line in lines}
    Vote.objects.bulk_create(
        (
            Vote(imperative=row, source=source)
            for row, line in lines
            for n, source in ((placed[row.pk], Source.PHONE), (line.entered, Source.PAPER))
            for _each in range(n)
        ),
        batch_size=1000,
    )
    SeenPicture.objects.filter(stage__workshop=workshop, stage__kind=StageKind.PRIORITIES).update(
        answers={str(key): n for key, n in placed.items() if n},
        left_out=journal.dots_withheld or journal.dots_waiting,
    )


def _require_fit(journal: Journal) -> None:
    """Raise Unfit when a workshop cannot hold this journal."""
    if not journal.is_closed:
        raise Unfit(_("This journal was made while its workshop ran. Make it again once that has closed."))
    if not can_be_drawn(journal):
        raise Unfit(_("This journal has more answers, or fewer, than a workshop can have."))
    for text, field in _texts(journal):
        longest, needs_words = field.max_length, field.model in (Comment, Imperative, Term, Theme)
        if "\0" in text or (needs_words and not text) or (longest and len(text) > longest):
            what = {"field": f"{field.model._meta.verbose_name} {field.verbose_name}", "n": longest, "text": text[:60]}
            raise Unfit(_("This does not fit as %(field)s, with at most %(n)s characters: “%(text)s”.") % what)
    terms = Counter(each.term for each in journal.glossary)
    if term := next((term for term, n in terms.items() if n > 1), ""):
        raise Unfit(_("The glossary explains this term more than once: “%(term)s”.") % {"term": term[:60]})
    comments = [said for page in journal.deliverables for scale in page.scales for said in scale.comments]
    unknown = {said.mark for said in comments} - {"", HIGHER, *Mark.values}
    unknown |= {said.source for said in [*comments, *_imperatives(journal)]} - {"", *ENTERED}
    if unknown:
        raise Unfit(_("There is no mark, and no way to answer, that is called “%(name)s”.") % {"name": min(unknown)})


def can_be_drawn(journal: Journal) -> bool:
    """Return whether a journal has as many answers as a workshop can have: each of them is a dot."""
    given = [n for page in journal.deliverables for scale in page.scales for n in _scores(scale.summary).values()]
    given += [n for page in journal.deliverables for n in _colours(page.rag).values()]
    given += [line.votes or 0 for line in journal.imperatives]
    return min(given, default=0) >= 0 and sum(given) <= MOST_ANSWERS


def _imperatives(journal: Journal) -> Iterator[Said | ImperativeLine]:
    """Yield every imperative, those that say the same as another among them."""
    for line in journal.imperatives:
        yield line
        yield from line.merged


def _texts(journal: Journal) -> Iterator[tuple[str, Any]]:
    """Yield every text with the field that is to hold it."""

    def of(model: type[models.Model], **texts: str) -> Iterator[tuple[str, Any]]:
        yield from ((text, model._meta.get_field(name)) for name, text in texts.items())

    yield from of(Workshop, organisation=journal.organisation, venue=journal.venue)
    yield from of(Edition, title=journal.title, subtitle=journal.subtitle, imperative_question=journal.question)
    yield from of(Edition, epigraph=journal.epigraph, epigraph_by=journal.epigraph_by)
    yield from of(JournalNotes, introduction=journal.introduction)
    for each in journal.glossary:
        yield from of(Term, term=each.term, meaning=each.meaning)
    for page in journal.deliverables:
        words = _deliverable_words(page)
        yield from of(Deliverable, **{name: words[name] for name in ("name", "short_name", "lead")})
        for scale in page.scales:
            yield from of(Scale, anchor_ten=scale.anchor_ten, anchor_zero=scale.anchor_zero)
            for group in scale.groups:
                yield from of(Theme, **({"name": group.name} if group.mark == THEME else {}))
                for said in group.comments:
                    yield from of(Comment, text=said.text)
    for named in _imperatives(journal):
        yield from of(Imperative, text=named.text)
    for line in journal.imperatives:
        yield from of(Action, **({"owner": line.owner} if line.owner else {}))
