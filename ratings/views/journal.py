"""The journal on screen and as files."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ratings.choices import PrintState
from ratings.journal.build import build_journal
from ratings.journal.formats import BESIDES, FORMATS, PDF
from ratings.journal.pages import SCREEN, view_journal
from ratings.journal.press import JournalFailed
from ratings.journal.printing import ask_for_print, follow_print, last_good, printing_of
from ratings.models import Print
from ratings.signing import signature_of, signed_as, signed_journals
from ratings.views.signing import give_file
from workshops.access import requires
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.trail import record_act

AT_ONCE = 3.0
"""Seconds for which a download waits for its print; most journals take less."""


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
    return render(request, "ratings/journal/journal.html", context | {"printing": printing_of(workshop)})


@require_safe
@requires(Act.READ)
def journal_pdf(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Download the journal as PDF; a page says how far it is, or why it cannot be printed and what to do."""
    if signed := signed_as(workshop, build_journal(workshop)):
        return give_file(request, signed, PDF)
    asked = ask_for_print(workshop, again="again" in request.GET)
    found = follow_print(asked, seconds=AT_ONCE)
    if found and found.state == PrintState.DONE:
        return _printed(request, workshop, found)
    context = {"workshop": workshop, "here": "journal"}
    if found and found.state == PrintState.FAILED:
        return render(request, "ratings/journal/failed.html", context | {"too_large": found.too_large}, status=503)
    context["printing"] = printing_of(workshop)
    return render(request, "ratings/journal/printing.html", context, status=202)


@require_safe
@requires(Act.READ)
def printing(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show how far the print is; no content where this screen shows it already, so that it is not read out again."""
    now = printing_of(workshop)
    if request.GET.get("seen") == now.seen:
        return HttpResponse(status=204)
    context = {"workshop": workshop, "printing": now, "followed": True}
    return render(request, "ratings/journal/_printing.html", context)


@require_safe
@requires(Act.READ)
def last_print(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Download the last PDF that was done, though the journal has changed since."""
    good = last_good(workshop)
    if good is None:
        raise Http404
    return _printed(request, workshop, good)


@require_safe
@requires(Act.READ)
def journal_file(request: HttpRequest, workshop: Workshop, suffix: str) -> HttpResponse:
    """Download the journal as one of the other formats; where it cannot be made, a page says why and what to do."""
    if suffix not in BESIDES:
        raise Http404
    built = build_journal(workshop)
    if signed := signed_as(workshop, built):
        return give_file(request, signed, suffix)
    try:
        content = FORMATS[suffix].write(built)
    except JournalFailed:
        return render(request, "ratings/journal/failed.html", {"workshop": workshop, "here": "journal"}, status=503)
    return _file(request, workshop, suffix, content)


def _printed(request: HttpRequest, workshop: Workshop, done: Print) -> HttpResponse:
    return _file(request, workshop, PDF, bytes(done.pdf or b""))


def _file(request: HttpRequest, workshop: Workshop, suffix: str, content: bytes) -> HttpResponse:
    if request.method == "GET":
        record_act(workshop=workshop, user=cast(User, request.user), act=Deed.TOOK_OUT, about=f"journal.{suffix}")
    name = slugify(f"journal {workshop.organisation} {workshop.date.isoformat()}")
    return HttpResponse(
        content,
        content_type=FORMATS[suffix].content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{suffix}"',
            "Cache-Control": "private, no-store",
        },
    )
