"""Signing a journal off at the desk: the page, the check, the signature, the editions that were signed."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from ratings.journal.formats import FORMATS
from ratings.journal.pages import SCREEN, view_journal
from ratings.journal.press import JournalFailed
from ratings.journal.record import UnreadableRecord
from ratings.models import SignedFile, SignedJournal
from ratings.sharing import share_links
from ratings.signing import (
    CannotSign,
    JournalChanged,
    NotChecked,
    NotReviewed,
    check_journal,
    read_sign_off,
    read_signed,
    sign_journal,
    signature_of,
    signed_journals,
)
from ratings.signing_forms import ShareForm, SignForm
from workshops.access import requires
from workshops.choices import Deed, Role
from workshops.models import Workshop
from workshops.permissions import Act, may
from workshops.trail import record_act


@require_GET
@never_cache
@requires(Act.READ)
def sign_off(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show how far the journal has come, what is to be done next, and what was signed."""
    return sign_off_page(request, workshop)


@require_POST
@requires(Act.CHECK)
def check(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Record that the journal which this user read was checked."""
    try:
        check_journal(workshop=workshop, user=cast(User, request.user), read=request.POST.get("read", ""))
    except CannotSign as refusal:
        return sign_off_page(request, workshop, refused=_refusal(refusal))
    return redirect("ratings:sign_off", code=workshop.code)


@require_POST
@requires(Act.SIGN)
def sign(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Sign the journal that this user read off; the second of two presses finds it signed."""
    form = SignForm(request.POST)
    if not form.is_valid():
        return sign_off_page(request, workshop, sign_form=form)
    try:
        sign_journal(workshop=workshop, user=cast(User, request.user), **form.cleaned_data)
    except CannotSign as refusal:
        return sign_off_page(request, workshop, sign_form=form, refused=_refusal(refusal))
    except JournalFailed:
        refused = _("The journal could not be printed, so nothing was signed. Try again in a minute.")
        return sign_off_page(request, workshop, sign_form=form, refused=refused)
    return redirect("ratings:sign_off", code=workshop.code)


@require_safe
@never_cache
@requires(Act.READ)
def signed_journal(request: HttpRequest, workshop: Workshop, number: int) -> HttpResponse:
    """Show an edition as it was signed."""
    signed = get_object_or_404(SignedJournal, workshop=workshop, number=number)
    context = signed_context(signed) | {"workshop": workshop, "here": "sign_off"}
    address = reverse("ratings:signed_journal", args=[workshop.code, number])
    return render(request, "ratings/journal/signed.html", context | {"address": address})


@require_safe
@requires(Act.READ)
def signed_file(request: HttpRequest, workshop: Workshop, number: int, suffix: str) -> HttpResponse:
    """Download a file of an edition, as it was signed."""
    return give_file(request, get_object_or_404(SignedJournal, workshop=workshop, number=number), suffix)


def sign_off_page(
    request: HttpRequest,
    workshop: Workshop,
    *,
    sign_form: SignForm | None = None,
    share_form: ShareForm | None = None,
    refused: str = "",
    link: str = "",
) -> HttpResponse:
    """Return the page; with a sentence about what was refused, with a form in error, or with a link just made."""
    now = read_sign_off(workshop)
    role = Role(workshop.role)
    may_share = may(role, Act.SHARE, workshop.phase)
    if sign_form is not None and refused:  # what was typed is kept; what is signed is what this page shows
        sign_form = SignForm({**sign_form.cleaned_data, "read": now.fingerprint})
    context = {
        "workshop": workshop,
        "here": "sign_off",
        "now": now,
        "may_check": may(role, Act.CHECK, workshop.phase),
        "may_sign": may(role, Act.SIGN, workshop.phase),
        "may_share": may_share,
        "sign_form": sign_form or SignForm(initial={"read": now.fingerprint}),
        "formats": FORMATS,
        "refused": refused,
        "link": link,
    }
    if may_share and now.editions:
        numbers = [signed.number for signed in now.editions]
        context |= {"links": share_links(workshop), "share_form": share_form or ShareForm(numbers=numbers)}
    return render(request, "ratings/journal/sign_off.html", context)


def signed_context(signed: SignedJournal) -> dict[str, object]:
    """Return what a page of a signed edition shows, read from what was signed alone."""
    try:
        view = view_journal(read_signed(signed), SCREEN)
    except UnreadableRecord:  # of an older version: its files are what was signed
        view = None
    latest = signed_journals(signed.workshop)[0].number
    files = signed.files.defer("data")
    return {
        "view": view,
        "signed": signed,
        "signature": signature_of(signed),
        "superseded_by": latest if latest > signed.number else None,
        "files": [(file, FORMATS.get(file.suffix)) for file in files],
    }


def give_file(request: HttpRequest, signed: SignedJournal, suffix: str) -> HttpResponse:
    """Give a file of an edition, to the byte as it was signed; raise Http404 where there is none of this kind.

    Whoever has an account leaves an entry in the trail.
    """
    file = SignedFile.objects.filter(signed=signed, suffix=suffix).first()
    if file is None:
        raise Http404
    workshop = signed.workshop
    if request.method == "GET" and request.user.is_authenticated:
        about = f"edition {signed.number}, journal.{suffix}"
        record_act(workshop=workshop, user=request.user, act=Deed.TOOK_OUT, about=about)
    name = slugify(f"journal {workshop.organisation} {workshop.date.isoformat()} edition {signed.number}")
    return HttpResponse(
        bytes(file.data),
        content_type=file.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{suffix}"',
            "Cache-Control": "private, no-store",
        },
    )


def _refusal(refusal: CannotSign) -> str:
    """Return what to say about a check or a signature that was refused."""
    sentences = {
        JournalChanged: _("The journal has changed since this page was opened. Read it again, then press again."),
        NotReviewed: _("Something is still held. Decide about it first."),
        NotChecked: _("The journal has changed since it was checked. It has to be checked again before it is signed."),
    }
    return sentences.get(type(refusal), _("The workshop has to be sealed first."))
