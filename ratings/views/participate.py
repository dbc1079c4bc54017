"""The pages of a participant's phone: the open stage, and saving an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings.answers import answers_so_far
from ratings.cards import Card, participant_card, refused_card, render_saved, saved_card, warned_card
from ratings.forms import NOT_IN_THE_LIST, HigherForm, ImperativesForm, RagForm, ScoreForm, VotesForm
from ratings.imperatives import ImperativeAnswer, ImperativeGone, place_votes, record_imperatives
from ratings.scoring import record_higher, record_rag, record_score
from workshops.access import participant_required
from workshops.choices import StageKind
from workshops.live import stream_url
from workshops.models import Deliverable, Participant, Scale, Stage, Workshop
from workshops.sessions import StageClosed, asks_higher, takes_answers

F = TypeVar("F", bound=Form)
REFUSED = "ratings/participate/_refused.html"


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

    def save(form: ScoreForm) -> Stage:
        return record_score(participant=participant, scale=Scale(pk=scale_id), **form.cleaned_data)

    return _save(request, participant, ScoreForm(request.POST), save, kind=StageKind.SCALE, scale=scale_id)


@require_POST
@participant_required
def save_higher(request: HttpRequest, participant: Participant, scale_id: int) -> HttpResponse:
    """Save what this participant says one point higher on a scale would look like, while the room looks at it."""

    def save(form: HigherForm) -> Stage:
        return record_higher(participant=participant, scale=Scale(pk=scale_id), text=form.cleaned_data["higher"])

    form = HigherForm(request.POST)
    return _save(request, participant, form, save, when=asks_higher, kind=StageKind.SCALE, scale=scale_id)


@require_POST
@participant_required
def save_rag(request: HttpRequest, participant: Participant, deliverable_id: int) -> HttpResponse:
    """Save this participant's RAG rating of a deliverable."""

    def save(form: RagForm) -> Stage:
        return record_rag(participant=participant, deliverable=Deliverable(pk=deliverable_id), **form.cleaned_data)

    return _save(request, participant, RagForm(request.POST), save, kind=StageKind.RAG, deliverable=deliverable_id)


@require_POST
@participant_required
def save_imperatives(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Save the one or two imperatives that this participant named."""

    def save(form: ImperativesForm) -> Stage:
        values = form.cleaned_data
        answers = [ImperativeAnswer(values[f"text_{slot}"], values[f"deliverables_{slot}"]) for slot in (1, 2)]
        return record_imperatives(participant=participant, answers=answers)

    form = ImperativesForm(request.POST, workshop=participant.workshop)
    return _save(request, participant, form, save, kind=StageKind.IMPERATIVES)


@require_POST
@participant_required
def save_votes(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Save the dots that this participant placed."""

    def save(form: VotesForm) -> Stage:
        return place_votes(participant=participant, imperatives=form.cleaned_data["imperative"])

    form = VotesForm(request.POST, workshop=participant.workshop)
    return _save(request, participant, form, save, kind=StageKind.PRIORITIES)


def _asked(participant: Participant, **which: Any) -> Stage:
    """Return the stage of this participant's workshop that `which` names. Raises Http404."""
    return get_object_or_404(participant.workshop.stages.select_related("deliverable", "scale"), **which)


def _save(
    request: HttpRequest,
    participant: Participant,
    form: F,
    save: Callable[[F], Stage],
    *,
    when: Callable[[Workshop, Stage], bool] = takes_answers,
    **which: Any,
) -> HttpResponse:
    """Check, save, confirm. What is refused comes back as typed, with a sentence that says why.

    `which` names the stage that is answered, and is asked for only if something is to be said about it; `when` says
    whether it can be answered now. Raises Http404 when the workshop has no such stage.
    """
    with_htmx = request.headers.get("HX-Request") == "true"
    if form.is_valid():
        warned = None if with_htmx or "as_it_is" in request.POST else _warned(participant, form, when, which)
        if warned:
            return _page(request, warned)
        try:
            stage = save(form)
        except StageClosed:
            pass
        except ImperativeGone:
            form.add_error("imperative", NOT_IN_THE_LIST)
        else:
            if not with_htmx:
                return redirect("phone", code=participant.workshop.code)
            return _answer("saved", render_saved(saved_card(participant, stage, form)))
    asked = _asked(participant, **which)
    closed = not when(participant.workshop, asked)
    if closed:
        form.add_error(None, _("This question closed before your answer arrived, so it was not saved."))
    card = refused_card(participant, asked, form, closed=closed)
    if not with_htmx:
        return _page(request, card)
    return _answer("closed" if closed else "refused", render_to_string(REFUSED, {"card": card}, request))


def _warned(
    participant: Participant, form: Form, when: Callable[[Workshop, Stage], bool], which: dict[str, Any]
) -> Card | None:
    """Return the card that warns of what may point to a person, if a valid form has any and its stage is open."""
    asked = _asked(participant, **which)
    return warned_card(participant, asked, form) if when(participant.workshop, asked) else None


def _answer(outcome: str, html: str) -> HttpResponse:
    """Say what became of an answer, in a header that no wifi's own sign-in page has: a phone counts on nothing else."""
    return HttpResponse(html, headers={"Midpoint-Answer": outcome})


def _page(request: HttpRequest, card: Card) -> HttpResponse:
    live = "" if card.workshop.is_open_to_all else stream_url(card.workshop, "phone")
    context = {"card": card, "workshop": card.workshop, "live": live}
    return render(request, "ratings/participate/stage.html", context)
