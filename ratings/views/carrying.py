"""Carrying a workshop from one installation to another: packed at the one desk, taken in at the other."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ratings.carrying.contents import Unreadable
from ratings.carrying.forms import TakeInForm, refusal
from ratings.carrying.locking import CannotOpen, TooLarge, WrongPassphrase, clean_passphrase, new_passphrase
from ratings.carrying.packing import NotSealed, carry_workshop
from ratings.carrying.taking_in import CannotTakeIn, take_in
from ratings.sealing import NotClosed, seal_workshop
from workshops.access import planner_required, requires
from workshops.guessing import PASSPHRASES, WAIT, must_wait, note_wrong_code
from workshops.models import Workshop
from workshops.permissions import Act


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.CARRY)
def carry(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Say what packing a workshop does; then seal it, if it is not, and show the passphrase of the file, once."""
    passphrase = ""
    if request.method == "POST":
        with suppress(NotClosed):  # opened again meanwhile: the page says what there is to do
            seal_workshop(workshop=workshop, user=cast(User, request.user))
            passphrase = new_passphrase()
    return render(request, "ratings/facilitate/carry.html", {"workshop": workshop, "passphrase": passphrase})


@require_POST
@never_cache
@requires(Act.CARRY)
def carry_file(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Give the file that opens with the passphrase that was shown; the workshop goes on elsewhere from now on."""
    passphrase = clean_passphrase(request.POST.get("passphrase", "")[:60])
    if not passphrase:
        return redirect("ratings:carry", code=workshop.code)
    try:
        file = carry_workshop(workshop=workshop, passphrase=passphrase, user=cast(User, request.user))
    except NotSealed:
        return redirect("ratings:carry", code=workshop.code)
    except TooLarge:
        refused = _("What is held about this workshop is more than a file may hold, so nothing was packed.")
        return render(request, "ratings/facilitate/carry.html", {"workshop": workshop, "refused": refused})
    except Unreadable as error:
        refused = _("Nothing was packed: what is held here would be refused there. %(why)s") % {"why": error}
        return render(request, "ratings/facilitate/carry.html", {"workshop": workshop, "refused": refused})
    name = f"workshop-{workshop.date.isoformat()}-{workshop.code}.midpoint"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file, content_type="application/octet-stream", headers=headers)


@require_http_methods(["GET", "POST"])
@never_cache
@planner_required
def take_in_workshop(request: HttpRequest) -> HttpResponse:
    """Take in a workshop that was packed elsewhere; whoever does owns it here."""
    if must_wait(request, PASSPHRASES):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(WAIT)
        return response
    form = TakeInForm(request.POST, request.FILES) if request.method == "POST" else TakeInForm()
    if form.is_valid():
        file, passphrase = form.cleaned_data["file"].read(), form.cleaned_data["passphrase"]
        try:
            taken = take_in(file=file, passphrase=passphrase, owner=cast(User, request.user))
            return render(request, "ratings/facilitate/taken_in.html", {"workshop": taken.workshop, "taken": taken})
        except WrongPassphrase as error:
            note_wrong_code(request, passphrase, PASSPHRASES)
            form.add_error("passphrase", refusal(error))
        except (CannotOpen, CannotTakeIn, Unreadable) as error:
            form.add_error("file", refusal(error))
    return render(request, "ratings/facilitate/take_in.html", {"form": form, "here": "take_in"})
