"""The audit trail, for the owner: to read, and to take away."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ratings.trail_sheet import write_trail
from workshops.access import requires
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.trail import record_act, trail_of

PAGE = 50
"""Entries."""


@require_GET
@never_cache
@requires(Act.TRAIL)
def trail(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show what was done in a workshop, newest first, a page at a time (`?page=`)."""
    page = Paginator(trail_of(workshop), PAGE).get_page(request.GET.get("page"))
    return render(request, "ratings/facilitate/trail.html", {"workshop": workshop, "page": page})


@require_GET
@never_cache
@requires(Act.TRAIL)
def trail_file(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Download the whole trail as CSV, newest first; that it was downloaded is the newest entry."""
    name = f"trail-{workshop.code}.csv"
    record_act(workshop=workshop, user=cast(User, request.user), act=Deed.TOOK_OUT, about=name)
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    write_trail(response, trail_of(workshop))
    return response
