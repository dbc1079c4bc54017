"""The public page on which anybody can ask whether a journal is what was signed, and what robots are told."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ratings.choices import Match
from ratings.signing_forms import VerifyForm
from ratings.verifying import Verdict, clean_fingerprint, verify_file, verify_fingerprint
from workshops.guessing import FINGERPRINTS, WAIT, must_wait, note_wrong_code


@require_http_methods(["GET", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Say what a file or a fingerprint is; the file is hashed in memory and forgotten."""
    if must_wait(request, FINGERPRINTS):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(WAIT)
        return response
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    verdict = _verdict(request, form) if form.is_valid() else None
    return render(request, "ratings/journal/verify.html", {"form": form, "verdict": verdict, "matches": Match})


def _verdict(request: HttpRequest, form: VerifyForm) -> Verdict:
    """Look up what was sent; count it against its network when nothing like it was signed."""
    file, typed = form.cleaned_data["file"], form.cleaned_data["fingerprint"]
    data = file.read() if file else b""
    verdict = verify_file(data) if file else verify_fingerprint(typed)
    if verdict.match == Match.UNKNOWN:
        tried = hashlib.sha256(data).hexdigest() if file else clean_fingerprint(typed)
        note_wrong_code(request, tried, FINGERPRINTS)
    return verdict


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Ask search engines to stay away: nothing here is for them."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
