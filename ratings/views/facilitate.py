"""The desk during a session: the panel, the comments to look at, and the end of a rehearsal."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings import rehearsal
from ratings.aloud import opened_stages
from ratings.choices import CommentState
from ratings.desk import read_panel, read_queue
from ratings.forms import WordsForm
from ratings.models import Comment
from ratings.scoring import decide_comments
from workshops.access import facilitator_required
from workshops.addresses import join_base_url
from workshops.live import stream_url
from workshops.models import Workshop
from workshops.sessions import current_stage


@require_GET
@never_cache
@facilitator_required
def run(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the desk of a workshop."""
    context = _context(request, workshop) | {"live": stream_url(workshop, "desk"), "refused": "refused" in request.GET}
    return render(request, "ratings/facilitate/run.html", context)


@require_GET
@never_cache
@facilitator_required
def now(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Return the desk's panel alone, after a stage has moved."""
    return render(request, "ratings/facilitate/_desk.html", _context(request, workshop))


@require_GET
@never_cache
@facilitator_required
def tally(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Return the counters and the comments to look at, after an answer has come in."""
    return render(request, "ratings/facilitate/_tally.html", _context(request, workshop) | {"with_queue": True})


@require_GET
@never_cache
@facilitator_required
def comments(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """List every comment of a workshop, undecided ones first."""
    context = {"workshop": workshop, "queue": read_queue(workshop, None), "everywhere": True}
    return render(request, "ratings/facilitate/comments.html", context)


@require_POST
@facilitator_required
def decide(request: HttpRequest, workshop: Workshop, comment_id: int) -> HttpResponse:
    """Show a comment to the room, or hold it back."""
    comment = get_object_or_404(Comment, workshop=workshop, pk=comment_id)
    if request.POST.get("state") in (CommentState.SHOWN, CommentState.HELD):
        decide_comments(workshop=workshop, comments=[comment.pk], state=CommentState(request.POST["state"]))
    return _after_deciding(request, workshop)


@require_POST
@facilitator_required
def show_new(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the undecided comments that the facilitator had on screen; one that came in since stays undecided."""
    seen = [int(pk) for pk in request.POST.getlist("seen") if pk.isdecimal() and len(pk) < 19]
    decide_comments(workshop=workshop, comments=seen, state=CommentState.SHOWN, only_new=True)
    return _after_deciding(request, workshop)


@require_POST
@facilitator_required
def remove_rehearsal(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Remove the rehearsal's people and all that they answered."""
    rehearsal.remove_rehearsal(workshop=workshop)
    return redirect("desk", code=workshop.code)


def _after_deciding(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    everywhere = "everywhere" in request.POST
    if request.headers.get("HX-Request") == "true":
        stage = None if everywhere else current_stage(workshop)
        context = {"workshop": workshop, "queue": read_queue(workshop, stage), "everywhere": everywhere}
        return render(request, "ratings/facilitate/_queue.html", context)
    return redirect("ratings:comments" if everywhere else "desk", code=workshop.code)


def _context(request: HttpRequest, workshop: Workshop) -> dict[str, object]:
    panel = read_panel(workshop, cast(User, request.user))
    words = WordsForm(stages=opened_stages(workshop), at=panel.stage)
    host = join_base_url(request).split("://", 1)[-1]
    return {"workshop": workshop, "panel": panel, "queue": panel.queue, "join_host": host, "words": words}
