"""The desk's page of imperatives: decide about them, merge those that say the same, turn the winners into actions."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings.forms import NOT_IN_THE_LIST, ActionForm, DecisionForm, MergeForm
from ratings.imperatives import ImperativeGone, merge_imperatives, part_imperative, plan_action
from ratings.models import Imperative
from ratings.sifting import sift_imperatives
from ratings.views.deciding import back_after_sealing, carry_out, show_closer
from workshops.access import requires
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.sessions import Sealed

SUGGESTION = re.compile(r"\d{1,18}(-\d{1,18}){1,400}", re.ASCII)
"""How a suggestion is named: by the ids of its imperatives."""
MOST_PUT_AWAY = 200


@require_GET
@never_cache
@requires(Act.MODERATE)
def imperatives(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """List the imperatives in order of votes, with their owners; those to decide about and alike, those kept back."""
    return _page(request, workshop)


@require_POST
@requires(Act.MODERATE)
def merge(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Let one imperative stand for others that say the same."""
    form = MergeForm(request.POST, workshop=workshop)
    if form.is_valid():
        try:
            chosen = {name: form.cleaned_data[name] for name in ("leading", "others")}
            merge_imperatives(**chosen, user=cast(User, request.user))
        except ImperativeGone:
            form.add_error("leading", NOT_IN_THE_LIST)
        except Sealed:
            form.add_error(None, _("This workshop is sealed: what was said stays as it is."))
        else:
            return redirect("ratings:imperatives", code=workshop.code)
    return _page(request, workshop, merging=form)


@require_POST
@requires(Act.MODERATE)
def put_away(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Suggest a group of imperatives no more to this facilitator, until another joins it."""
    key = request.POST.get("suggestion", "")
    if SUGGESTION.fullmatch(key):
        request.session[_away(workshop)] = [*_put_away(request, workshop), key][-MOST_PUT_AWAY:]
    return redirect("ratings:imperatives", code=workshop.code)


@require_GET
@never_cache
@requires(Act.MODERATE)
@back_after_sealing("ratings:imperatives")
def imperative(request: HttpRequest, workshop: Workshop, imperative_id: int) -> HttpResponse:
    """Show one imperative, to take words out of it, to hide it or to hold it."""
    row = get_object_or_404(Imperative, workshop=workshop, pk=imperative_id)
    return _closer(request, workshop, row, DecisionForm(about=row))


@require_POST
@requires(Act.MODERATE)
@back_after_sealing("ratings:imperatives")
def decide_imperative(request: HttpRequest, workshop: Workshop, imperative_id: int) -> HttpResponse:
    """Show, hold, hide or redact an imperative; hiding and redacting have a reason."""
    row = get_object_or_404(Imperative, workshop=workshop, pk=imperative_id)
    form = DecisionForm(request.POST, about=row)
    if carry_out(request, row, form):
        return redirect("ratings:imperatives", code=workshop.code)
    return _closer(request, workshop, row, form)


@require_POST
@requires(Act.MODERATE)
@back_after_sealing("ratings:imperatives")
def part(request: HttpRequest, workshop: Workshop, imperative_id: int) -> HttpResponse:
    """Let a merged imperative stand for itself again."""
    with suppress(Sealed):  # the page offers it no more, and says why
        row = get_object_or_404(Imperative, workshop=workshop, pk=imperative_id)
        part_imperative(imperative=row, user=cast(User, request.user))
    return redirect("ratings:imperatives", code=workshop.code)


@require_POST
@requires(Act.MODERATE)
@back_after_sealing("ratings:imperatives")
def action(request: HttpRequest, workshop: Workshop, imperative_id: int) -> HttpResponse:
    """Save who does an imperative and by when."""
    imperative = get_object_or_404(Imperative, workshop=workshop, pk=imperative_id)
    form = ActionForm(request.POST)
    if form.is_valid():
        plan_action(imperative=imperative, user=cast(User, request.user), **form.cleaned_data)
        return redirect("ratings:imperatives", code=workshop.code)
    return _page(request, workshop, planning=(imperative.pk, form))


def _closer(request: HttpRequest, workshop: Workshop, row: Imperative, form: DecisionForm) -> HttpResponse:
    leave = reverse("ratings:imperatives", args=[workshop.code])
    return show_closer(request, workshop, row, form, here="imperatives", leave=leave)


def _away(workshop: Workshop) -> str:
    return f"put-away-{workshop.code}"


def _put_away(request: HttpRequest, workshop: Workshop) -> list[str]:
    return list(request.session.get(_away(workshop), []))


def _page(
    request: HttpRequest,
    workshop: Workshop,
    *,
    merging: MergeForm | None = None,
    planning: tuple[int, ActionForm] | None = None,
) -> HttpResponse:
    sifted = sift_imperatives(workshop, put_away=_put_away(request, workshop))
    context = {
        "workshop": workshop,
        "sifted": sifted,
        "was_sealed": "sealed" in request.GET,
        "fixed": workshop.is_sealed and any((row.votes or 0) > row.entered for row in sifted.ranked),
        "merging": merging,
        "ticked": request.POST.getlist("others"),
        "planned": planning[0] if planning else None,
        "planning": planning[1] if planning else None,
    }
    return render(request, "ratings/facilitate/imperatives.html", context)
