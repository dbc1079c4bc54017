"""Deciding about comments: the list, one comment looked at closely, what is decided, and the log of all decisions."""

from __future__ import annotations

import csv
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ratings.deciding import show_new_comments
from ratings.forms import DecisionForm
from ratings.models import Comment
from ratings.moderation import Shelf, read_comments, read_log, read_queue
from ratings.spreadsheets import plain_cell
from ratings.views.deciding import back_after_sealing, carry_out, show_closer
from workshops.access import requires
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.permissions import Act
from workshops.sessions import current_stage
from workshops.trail import record_act

"""How a cell begins that a spreadsheet would run."""


@require_GET
@never_cache
@requires(Act.MODERATE)
def comments(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """List a workshop's comments on one shelf (`?shelf=`), of one deliverable (`?deliverable=`) or of all."""
    asked, key = request.GET.get("shelf", ""), request.GET.get("deliverable", "")
    deliverables = {str(each.pk): each for each in workshop.edition.deliverables.all()}
    shelf = Shelf(asked) if asked in Shelf.values else Shelf.LOOK
    context = {
        "workshop": workshop,
        "here": "comments",
        "was_sealed": "sealed" in request.GET,
        "list": read_comments(workshop, shelf, deliverables.get(key)),
        "back": _filter(request.GET.urlencode()),
    }
    return render(request, "ratings/facilitate/comments.html", context)


@require_GET
@never_cache
@requires(Act.MODERATE)
@back_after_sealing("ratings:comments")
def comment(request: HttpRequest, workshop: Workshop, comment_id: int) -> HttpResponse:
    """Show one comment, to take words out of it, to hide it or to hold it."""
    row = get_object_or_404(Comment.objects.select_related("scale__deliverable"), workshop=workshop, pk=comment_id)
    return _closer(request, workshop, row, DecisionForm(about=row))


@require_POST
@requires(Act.MODERATE)
@back_after_sealing("ratings:comments")
def decide(request: HttpRequest, workshop: Workshop, comment_id: int) -> HttpResponse:
    """Show, hold, hide or redact a comment; hiding and redacting have a reason."""
    row = get_object_or_404(Comment.objects.select_related("scale__deliverable"), workshop=workshop, pk=comment_id)
    form = DecisionForm(request.POST, about=row)
    if carry_out(request, row, form):
        return _after_deciding(request, workshop)
    return _closer(request, workshop, row, form)


@require_POST
@requires(Act.MODERATE)
def show_new(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Show the undecided comments that the facilitator had on screen; one that came in since stays undecided."""
    seen = [int(pk) for pk in request.POST.getlist("seen") if pk.isdecimal() and len(pk) < 19]
    show_new_comments(workshop=workshop, comments=seen, user=cast(User, request.user))
    return _after_deciding(request, workshop)


@require_GET
@never_cache
@requires(Act.MODERATE)
def decision_log(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Download what was decided about comments and imperatives as CSV: no words, and nothing of their writers."""
    name = f"decisions-{workshop.code}.csv"
    record_act(workshop=workshop, user=cast(User, request.user), act=Deed.TOOK_OUT, about=name)
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    lines = csv.writer(response)
    head = (_("About"), _("Number"), _("Deliverable"), _("Scale"), _("Decision"), _("Reason"), _("By"))
    lines.writerow([_("When"), *head])
    for line in read_log(workshop):
        at = f"{timezone.localtime(line.at):{'%Y-%m-%d' if workshop.is_sealed else '%Y-%m-%d %H:%M'}}"
        words = (line.deliverable, line.scale, line.decision, line.reason, line.by)
        lines.writerow([at, line.about, line.number, *map(plain_cell, words)])
    return response


def _closer(request: HttpRequest, workshop: Workshop, row: Comment, form: DecisionForm) -> HttpResponse:
    back = _filter(request.POST.get("list") or request.GET.get("list"))
    leave = reverse("desk", args=[workshop.code])
    if back:
        leave = reverse("ratings:comments", args=[workshop.code]) + "?" + back
    return show_closer(request, workshop, row, form, here="comments", leave=leave, back=back or "")


def _filter(asked: str | None) -> str | None:
    """Return which list to go back to, as a query; None for the desk."""
    if asked is None:
        return None
    wanted = QueryDict(asked[:200])
    known = QueryDict(mutable=True)
    known.update({key: wanted[key] for key in ("shelf", "deliverable") if wanted.get(key)})
    return known.urlencode() or f"shelf={Shelf.LOOK}"


def _after_deciding(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Go back to where the facilitator was: the list, or the desk, whose queue alone is returned to its script."""
    back = _filter(request.POST.get("list"))
    if back is not None:
        return redirect(reverse("ratings:comments", args=[workshop.code]) + "?" + back)
    if request.headers.get("HX-Request") == "true":
        context = {"workshop": workshop, "queue": read_queue(workshop, current_stage(workshop))}
        return render(request, "ratings/facilitate/_queue.html", context)
    return redirect("desk", code=workshop.code)
