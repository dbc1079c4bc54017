"""The pages of the journal as they are printed, for whoever edits it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ratings.journal.preview import draw_page, preview_of
from ratings.journal.printing import printing_of
from workshops.access import requires
from workshops.models import Workshop
from workshops.permissions import Act

A_WHILE = 3.0
"""Seconds for which a page without scripts waits for a print."""


@require_safe
@never_cache
@requires(Act.EDIT)
def preview(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the pages beside the form that changes them, and how far they are."""
    context = {"workshop": workshop, "preview": preview_of(workshop, again="again" in request.GET)}
    return render(request, "ratings/journal/_preview.html", context)


@require_safe
@never_cache
@requires(Act.EDIT)
def preview_progress(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show how far the print is; no content where this screen shows it already. The pages stay as they are."""
    now = printing_of(workshop)
    if request.GET.get("seen") == now.seen:
        return HttpResponse(status=204)
    return render(request, "ratings/journal/_preview_progress.html", {"workshop": workshop, "printing": now})


@require_safe
@never_cache
@requires(Act.EDIT)
def preview_pages(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the pages on a page of their own, which needs no script."""
    shown = preview_of(workshop, seconds=A_WHILE, again="again" in request.GET)
    context = {"workshop": workshop, "here": "edit", "preview": shown, "still": True}
    return render(request, "ratings/journal/preview_pages.html", context)


@require_safe
@requires(Act.EDIT)
def preview_page(request: HttpRequest, workshop: Workshop, print_id: int, number: int) -> HttpResponse:
    """Return one page of a print as a picture."""
    picture = draw_page(workshop, print_id, number)
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-store"})
