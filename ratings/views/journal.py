"""The journal on screen and as files."""

from __future__ import annotations

from dataclasses import replace
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
from ratings.signing import signature_of, signed_as, signed_journals
from ratings.views.signing import give_file
from workshops.access import requires
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.trail import record_act


@require_safe
@requires(Act.READ)
def journal(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the journal of a workshop as it is now: a draft, or what was signed."""
    built = build_journal(workshop)
    editions = signed_journals(workshop)
    signed = signed_as(workshop, built) if editions else None
    if signed:
        built = replace(built, signature=signature_of(signed))
    formats = BESIDES
    if signed:
        kept = set(signed.files.values_list("suffix", flat=True))
        formats = {suffix: each for suffix, each in BESIDES.items() if suffix in kept}
    view = view_journal(built, SCREEN)
    context = {"workshop": workshop, "here": "journal", "view": view, "formats": formats, "editions": editions}
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
    """Give the signed file if the journal is as it was signed; else make a draft's."""
    kind, built = FORMATS[suffix], build_journal(workshop)
    if signed := signed_as(workshop, built):
        return give_file(signed, suffix)
    try:
        content = kind.write(built)
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
