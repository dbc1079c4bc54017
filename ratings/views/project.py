"""The wall: a picture for the room that follows the desk. It takes no input."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ratings.wall import WallPainter
from workshops.access import requires
from workshops.addresses import join_base_url
from workshops.live import stream_url
from workshops.models import Workshop
from workshops.permissions import Act


@require_GET
@never_cache
@requires(Act.LOOK)
def wall(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the wall; `?theme=dark` for a room with the lights down."""
    return render(request, "ratings/project/wall.html", _context(request, workshop))


@require_GET
@never_cache
@requires(Act.LOOK)
def wall_picture(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Return the picture alone, for a wall that is already open."""
    return render(request, "ratings/project/_picture.html", _context(request, workshop))


def _context(request: HttpRequest, workshop: Workshop) -> dict[str, object]:
    dark = request.GET.get("theme") == "dark"
    return {
        "workshop": workshop,
        "picture": WallPainter(workshop, dark=dark).picture(),
        "join_host": join_base_url(request).split("://", 1)[-1],
        "live": stream_url(workshop, "wall", request.user.pk),
    }
