"""The run sheet: one page to print and have beside you on the day."""

from __future__ import annotations

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from segno import helpers

from workshops.access import requires
from workshops.addresses import join_base_url
from workshops.forms import FIELD
from workshops.models import Workshop
from workshops.permissions import Act


class WifiForm(forms.Form):
    """The room's wifi, for a QR code on the sheet; drawn and forgotten, never kept."""

    network = forms.CharField(label=_("Name of the wifi"), max_length=32, widget=forms.TextInput(attrs=FIELD))
    password = forms.CharField(
        label=_("Its password"),
        max_length=63,
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", **FIELD}),
        help_text=_("It stands on the sheet in clear. Leave it empty for an open network."),
    )


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.LOOK)
def run_sheet(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the sheet; with the wifi's name and password posted, with a QR code that phones join it by."""
    form = WifiForm(request.POST or None)
    wifi = form.is_valid() and helpers.make_wifi(
        ssid=form.cleaned_data["network"],
        password=form.cleaned_data["password"] or None,
        security="WPA" if form.cleaned_data["password"] else None,
    )
    context = {
        "workshop": workshop,
        "stages": workshop.stages.select_related("deliverable", "scale"),
        "join_host": join_base_url(request).split("://", 1)[-1],
        "form": form,
        "wifi": _picture(wifi) if wifi else "",
    }
    return render(request, "workshops/facilitate/run_sheet.html", context)


def _picture(code: segno.QRCode) -> str:
    """Return a QR code as an address that holds the picture itself."""
    return code.svg_data_uri(scale=4, border=2)
