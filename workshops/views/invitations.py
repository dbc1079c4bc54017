"""Inviting people, and following an invitation."""

from __future__ import annotations

from typing import cast

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from workshops.access import requires, staff_required
from workshops.addresses import join_base_url
from workshops.choices import Role
from workshops.forms import AccountForm, RoleForm
from workshops.invitations import (
    LIFETIME,
    InvitationOver,
    accept_invitation,
    find_invitation,
    invite,
    open_account,
    open_invitations,
    withdraw_invitation,
)
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.views.people import people_page

PASSWORDS = "django.contrib.auth.backends.ModelBackend"


@require_POST
@never_cache
@requires(Act.PEOPLE)
def invite_person(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Make an invitation to a workshop with a role; show its link, this once."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        return people_page(request, workshop, form=form)
    token = invite(by=request.user, workshop=workshop, role=Role(form.cleaned_data["role"]))  # type: ignore[arg-type]
    return people_page(request, workshop, link=_link(request, token))


@require_POST
@requires(Act.PEOPLE)
def withdraw(request: HttpRequest, workshop: Workshop, invitation_id: int) -> HttpResponse:
    """Take an invitation to a workshop back."""
    found = get_object_or_404(workshop.invitations, pk=invitation_id)
    withdraw_invitation(invitation=found, by=cast(User, request.user))
    return redirect("workshops:people", code=workshop.code)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required
def invite_planner(request: HttpRequest) -> HttpResponse:
    """Invite somebody to this installation, without a role in any workshop: they may plan their own."""
    link = _link(request, invite(by=request.user)) if request.method == "POST" else ""  # type: ignore[arg-type]
    context = {"link": link, "days": LIFETIME.days, "invitations": open_invitations(None)}
    return render(request, "workshops/facilitate/invite_planner.html", context)


@require_POST
@staff_required
def withdraw_planner(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation to this installation back."""
    found = get_object_or_404(open_invitations(None), pk=invitation_id)
    withdraw_invitation(invitation=found, by=cast(User, request.user))
    return redirect("workshops:invite_planner")


@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever follows an invitation make an account, or accept it with the one that they have signed in with."""
    form = AccountForm(request.POST if request.method == "POST" and not request.user.is_authenticated else None)
    try:
        found = find_invitation(token)
        if request.user.is_authenticated and request.method == "POST":
            accept_invitation(token=token, user=request.user)
            return redirect("workshops:workshops")
        if form.is_valid():
            given = form.cleaned_data
            user = open_account(token=token, username=given["username"], password=given["password1"])
            login(request, user, backend=PASSWORDS)
            return redirect("workshops:workshops")
    except InvitationOver:
        return render(request, "workshops/invitation_over.html", status=404)
    return render(request, "workshops/invitation.html", {"invitation": found, "form": form})


def _link(request: HttpRequest, token: str) -> str:
    return join_base_url(request) + reverse("workshops:invitation", args=[token])
