"""The pages of the journal as they would be printed, for whoever edits it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ratings.journal.press import JournalBusy, JournalFailed, JournalTooLarge
from ratings.journal.preview import draw_page, pages_of
from workshops.access import requires
from workshops.models import Workshop
from workshops.permissions import Act


@require_safe
@never_cache
@requires(Act.EDIT)
def preview(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the pages beside the form that changes them."""
    return render(request, "ratings/journal/_preview.html", _context(workshop))


@require_safe
@never_cache
@requires(Act.EDIT)
def preview_pages(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the pages on a page of their own, for browsers without scripts."""
    return render(request, "ratings/journal/preview_pages.html", {"here": "edit", **_context(workshop)})


@require_safe
@requires(Act.EDIT)
def preview_page(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """Return one page as a picture; there is none where the journal has no such page, or could not be printed."""
    try:
        picture = draw_page(pages_of(workshop).pdf, number)
    except JournalFailed:
        picture = None
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-store"})


def _context(workshop: Workshop) -> dict[str, Any]:
    context: dict[str, Any] = {"workshop": workshop, "pages": None}
    try:
        context["pages"] = pages_of(workshop)
    except JournalFailed as error:
        context |= {"busy": isinstance(error, JournalBusy), "too_large": isinstance(error, JournalTooLarge)}
    return context
