"""The journal on screen and as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ratings.journal.build import build_journal
from ratings.journal.pages import SCREEN, view_journal
from ratings.journal.press import JournalBusy, JournalFailed, JournalTooLarge, print_journal
from workshops.access import facilitator_required
from workshops.models import Workshop


@require_safe
@facilitator_required
def journal(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the journal of a workshop that this user runs."""
    view = view_journal(build_journal(workshop), SCREEN)
    return render(request, "ratings/journal/journal.html", {"workshop": workshop, "here": "journal", "view": view})


@require_safe
@facilitator_required
def journal_pdf(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Download the journal as PDF; where it cannot be printed, a page says why and what to do."""
    try:
        pdf = print_journal(build_journal(workshop))
    except JournalFailed as error:
        context = {
            "workshop": workshop,
            "busy": isinstance(error, JournalBusy),
            "too_large": isinstance(error, JournalTooLarge),
        }
        return render(request, "ratings/journal/failed.html", context, status=503)
    name = slugify(f"journal {workshop.organisation} {workshop.date.isoformat()}")
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "private, no-store"},
    )
