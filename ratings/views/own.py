"""What a phone can do with its own answers, until the workshop is sealed: see, take away and withdraw them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ratings.answers import answers_so_far, write_copy
from ratings.withdrawing import withdraw_answers
from workshops.access import participant_required
from workshops.models import Participant
from workshops.sessions import Sealed


@require_GET
@never_cache
@participant_required
def answers(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Show all that this phone has answered so far; only this phone sees it."""
    context = {
        "participant": participant,
        "workshop": participant.workshop,
        "answers": answers_so_far(participant),
        "withdrawn": "withdrawn" in request.GET,
    }
    return render(request, "ratings/participate/answers.html", context)


@require_GET
@never_cache
@participant_required
def copy(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Give this phone's answers to keep, as plain text."""
    words = write_copy(participant.workshop, answers_so_far(participant))
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-answers-{participant.workshop.code}.txt"'
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@participant_required
def withdraw(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Say what withdrawing does; then take back all that this phone gave."""
    code = participant.workshop.code
    if request.method == "GET":
        return render(request, "ratings/participate/withdraw.html", {"workshop": participant.workshop})
    try:
        withdraw_answers(participant=participant)
    except Sealed:
        return redirect("workshops:join", code=code)  # which says that it is
    return redirect(reverse("ratings:answers", args=[code]) + "?withdrawn=1")
