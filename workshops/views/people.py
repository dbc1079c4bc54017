"""The people of a workshop: who has which role, and how it changes."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from workshops.access import requires
from workshops.choices import Role
from workshops.forms import RoleForm
from workshops.invitations import LIFETIME, open_invitations
from workshops.models import Workshop
from workshops.people import LastOwner, give_role, list_people, remove_person
from workshops.permissions import Act


@require_GET
@never_cache
@requires(Act.PEOPLE)
def people(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show who has which role in a workshop, and who is invited."""
    return people_page(request, workshop)


@require_POST
@requires(Act.PEOPLE)
def change_role(request: HttpRequest, workshop: Workshop, user_id: int) -> HttpResponse:
    """Give somebody who has a role in the workshop another one."""
    user = _person(workshop, user_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return people_page(request, workshop, refused=_("Choose one of the roles in the list."))
    role = Role(form.cleaned_data["role"])
    try:
        give_role(workshop=workshop, user=user, role=role, by=cast(User, request.user))
    except LastOwner:
        return people_page(request, workshop, refused=_last_owner(user))
    return _back(request, workshop, user, stays_owner=role == Role.OWNER)


@require_POST
@requires(Act.PEOPLE)
def remove(request: HttpRequest, workshop: Workshop, user_id: int) -> HttpResponse:
    """Take somebody's role in the workshop away."""
    user = _person(workshop, user_id)
    try:
        remove_person(workshop=workshop, user=user, by=cast(User, request.user))
    except LastOwner:
        return people_page(request, workshop, refused=_last_owner(user))
    return _back(request, workshop, user, stays_owner=False)


def _person(workshop: Workshop, user_id: int) -> User:
    """Return a user who has a role in the workshop; anybody else is not found."""
    return get_object_or_404(workshop.facilitators.select_related("user"), user_id=user_id).user


def _last_owner(user: User) -> str:
    return _("%(name)s is the only owner. Make somebody else an owner first, then try again.") % {
        "name": user.get_username()
    }


def _back(request: HttpRequest, workshop: Workshop, user: User, *, stays_owner: bool) -> HttpResponse:
    """Go back to the page; whoever has just given up their own right to see it goes to their list of workshops."""
    if user == request.user and not stays_owner:
        return redirect("workshops:workshops")
    return redirect("workshops:people", code=workshop.code)


def people_page(
    request: HttpRequest, workshop: Workshop, *, form: RoleForm | None = None, refused: str = "", link: str = ""
) -> HttpResponse:
    """Return the page; with a sentence about what was refused, or with the link of an invitation just made."""
    context = {
        "workshop": workshop,
        "people": list_people(workshop),
        "roles": Role,
        "form": form or RoleForm(),
        "refused": refused,
        "link": link,
        "days": LIFETIME.days,
        "invitations": open_invitations(workshop),
    }
    return render(request, "workshops/facilitate/people.html", context)
