"""Links to a signed journal: made and revoked at the desk, followed by whoever was given one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ratings.models import ShareLink, SignedJournal
from ratings.sharing import LinkOver, NotSigned, count_opening, follow_link, revoke_link, share_journal
from ratings.signing import signed_journals
from ratings.signing_forms import ShareForm
from ratings.views.signing import give_file, sign_off_page, signed_context
from workshops.access import requires
from workshops.addresses import join_base_url
from workshops.guessing import LINKS, WAIT, must_wait, note_wrong_code
from workshops.models import Workshop
from workshops.permissions import Act

LOOKED_AHEAD = ("prefetch", "preview")
"""What programs say that fetch a page before anybody has asked to see it."""


@require_POST
@never_cache
@requires(Act.SHARE)
def share(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Make a link to a signed journal; show it, this once."""
    form = ShareForm(request.POST, numbers=[signed.number for signed in signed_journals(workshop)])
    if not form.is_valid():
        return sign_off_page(request, workshop, share_form=form)
    try:
        token = share_journal(workshop=workshop, by=cast(User, request.user), **form.cleaned_data)
    except NotSigned:
        return redirect("ratings:sign_off", code=workshop.code)
    link = join_base_url(request) + reverse("ratings:shared", args=[token])
    return sign_off_page(request, workshop, link=link)


@require_POST
@requires(Act.SHARE)
def revoke(request: HttpRequest, workshop: Workshop, link_id: int) -> HttpResponse:
    """Let a link lead nowhere any more."""
    link = get_object_or_404(ShareLink, workshop=workshop, pk=link_id)
    revoke_link(link, by=cast(User, request.user))
    return redirect(reverse("ratings:sign_off", args=[workshop.code]) + "#links")


def _by_link(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Return the door of what a link leads to: it calls the view with the link and the edition.

    Unknown, revoked and expired links get the same page. Nothing here tells another site where it was read.
    """

    @wraps(view)
    def door(request: HttpRequest, token: str, *args: str, **kwargs: str) -> HttpResponse:
        if must_wait(request, LINKS):
            response = render(request, "429.html", status=429)
            response["Retry-After"] = str(WAIT)
        else:
            try:
                response = view(request, *follow_link(token), *args, token=token, **kwargs)
            except LinkOver:
                note_wrong_code(request, token, LINKS)
                response = render(request, "ratings/journal/link_over.html", status=404)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return door


@require_safe
@never_cache
@_by_link
def shared(request: HttpRequest, link: ShareLink, signed: SignedJournal, *, token: str) -> HttpResponse:
    """Show a signed journal to whoever has a link to it, and count that."""
    ahead = any(
        word in request.headers.get(name, "").lower() for name in ("Sec-Purpose", "Purpose") for word in LOOKED_AHEAD
    )
    if request.method == "GET" and not ahead:
        count_opening(link)
    address = reverse("ratings:shared", args=[token])
    return render(request, "ratings/journal/shared.html", signed_context(signed) | {"link": link, "address": address})


@require_safe
@_by_link
def shared_file(
    request: HttpRequest, link: ShareLink, signed: SignedJournal, suffix: str, *, token: str
) -> HttpResponse:
    """Give a file of a signed journal to whoever has a link to it."""
    request.user = AnonymousUser()  # who has an account here too comes by the link, and is nobody
    return give_file(request, signed, suffix)
