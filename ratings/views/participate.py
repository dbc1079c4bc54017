"""The pages of a participant's phone: the open stage, and saving an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings.answers import answers_so_far
from ratings.cards import Card, participant_card, refused_card, saved_card, warned_card
from ratings.forms import NOT_IN_THE_LIST, HigherForm, ImperativesForm, RagForm, ScoreForm, VotesForm
from ratings.imperatives import ImperativeAnswer, ImperativeGone, place_votes, record_imperatives
from ratings.scoring import record_higher, record_rag, record_score
from workshops.access import participant_required
from workshops.choices import StageKind
from workshops.live import stream_url
from workshops.models import Deliverable, Participant, Scale, Stage, Workshop
from workshops.sessions import StageClosed, asks_higher, takes_answers

F = TypeVar("F", bound=Form)


@require_GET
@never_cache
@participant_required
def stage(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Show the open stage with this phone's own answer in it; all questions where everybody goes at their own pace."""
    if participant.workshop.is_open_to_all:
        context = {"workshop": participant.workshop, "answers": answers_so_far(participant)}
        return render(request, "ratings/participate/questions.html", context)
    return _page(request, participant_card(participant))


@require_GET
@never_cache
@participant_required
def open_card(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Return the open stage's card alone, with this phone's own answer in it."""
    card = participant_card(participant)
    return render(request, card.template, {"card": card})


@require_GET
@never_cache
@participant_required
def question(request: HttpRequest, participant: Participant, stage_id: int) -> HttpResponse:
    """Show one question of a workshop that everybody goes through at their own pace; else the open stage."""
    if not participant.workshop.is_open_to_all:
        return redirect("phone", code=participant.workshop.code)
    return _page(request, participant_card(participant, _asked(participant, pk=stage_id)))


@require_POST
@participant_required
def save_score(request: HttpRequest, participant: Participant, scale_id: int) -> HttpResponse:
    """Save this participant's score and comment on a scale."""
    asked = _asked(participant, kind=StageKind.SCALE, scale_id=scale_id)
    scale = cast(Scale, asked.scale)  # a constraint says that it has one

    def save(form: ScoreForm) -> Stage:
        return record_score(participant=participant, scale=scale, **form.cleaned_data)

    return _save(request, participant, asked, ScoreForm(request.POST), save)


@require_POST
@participant_required
def save_higher(request: HttpRequest, participant: Participant, scale_id: int) -> HttpResponse:
    """Save what this participant says one point higher on a scale would look like, while the room looks at it."""
    asked = _asked(participant, kind=StageKind.SCALE, scale_id=scale_id)
    scale = cast(Scale, asked.scale)

    def save(form: HigherForm) -> Stage:
        return record_higher(participant=participant, scale=scale, text=form.cleaned_data["higher"])

    return _save(request, participant, asked, HigherForm(request.POST), save, when=asks_higher)


@require_POST
@participant_required
def save_rag(request: HttpRequest, participant: Participant, deliverable_id: int) -> HttpResponse:
    """Save this participant's RAG rating of a deliverable."""
    asked = _asked(participant, kind=StageKind.RAG, deliverable_id=deliverable_id)
    deliverable = cast(Deliverable, asked.deliverable)

    def save(form: RagForm) -> Stage:
        return record_rag(participant=participant, deliverable=deliverable, **form.cleaned_data)

    return _save(request, participant, asked, RagForm(request.POST), save)


@require_POST
@participant_required
def save_imperatives(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Save the one or two imperatives that this participant named."""

    def save(form: ImperativesForm) -> Stage:
        values = form.cleaned_data
        answers = [ImperativeAnswer(values[f"text_{slot}"], values[f"deliverables_{slot}"]) for slot in (1, 2)]
        return record_imperatives(participant=participant, answers=answers)

    asked = _asked(participant, kind=StageKind.IMPERATIVES)
    return _save(request, participant, asked, ImperativesForm(request.POST, workshop=participant.workshop), save)


@require_POST
@participant_required
def save_votes(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Save the dots that this participant placed."""

    def save(form: VotesForm) -> Stage:
        return place_votes(participant=participant, imperatives=form.cleaned_data["imperative"])

    asked = _asked(participant, kind=StageKind.PRIORITIES)
    return _save(request, participant, asked, VotesForm(request.POST, workshop=participant.workshop), save)


def _asked(participant: Participant, **which: Any) -> Stage:
    """Return the stage of this participant's workshop that `which` names. Raises Http404."""
    return get_object_or_404(participant.workshop.stages.select_related("deliverable", "scale"), **which)


def _save(
    request: HttpRequest,
    participant: Participant,
    asked: Stage,
    form: F,
    save: Callable[[F], Stage],
    *,
    when: Callable[[Workshop, Stage], bool] = takes_answers,
) -> HttpResponse:
    """Check, save, confirm. What is refused comes back as typed, with a sentence that says why.

    `when` says whether the stage can be answered now.
    """
    with_htmx = request.headers.get("HX-Request") == "true"
    if form.is_valid():
        careless = not with_htmx and "as_it_is" not in request.POST and when(participant.workshop, asked)
        warned = warned_card(participant, asked, form) if careless else None
        if warned:
            return _page(request, warned)
        try:
            stage = save(form)
        except StageClosed:
            asked.refresh_from_db(fields=["state", "revealed_at"])
        except ImperativeGone:
            form.add_error("imperative", NOT_IN_THE_LIST)
        else:
            if not with_htmx:
                return redirect("phone", code=participant.workshop.code)
            return _answer(request, "saved", saved_card(participant, stage, form))
    closed = not when(participant.workshop, asked)
    if closed:
        form.add_error(None, _("This question closed before your answer arrived, so it was not saved."))
    card = refused_card(participant, asked, form, closed=closed)
    return _answer(request, "closed" if card.closed else "refused", card) if with_htmx else _page(request, card)


def _answer(request: HttpRequest, outcome: str, card: Card) -> HttpResponse:
    """Say what became of an answer, in a header that no wifi's own sign-in page has: a phone counts on nothing else."""
    template = "ratings/participate/_saved.html" if outcome == "saved" else "ratings/participate/_refused.html"
    response = render(request, template, {"card": card})
    response["Midpoint-Answer"] = outcome
    return response


def _page(request: HttpRequest, card: Card) -> HttpResponse:
    live = "" if card.workshop.is_open_to_all else stream_url(card.workshop, "phone")
    context = {"card": card, "workshop": card.workshop, "live": live}
    return render(request, "ratings/participate/stage.html", context)
