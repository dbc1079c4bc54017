"""What deciding about a comment and about an imperative have in common: the page that looks closely, and the act."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ratings.deciding import WordsChanged, hide_words, hold_words, redact_words, show_words, spoken_words
from ratings.forms import DecisionForm
from ratings.models import Words
from ratings.moderation import read_row
from workshops.models import Workshop


def back_after_sealing(to: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Return what leads to the list named `to`, which says why, when a row is gone because the workshop was sealed.

    Sealing gives every comment and imperative another id: what a page still shows from before cannot be found.
    """

    def lead(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def look(request: HttpRequest, workshop: Workshop, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, workshop, *args, **kwargs)
            except Http404:
                is_part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
                if is_part or not workshop.is_sealed:
                    raise
                return redirect(reverse(to, args=[workshop.code]) + "?sealed=1")

        return look

    return lead


def carry_out(request: HttpRequest, about: Words, form: DecisionForm) -> bool:
    """Decide what a form says; return whether that was done. If not, the form says why.

    Raises DoesNotExist when the words are gone: their writer has taken them back.
    """
    if not form.is_valid():
        return False
    user, reason = cast(User, request.user), form.cleaned_data["reason"]
    try:
        match form.cleaned_data["do"]:
            case "show":
                show_words(words=about, user=user)
            case "hold":
                hold_words(words=about, user=user, reason=reason)
            case "hide":
                hide_words(words=about, user=user, reason=reason)
            case "redact":
                chosen, kind = form.cleaned_data["words"], form.cleaned_data["kind"]
                redact_words(words=about, user=user, chosen=chosen, kind=kind, reason=reason)
    except WordsChanged:
        about.refresh_from_db()
        form.add_error(None, _("Its writer has changed it meanwhile. Read it again."))
        return False
    return True


def show_closer(
    request: HttpRequest, workshop: Workshop, about: Words, form: DecisionForm, *, here: str, leave: str, back: str = ""
) -> HttpResponse:
    """Show a comment or an imperative with its words to mark. `leave` is where to go without deciding.

    `back` is the list to go to afterwards, as a query.
    """
    chosen = form.data.getlist("words") if isinstance(form.data, QueryDict) else None
    words = [
        (number, word, str(number) in chosen if chosen is not None else word.found is not None)
        for number, word in enumerate(spoken_words(about.text))
    ]
    context = {
        "workshop": workshop,
        "here": here,
        "row": read_row(about),
        "words": words,
        "tail": about.text[words[-1][1].end :] if words else about.text,
        "form": form,
        "leave": leave,
        "back": back,
    }
    return render(request, "ratings/facilitate/closer.html", context)
