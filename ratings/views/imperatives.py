"""The desk's page of imperatives: merge those that say the same, and turn the winners into actions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings.forms import ActionForm, MergeForm
from ratings.imperatives import merge_imperatives, part_imperative, plan_action, rank_imperatives
from ratings.models import Imperative
from workshops.access import facilitator_required
from workshops.models import Workshop


@require_GET
@never_cache
@facilitator_required
def imperatives(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """List the imperatives in order of votes, with what was merged into each, and their owners."""
    return _page(request, workshop)


@require_POST
@facilitator_required
def merge(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Let one imperative stand for others that say the same."""
    form = MergeForm(request.POST, workshop=workshop)
    if form.is_valid():
        merge_imperatives(leading=form.cleaned_data["leading"], others=form.cleaned_data["others"])
        return redirect("ratings:imperatives", code=workshop.code)
    return _page(request, workshop, merging=form)


@require_POST
@facilitator_required
def part(request: HttpRequest, workshop: Workshop, imperative_id: int) -> HttpResponse:
    """Let a merged imperative stand for itself again."""
    part_imperative(imperative=get_object_or_404(Imperative, workshop=workshop, pk=imperative_id))
    return redirect("ratings:imperatives", code=workshop.code)


@require_POST
@facilitator_required
def action(request: HttpRequest, workshop: Workshop, imperative_id: int) -> HttpResponse:
    """Save who does an imperative and by when."""
    imperative = get_object_or_404(Imperative, workshop=workshop, pk=imperative_id)
    form = ActionForm(request.POST)
    if form.is_valid():
        plan_action(imperative=imperative, **form.cleaned_data)
        return redirect("ratings:imperatives", code=workshop.code)
    return _page(request, workshop, planning=(imperative.pk, form))


def _page(
    request: HttpRequest,
    workshop: Workshop,
    *,
    merging: MergeForm | None = None,
    planning: tuple[int, ActionForm] | None = None,
) -> HttpResponse:
    context = {
        "workshop": workshop,
        "ranked": rank_imperatives(workshop, votes=True),
        "merging": merging,
        "ticked": request.POST.getlist("others"),
        "planned": planning[0] if planning else None,
        "planning": planning[1] if planning else None,
    }
    return render(request, "ratings/facilitate/imperatives.html", context)
