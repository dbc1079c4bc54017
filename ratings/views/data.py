"""What an owner does with all that is held about a workshop: take it out, or erase it for good."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ratings import exporting
from workshops.access import requires, signed_in
from workshops.choices import Deed
from workshops.erasing import empty_files, erase_workshop, name_rows
from workshops.joining import clean_code
from workshops.models import Erasure, Workshop
from workshops.permissions import Act
from workshops.trail import record_act


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.ERASE)
def data(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Say how long it is kept, and offer it to take out; erase it when its code is typed."""
    typed = request.POST.get("code", "")[:40]
    if request.method == "POST" and clean_code(typed) == workshop.code:
        user = cast(User, request.user)
        erasure = erase_workshop(workshop=workshop, by=user.get_username(), user=user)
        empty_files()  # where somebody is reading, the server does it within a minute
        return redirect("ratings:certificate", erasure_id=erasure.pk)
    error = _("This is not the workshop’s code, so nothing was erased.") if request.method == "POST" else ""
    context = {"workshop": workshop, "typed": typed, "error": error}
    return render(request, "ratings/facilitate/data.html", context)


@require_GET
@never_cache
@requires(Act.EXPORT)
def export(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Give everything that is held about a closed workshop, as JSON."""
    held = exporting.export_workshop(workshop)
    name = f"midpoint-{workshop.code}.json"
    record_act(workshop=workshop, user=cast(User, request.user), act=Deed.TOOK_OUT, about=name)
    return JsonResponse(
        held,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_GET
@never_cache
@signed_in
def certificate(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """Show the certificate of an erasure to whoever pressed the button, and to the installation's staff."""
    user = cast(User, request.user)
    mine = Erasure.objects.all() if user.is_staff else Erasure.objects.filter(user=user)
    erasure = get_object_or_404(mine, pk=erasure_id)
    context = {"erasure": erasure, "rows": name_rows(erasure)}
    return render(request, "ratings/facilitate/certificate.html", context)
