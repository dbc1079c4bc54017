"""Who may: each door resolves a code to a workshop, and lets in whoever has the role for it, or its participants."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from workshops.choices import Role
from workshops.joining import find_participant
from workshops.models import Facilitator, Participant, Workshop
from workshops.permissions import Act, may, phases

P = ParamSpec("P")


def requires(
    act: Act,
) -> Callable[[Callable[Concatenate[HttpRequest, Workshop, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Return the door of what is done at the desk: it calls the view with the workshop that `code` names.

    Strangers are sent to sign in. A user without a role in the workshop gets 404, as for an unknown code; one whose
    role may never do it gets 403, and one who may, but not now, 409: both with a page that says so.
    """

    def door_of(
        view: Callable[Concatenate[HttpRequest, Workshop, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def door(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _go_to(request, redirect_to_login(request.get_full_path()))
            workshops = Workshop.objects.of(request.user.pk).select_related("edition__review")
            workshop = get_object_or_404(workshops, code=code)
            role = Role(workshop.role)
            if may(role, act, workshop.phase):
                return view(request, workshop, *args, **kwargs)
            not_now = bool(phases(role, act))
            context = {"workshop": workshop, "not_now": not_now}
            return render(request, "workshops/facilitate/may_not.html", context, status=409 if not_now else 403)

        return door

    return door_of


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the door of what concerns no single workshop, for whoever has signed in."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _go_to(request, redirect_to_login(request.get_full_path()))
        return view(request, *args, **kwargs)

    return door


def staff_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the door of what concerns the installation, for its staff; others find nothing there."""

    @signed_in
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return door


def planner_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the door of planning: for whoever has signed in and is not a reader alone. Readers get 403 and a page."""

    @signed_in
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not Facilitator.objects.may_plan(cast(int, request.user.pk)):
            return render(request, "workshops/facilitate/may_not.html", {"only_reads": True}, status=403)
        return view(request, *args, **kwargs)

    return door


def participant_required(
    view: Callable[Concatenate[HttpRequest, Participant, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """Call the view with the participant that this phone is; a phone that has not joined is sent to the join page.

    That page alone says whether there is such a workshop, and counts those who try codes.

    What a script sends to a sealed workshop is answered as closed, so that its words stay on the phone, to be copied.
    """

    @wraps(view)
    def door(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        participant = find_participant(request, code)
        if participant is None:
            workshop = Workshop.objects.filter(code=code).first()
            if (
                workshop
                and workshop.is_sealed
                and request.method == "POST"
                and request.headers.get("HX-Request") == "true"
            ):
                too_late = render(request, "workshops/participate/_too_late.html")
                too_late["Midpoint-Answer"] = "closed"
                return too_late
            lost = "?lost=1" if "joined" in request.GET else ""
            return _go_to(request, HttpResponseRedirect(reverse("workshops:join", args=[code]) + lost))
        return view(request, participant, *args, **kwargs)

    return door  # type: ignore[return-value]  # Django gives `code` by name


def _go_to(request: HttpRequest, elsewhere: HttpResponseRedirect) -> HttpResponse:
    """Return the redirect; for htmx as a header, so that the whole page goes and not one fragment."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": elsewhere.url})
    return elsewhere
