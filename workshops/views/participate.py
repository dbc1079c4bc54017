"""The pages of a phone that has not joined yet."""

from __future__ import annotations

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workshops.access import requires
from workshops.addresses import draw_code, join_base_url
from workshops.forms import GroupForm
from workshops.guessing import WAIT, must_wait, note_wrong_code
from workshops.joining import (
    UnknownCode,
    WorkshopClosed,
    clean_code,
    cookie_name,
    find_open_workshop,
    find_participant,
    find_workshop_of_token,
    join_path,
    join_workshop,
    new_ticket,
    remember_phone,
)
from workshops.models import Workshop
from workshops.permissions import Act


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is; take a code from a phone, or lead a facilitator to the desk."""
    return render(request, "workshops/participate/home.html", {"ticket": new_ticket()})


@require_POST
def enter_code(request: HttpRequest) -> HttpResponse:
    """Join the workshop whose code was typed; ask for a group first where it has groups."""
    typed = request.POST.get("code", "")[:40]
    code = clean_code(typed)
    if find_participant(request, code):
        return redirect("phone", code=code)
    if must_wait(request):
        return _say_wait(request)
    try:
        workshop = find_open_workshop(typed)
    except WorkshopClosed as closed:
        note_wrong_code(request, code)
        return render(request, "workshops/participate/closed.html", {"workshop": closed.workshop})
    except UnknownCode:
        if len(code) != 6:
            return _ask_for_code(request, _("The code has six digits. It is on the wall, top right."), typed)
        note_wrong_code(request, code)
        error = _("No workshop is open with this code. Look again at the wall: the last three digits are easy to swap.")
        return _ask_for_code(request, error, typed)
    if workshop.groups.exists():
        return redirect(join_path(workshop))
    return _join(request, workshop)


@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Where an address with the six digits leads: it is a typed code, and counted like one."""
    if find_participant(request, code):
        return redirect("phone", code=code)
    if must_wait(request):
        return _say_wait(request)
    try:
        workshop = find_open_workshop(code)
    except WorkshopClosed as closed:
        note_wrong_code(request, code)
        return render(request, "workshops/participate/closed.html", {"workshop": closed.workshop})
    except UnknownCode:
        note_wrong_code(request, code)
        raise Http404 from None
    return _join_page(request, workshop)


@require_http_methods(["GET", "POST"])
@never_cache
def join_by_token(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Where the QR code leads; what is not, or no longer, a QR code of a workshop leads to typing the code."""
    if find_participant(request, code):
        return redirect("phone", code=code)
    workshop = find_workshop_of_token(code, key)
    if workshop is None:
        return _ask_for_code(
            request, _("This link leads to no workshop. Type the code that is on the wall."), status=404
        )
    if workshop.is_closed:
        return render(request, "workshops/participate/closed.html", {"workshop": workshop, "named": True})
    return _join_page(request, workshop)


@require_GET
@requires(Act.LOOK)
def qr(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Draw the QR code that leads a phone to the join page, for the wall, the desk and the run sheet."""
    return draw_code(segno.make(join_base_url(request) + join_path(workshop), error="m", micro=False))


@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Forget the workshop on this phone; its answers stay."""
    response = redirect("workshops:home")
    response.delete_cookie(cookie_name(code), samesite="Lax")
    return response


def _ask_for_code(request: HttpRequest, error: str, typed: str = "", *, status: int = 200) -> HttpResponse:
    context = {"ticket": new_ticket(), "typed": typed, "error": error}
    return render(request, "workshops/participate/enter_code.html", context, status=status)


def _say_wait(request: HttpRequest) -> HttpResponse:
    response = render(request, "workshops/participate/wait.html", {"minutes": WAIT // 60}, status=429)
    response["Retry-After"] = str(WAIT)
    return response


def _join_page(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Say which workshop this is, ask for the group, and join."""
    form = GroupForm(request.POST or None, workshop=workshop)
    if request.method == "POST" and form.is_valid():
        return _join(request, workshop, form)
    context = {"workshop": workshop, "form": form, "ticket": new_ticket(), "lost": "lost" in request.GET}
    return render(request, "workshops/participate/join.html", context)


def _join(request: HttpRequest, workshop: Workshop, form: GroupForm | None = None) -> HttpResponse:
    group = form.cleaned_data["group"] if form else None
    token = join_workshop(workshop=workshop, ticket=request.POST.get("ticket", ""), group=group)
    response = redirect("phone", code=workshop.code)
    response["Location"] += "?joined=1"
    remember_phone(response, workshop, token)
    return response
