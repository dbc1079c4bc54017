"""The journal on screen and as files."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ratings.journal.build import build_journal
from ratings.journal.formats import BESIDES, FORMATS, PDF
from ratings.journal.pages import SCREEN, view_journal
from ratings.journal.press import JournalBusy, JournalFailed, JournalTooLarge
from workshops.access import requires
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.trail import record_act


@require_safe
@requires(Act.READ)
def journal(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the journal of a workshop that this user runs."""
    view = view_journal(build_journal(workshop), SCREEN)
    context = {"workshop": workshop, "here": "journal", "view": view, "formats": BESIDES}
    return render(request, "ratings/journal/journal.html", context)


@require_safe
@requires(Act.READ)
def journal_pdf(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Download the journal as PDF; where it cannot be printed, a page says why and what to do."""
    return _download(request, workshop, PDF)


@require_safe
@requires(Act.READ)
def journal_file(request: HttpRequest, workshop: Workshop, suffix: str) -> HttpResponse:
    """Download the journal as one of the other formats; where it cannot be made, a page says why and what to do."""
    if suffix not in FORMATS:
        raise Http404
    return _download(request, workshop, suffix)


def _download(request: HttpRequest, workshop: Workshop, suffix: str) -> HttpResponse:
    kind = FORMATS[suffix]
    try:
        content = kind.write(build_journal(workshop))
    except JournalFailed as error:
        context = {
            "workshop": workshop,
            "busy": isinstance(error, JournalBusy),
            "too_large": isinstance(error, JournalTooLarge),
        }
        return render(request, "ratings/journal/failed.html", context, status=503)
    if request.method == "GET":
        record_act(workshop=workshop, user=cast(User, request.user), act=Deed.TOOK_OUT, about=f"journal.{suffix}")
    name = slugify(f"journal {workshop.organisation} {workshop.date.isoformat()}")
    return HttpResponse(
        content,
        content_type=kind.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{suffix}"',
            "Cache-Control": "private, no-store",
        },
    )
