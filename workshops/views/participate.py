"""The pages of a phone that has not joined yet."""

from __future__ import annotations

import io

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workshops.addresses import join_base_url
from workshops.forms import GroupForm
from workshops.joining import (
    UnknownCode,
    WorkshopClosed,
    clean_code,
    cookie_name,
    find_open_workshop,
    find_participant,
    join_workshop,
    new_ticket,
    remember_phone,
)
from workshops.models import Workshop


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is; take a code from a phone, or lead a facilitator to the desk."""
    return render(request, "workshops/participate/home.html", {"ticket": new_ticket()})


@require_POST
def enter_code(request: HttpRequest) -> HttpResponse:
    """Join the workshop whose code was typed; ask for a group first where it has groups."""
    typed = request.POST.get("code", "")[:40]
    try:
        workshop = find_open_workshop(typed)
    except WorkshopClosed as closed:
        return render(request, "workshops/participate/closed.html", {"workshop": closed.workshop})
    except UnknownCode:
        error = _("No workshop is open with this code. Look again at the wall: the last three digits are easy to swap.")
        if len(clean_code(typed)) != 6:
            error = _("The code has six digits. It is on the wall, top right.")
        context = {"ticket": new_ticket(), "typed": typed, "error": error}
        return render(request, "workshops/participate/enter_code.html", context)
    if find_participant(request, workshop.code):
        return redirect("phone", code=workshop.code)
    if workshop.groups.exists():
        return redirect("workshops:join", code=workshop.code)
    return _join(request, workshop)


@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code leads: say which workshop this is, ask for the group, and join."""
    workshop = get_object_or_404(Workshop.objects.select_related("edition"), code=code)
    if find_participant(request, code):
        return redirect("phone", code=code)
    if workshop.is_closed:
        return render(request, "workshops/participate/closed.html", {"workshop": workshop})
    form = GroupForm(request.POST or None, workshop=workshop)
    if request.method == "POST" and form.is_valid():
        return _join(request, workshop, form)
    context = {"workshop": workshop, "form": form, "ticket": new_ticket(), "lost": "lost" in request.GET}
    return render(request, "workshops/participate/join.html", context)


@require_GET
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """Draw the QR code that leads a phone to the join page."""
    workshop = get_object_or_404(Workshop, code=code)
    address = join_base_url(request) + reverse("workshops:join", args=[workshop.code])
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=2, scale=8, omitsize=True)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Forget the workshop on this phone; its answers stay."""
    response = redirect("workshops:home")
    response.delete_cookie(cookie_name(code), samesite="Lax")
    return response


def _join(request: HttpRequest, workshop: Workshop, form: GroupForm | None = None) -> HttpResponse:
    group = form.cleaned_data["group"] if form else None
    token = join_workshop(workshop=workshop, ticket=request.POST.get("ticket", ""), group=group)
    response = redirect("phone", code=workshop.code)
    response["Location"] += "?joined=1"
    remember_phone(response, workshop, token)
    return response
