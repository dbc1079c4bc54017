"""Who may: each door resolves a code to a workshop, and lets in its facilitators or its participants."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from workshops.joining import find_participant
from workshops.models import Participant, Workshop

P = ParamSpec("P")


def facilitator_required(
    view: Callable[Concatenate[HttpRequest, Workshop, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """Call the view with the workshop that `code` names and this user runs.

    Strangers are sent to sign in; a signed-in user who does not run the workshop gets 404, as for an unknown code.
    """

    @wraps(view)
    def door(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _go_to(request, redirect_to_login(request.get_full_path()))
        workshops = Workshop.objects.run_by(request.user.pk).select_related("edition__review")
        return view(request, get_object_or_404(workshops, code=code), *args, **kwargs)

    return door  # type: ignore[return-value]  # Django gives `code` by name


def participant_required(
    view: Callable[Concatenate[HttpRequest, Participant, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """Call the view with the participant that this phone is; a phone that has not joined is sent to the join page."""

    @wraps(view)
    def door(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        participant = find_participant(request, code)
        if participant is None:
            if not Workshop.objects.filter(code=code).exists():
                raise Http404
            lost = "?lost=1" if "joined" in request.GET else ""
            return _go_to(request, HttpResponseRedirect(reverse("workshops:join", args=[code]) + lost))
        return view(request, participant, *args, **kwargs)

    return door  # type: ignore[return-value]  # Django gives `code` by name


def _go_to(request: HttpRequest, elsewhere: HttpResponseRedirect) -> HttpResponse:
    """Return the redirect; for htmx as a header, so that the whole page goes and not one fragment."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": elsewhere.url})
    return elsewhere
