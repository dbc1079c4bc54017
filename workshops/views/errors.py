"""The pages for what went wrong: each says in a sentence what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is at this address, and where to go."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours and that what was saved is safe; needs no database."""
    return render(request, "500.html", status=500)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was too old to send, or that cookies are off, and how to go on."""
    return render(request, "403_csrf.html", status=403)
