"""The desk during a session: the panel, its counters, and the end of a rehearsal."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings import rehearsal
from ratings.aloud import opened_stages
from ratings.desk import read_panel
from ratings.forms import WordsForm
from workshops.access import requires
from workshops.addresses import join_base_url
from workshops.live import stream_url
from workshops.models import Workshop
from workshops.permissions import Act


@require_GET
@never_cache
@requires(Act.LOOK)
def run(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the desk of a workshop."""
    context = _context(request, workshop) | {
        "live": stream_url(workshop, "desk", request.user.pk),
        "refused": "refused" in request.GET,
    }
    return render(request, "ratings/facilitate/run.html", context)


@require_GET
@never_cache
@requires(Act.LOOK)
def now(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Return the desk's panel alone, after a stage has moved."""
    return render(request, "ratings/facilitate/_desk.html", _context(request, workshop))


@require_GET
@never_cache
@requires(Act.LOOK)
def tally(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Return the counters and the comments to look at, after an answer has come in."""
    return render(request, "ratings/facilitate/_tally.html", _context(request, workshop) | {"with_queue": True})


@require_POST
@requires(Act.MODERATE)
def remove_rehearsal(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Remove the rehearsal's people and all that they answered."""
    rehearsal.remove_rehearsal(workshop=workshop, user=cast(User, request.user))
    return redirect("desk", code=workshop.code)


def _context(request: HttpRequest, workshop: Workshop) -> dict[str, object]:
    panel = read_panel(workshop, cast(User, request.user))
    words = WordsForm(stages=opened_stages(workshop), at=panel.stage)
    host = join_base_url(request).split("://", 1)[-1]
    return {"workshop": workshop, "panel": panel, "queue": panel.queue, "join_host": host, "words": words}
