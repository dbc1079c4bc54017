"""What people said aloud or wrote on paper, entered at the desk."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ratings import aloud
from ratings.choices import Source
from ratings.forms import UNSURE, PaperForm, WordsForm
from workshops.access import requires
from workshops.choices import StageKind
from workshops.models import Scale, Stage, Workshop
from workshops.permissions import Act
from workshops.sessions import Sealed

SEALED = gettext_lazy("This workshop is sealed: what was said stays as it is.")


@require_POST
@requires(Act.ENTER)
def add_aloud(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Add a comment, or something that must happen next, in the words given."""
    stages = aloud.opened_stages(workshop)
    form = WordsForm(request.POST, stages=stages)
    if form.is_valid() and _added(request, workshop, form):
        if request.headers.get("HX-Request") != "true":
            return redirect("desk", code=workshop.code)
        kept = {"about": form.cleaned_data["about"], "source": form.cleaned_data["source"]}
        form = WordsForm(stages=stages, initial=kept)
    context = {"workshop": workshop, "words": form, "open": True, "added": not form.is_bound}
    name = "_aloud.html" if request.headers.get("HX-Request") == "true" else "aloud.html"
    return render(request, f"ratings/facilitate/{name}", context)


def _added(request: HttpRequest, workshop: Workshop, form: WordsForm) -> bool:
    """Add what a form says; return whether that was done. If not, the form says why."""
    user = cast(User, request.user)
    text, source = form.cleaned_data["text"], Source(form.cleaned_data["source"])
    try:
        if form.scale_id is None:
            aloud.add_imperative(workshop=workshop, text=text, source=source, user=user)
        else:
            scale = Scale.objects.get(pk=form.scale_id)
            mark = form.cleaned_data["mark"]
            aloud.add_comment(workshop=workshop, scale=scale, text=text, mark=mark, source=source, user=user)
    except Sealed:
        form.add_error(None, SEALED)
        return False
    return True


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.ENTER)
def paper(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Count the papers of a stage; saved again, the new count takes the place of the one before."""
    kinds = (StageKind.SCALE, StageKind.RAG, StageKind.PRIORITIES)
    counted = [stage for stage in aloud.opened_stages(workshop) if stage.kind in kinds]
    stage = next((stage for stage in counted if stage.pk == stage_id), None)
    if stage is None:
        raise Http404
    form = PaperForm(request.POST or None, stage=stage, initial=aloud.paper_counts(workshop, stage))
    if request.method == "POST" and form.is_valid():
        try:
            _count(workshop, stage, form.counts, cast(User, request.user))
        except Sealed:
            return redirect("desk", code=workshop.code)  # which says that it is
        return redirect(reverse("ratings:paper", args=[workshop.code, stage.pk]) + "?saved=1")
    context = {"workshop": workshop, "stage": stage, "stages": counted, "form": form, "saved": "saved" in request.GET}
    return render(request, "ratings/facilitate/paper.html", context)


def _count(workshop: Workshop, stage: Stage, counts: dict[str, int], user: User) -> None:
    """Save a count as it comes from the form."""
    unsure = counts.pop(UNSURE, 0)
    if stage.scale:
        scores: dict[int | None, int] = {int(name): n for name, n in counts.items()}
        aloud.count_scores(workshop=workshop, scale=stage.scale, counts=scores | {None: unsure}, user=user)
    elif stage.kind == StageKind.RAG:
        aloud.count_rags(workshop=workshop, stage=stage, counts=counts | {"": unsure}, user=user)
    else:
        aloud.count_votes(workshop=workshop, counts={int(name): n for name, n in counts.items()}, user=user)
