"""The run sheet, one page to print and have beside you on the day, and the room's wifi, which the wall shows too."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from segno import helpers

from workshops.access import requires
from workshops.addresses import draw_code, join_base_url
from workshops.forms import WifiForm
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.planning import change_details


@require_GET
@never_cache
@requires(Act.LOOK)
def run_sheet(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the sheet, with the QR code of the room's wifi where that is known."""
    context = {
        "workshop": workshop,
        "stages": workshop.stages.select_related("deliverable", "scale"),
        "join_host": join_base_url(request).split("://", 1)[-1],
    }
    return render(request, "workshops/facilitate/run_sheet.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.WIFI)
def wifi(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Take the name and password of the room's wifi, which the wall's lobby and the run sheet show until it closes."""
    form = WifiForm(request.POST or None, instance=workshop)
    if request.method == "POST" and form.is_valid():
        change_details(workshop=workshop, user=cast(User, request.user), **form.cleaned_data)
        return redirect("desk", code=workshop.code)
    return render(request, "workshops/facilitate/wifi.html", {"workshop": workshop, "form": form})


@require_GET
@never_cache
@requires(Act.LOOK)
def wifi_qr(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Draw the QR code that phones join the room's wifi by. 404 where it is not known."""
    if not workshop.wifi_name:
        raise Http404
    password = workshop.wifi_password
    code = helpers.make_wifi(ssid=workshop.wifi_name, password=password or None, security="WPA" if password else None)
    return draw_code(code)
