"""Grouping comments into themes, by ticking and a press."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings.forms import ThemeForm
from ratings.themes import group_comments, read_themes, ungroup_comments
from workshops.access import requires
from workshops.models import Deliverable, Workshop
from workshops.permissions import Act


@require_GET
@never_cache
@requires(Act.MODERATE)
def themes(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Go to the themes of the first deliverable."""
    first = workshop.edition.deliverables.all()[0]
    return redirect("ratings:deliverable_themes", code=workshop.code, deliverable_id=first.pk)


@require_GET
@never_cache
@requires(Act.MODERATE)
def deliverable_themes(request: HttpRequest, workshop: Workshop, deliverable_id: int) -> HttpResponse:
    """Show the comments on a deliverable by theme, and which look alike."""
    return _page(request, workshop, _deliverable(workshop, deliverable_id), None)


@require_POST
@requires(Act.MODERATE)
def group(request: HttpRequest, workshop: Workshop, deliverable_id: int) -> HttpResponse:
    """Put the ticked comments into a theme, or (`do=ungroup`) out of any."""
    deliverable = _deliverable(workshop, deliverable_id)
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return _page(request, workshop, deliverable, form)
    user = cast(User, request.user)
    comments, name = form.cleaned_data["comments"], form.cleaned_data["name"]
    if request.POST.get("do") == "ungroup":
        ungroup_comments(workshop=workshop, comments=comments, user=user)
    else:
        group_comments(workshop=workshop, deliverable=deliverable, comments=comments, name=name, user=user)
    return redirect("ratings:deliverable_themes", code=workshop.code, deliverable_id=deliverable.pk)


def _deliverable(workshop: Workshop, deliverable_id: int) -> Deliverable:
    return get_object_or_404(workshop.edition.deliverables, pk=deliverable_id)


def _page(request: HttpRequest, workshop: Workshop, deliverable: Deliverable, form: ThemeForm | None) -> HttpResponse:
    context = {
        "workshop": workshop,
        "here": "comments",
        "deliverables": workshop.edition.deliverables.all(),
        "read": read_themes(workshop, deliverable),
        "form": form,
        "ticked": form.data.getlist("comments") if form else [],  # type: ignore[attr-defined]
    }
    return render(request, "ratings/facilitate/themes.html", context)
