"""What the desk opens only when asked: the private peek, the log of moves, the pages before closing and sealing."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ratings.desk import read_ending, read_peek
from ratings.sealing import NotClosed, seal_workshop
from workshops.access import requires
from workshops.choices import Deed, StageKind
from workshops.models import StageMove, Workshop
from workshops.permissions import Act
from workshops.sessions import current_stage
from workshops.trail import record_once


@require_GET
@never_cache
@requires(Act.LOOK)
def peek(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Return what was answered so far at the open stage: for this screen only, in no page before it is asked for."""
    if stage := current_stage(workshop):
        record_once(workshop=workshop, user=cast(User, request.user), act=Deed.PEEKED, about=stage.full_title)
    return render(request, "ratings/facilitate/_peek.html", {"workshop": workshop, "peek": read_peek(workshop)})


@require_GET
@never_cache
@requires(Act.LOOK)
def log(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Return every move of a workshop, newest first."""
    moves = StageMove.objects.filter(stage__workshop=workshop)
    context = {"workshop": workshop, "moves": list(moves.select_related("stage__scale", "stage__deliverable", "user"))}
    return render(request, "ratings/facilitate/_log.html", context)


@require_GET
@never_cache
@requires(Act.LOOK)
def closing(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Say what closing does and what is still undecided, before it is done."""
    stage = get_object_or_404(workshop.stages, kind=StageKind.CLOSED)
    context = {"workshop": workshop, "stage": stage, "ending": read_ending(workshop), "minutes": settings.SEAL_AFTER}
    return render(request, "ratings/facilitate/closing.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.SEAL)
def seal(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Say what sealing does and cannot undo; then do it."""
    if request.method == "GET":
        return render(request, "ratings/facilitate/seal.html", {"workshop": workshop})
    with suppress(NotClosed):  # opened again meanwhile: the desk shows it
        seal_workshop(workshop=workshop, user=cast(User, request.user))
    return redirect("desk", code=workshop.code)
