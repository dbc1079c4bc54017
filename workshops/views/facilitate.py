"""The desk around a session: the list of workshops, reviews and plans, and the moves of the stages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workshops import controls
from workshops.access import planner_required, requires, signed_in
from workshops.choices import Role, WallView
from workshops.forms import DELIVERABLES_MAX, DeliverableFormSet, DetailsForm, EditionForm, WorkshopForm
from workshops.models import Edition, Review, Stage, Workshop
from workshops.permissions import Act
from workshops.planning import change_details, plan_workshop
from workshops.reviewing import describe_deliverables, latest_edition, write_review
from workshops.sessions import IllegalMove, open_stage, reveal_stage, show_on_wall, take_down
from workshops.timing import add_time, go_on, pause_timer, set_timer


class DeskRequest(HttpRequest):
    """A request whose user has signed in."""

    user: User


@require_GET
@signed_in
def workshops(request: DeskRequest) -> HttpResponse:
    """List the workshops that this user has a role in, newest first."""
    rows = (
        Workshop.objects.of(request.user.pk)
        .select_related("edition")
        .annotate(
            people=F("joined") + Count("participants"),
            under_way=Exists(Stage.objects.filter(workshop=OuterRef("pk"), opened_at__isnull=False)),
        )
    )
    only_reads = bool(rows) and all(row.role == Role.READER for row in rows)
    return render(request, "workshops/facilitate/workshops.html", {"workshops": rows, "only_reads": only_reads})


@require_http_methods(["GET", "POST"])
@planner_required
def new_workshop(request: DeskRequest) -> HttpResponse:
    """Plan a workshop from a review."""
    initial = {"date": timezone.localdate(), "review": request.GET.get("review")}
    form = WorkshopForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        workshop = plan_workshop(
            edition=latest_edition(values["review"]),
            organisation=values["organisation"],
            venue=values["venue"],
            date=values["date"],
            groups=values["groups"],
            self_paced_until=values["self_paced_until"],
            erase_on=values["erase_on"],
            facilitator=request.user,
        )
        return redirect("desk", code=workshop.code)
    return render(request, "workshops/facilitate/new_workshop.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Act.DETAILS)
def edit_workshop(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Change where and when a workshop is."""
    form = DetailsForm(request.POST or None, instance=workshop)
    if request.method == "POST" and form.is_valid():
        change_details(workshop=workshop, user=cast(User, request.user), **form.cleaned_data)
        return redirect("desk", code=workshop.code)
    return render(request, "workshops/facilitate/edit_workshop.html", {"workshop": workshop, "form": form})


@require_GET
@planner_required
def reviews(request: DeskRequest) -> HttpResponse:
    """List the reviews that this facilitator may plan from: the shared ones and their own."""
    rows = Review.objects.visible_to(request.user.pk).annotate(
        edition_count=Count("editions", distinct=True),
        workshop_count=Count(
            "editions__workshops", filter=Q(editions__workshops__facilitators__user=request.user), distinct=True
        ),
    )
    return render(request, "workshops/facilitate/reviews.html", {"reviews": rows})


@require_http_methods(["GET", "POST"])
@planner_required
def new_review(request: DeskRequest) -> HttpResponse:
    """Write a review from nothing, or from a copy of another: `?copy=` names it."""
    source = None
    copied = request.GET.get("copy", "")
    if copied.isdecimal() and len(copied) < 19:
        source = get_object_or_404(Review.objects.visible_to(request.user.pk), pk=int(copied))
    return _write(request, review=None, source=latest_edition(source) if source else None)


@require_http_methods(["GET", "POST"])
@planner_required
def edit_review(request: DeskRequest, review_id: int) -> HttpResponse:
    """Change this facilitator's own review; where a workshop has opened it, the next edition is made."""
    review = get_object_or_404(Review, pk=review_id, owner=request.user)
    return _write(request, review=review, source=latest_edition(review))


def _write(request: DeskRequest, *, review: Review | None, source: Edition | None) -> HttpResponse:
    rows = describe_deliverables(source) if source else [{}]
    if request.method == "POST":
        form = EditionForm(request.POST, instance=Edition())
        formset = DeliverableFormSet(request.POST, prefix="deliverables")
        if "add" in request.POST:
            return _write_page(request, review, source, form, _with_one_more(formset, request.POST))
        if form.is_valid() and formset.is_valid():
            ordered = [row.cleaned_data for row in formset.ordered_forms if row.cleaned_data]
            write_review(owner=request.user, review=review, edition=form.cleaned_data, deliverables=ordered)
            return redirect("workshops:reviews")
    else:
        question = {"imperative_question": _("What are the one or two things that must happen in the coming year?")}
        form = EditionForm(instance=source) if source else EditionForm(initial=question)
        formset = DeliverableFormSet(initial=rows, prefix="deliverables")
        formset.min_num = 0
    return _write_page(request, review, source, form, formset)


def _with_one_more(formset: Any, data: QueryDict) -> Any:
    """Return the formset as typed, with one more empty deliverable; nothing is checked yet."""
    total = min(int(formset.management_form.cleaned_data.get("TOTAL_FORMS") or 0) + 1, DELIVERABLES_MAX)
    typed = {**data.dict(), "deliverables-TOTAL_FORMS": str(total)}
    return DeliverableFormSet(typed, prefix="deliverables")


def _write_page(
    request: DeskRequest, review: Review | None, source: Edition | None, form: Any, formset: Any
) -> HttpResponse:
    context = {
        "review": review,
        "frozen": bool(review and source and source.frozen_at),
        "edition": source,
        "form": form,
        "formset": formset,
        "checked": "save" in request.POST and "add" not in request.POST,
    }
    return render(request, "workshops/facilitate/edit_review.html", context)


def _to_desk(workshop: Workshop, move: Callable[[], None]) -> HttpResponse:
    """Make one move and go back to the desk; a move that has been overtaken changes nothing.

    Where another facilitator has the controls nothing is moved either, and the desk says so.
    """
    try:
        with suppress(IllegalMove):
            move()
    except controls.NotInControl:
        return redirect(reverse("desk", args=[workshop.code]) + "?refused=1")
    return redirect("desk", code=workshop.code)


def _move(
    request: HttpRequest, workshop: Workshop, stage_id: int, move: Callable[..., None], **how: Any
) -> HttpResponse:
    """Make one move of a stage and go back to the desk."""
    stage = get_object_or_404(Stage, workshop=workshop, pk=stage_id)
    return _to_desk(workshop, lambda: move(stage=stage, user=request.user, **how))


@require_POST
@requires(Act.MOVE)
def move_to(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Make a stage the current one."""
    return _move(request, workshop, stage_id, open_stage)


@require_POST
@requires(Act.MOVE)
def reveal(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Show a stage's answers to the room."""
    return _move(request, workshop, stage_id, reveal_stage)


@require_POST
@requires(Act.MOVE)
def cover(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Take a stage's answers down again."""
    return _move(request, workshop, stage_id, take_down)


@require_POST
@requires(Act.MOVE)
def timer(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Set a stage's timer to a number of minutes; without one, take it away."""
    minutes = request.POST.get("minutes", "")
    seconds = int(minutes) * 60 if minutes.isascii() and minutes.isdecimal() and len(minutes) < 3 else None
    return _move(
        request, workshop, stage_id, set_timer, seconds=seconds or None, closes_itself="closes" in request.POST
    )


@require_POST
@requires(Act.MOVE)
def one_more_minute(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Give a stage's timer one more minute."""
    return _move(request, workshop, stage_id, add_time)


@require_POST
@requires(Act.MOVE)
def pause(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Stop a stage's timer where it is."""
    return _move(request, workshop, stage_id, pause_timer)


@require_POST
@requires(Act.MOVE)
def resume(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
    """Let a stage's timer run on."""
    return _move(request, workshop, stage_id, go_on)


@require_POST
@requires(Act.LOOK)
def blank(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Leave nothing on the wall (`blank` is 1), or bring its picture back."""
    dark = request.POST.get("blank") == "1"
    user = cast(User, request.user)
    return _to_desk(workshop, lambda: controls.blank_wall(workshop=workshop, blank=dark, user=user))


@require_POST
@requires(Act.LOOK)
def take_over(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Take the controls."""
    controls.take_over(workshop=workshop, user=cast(User, request.user))
    return redirect("desk", code=workshop.code)


@require_POST
@requires(Act.LOOK)
def show(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Choose what the wall shows of the current stage."""
    view, page = request.POST.get("view", ""), request.POST.get("page", "1")
    if view not in WallView.values or not page.isdecimal() or len(page) > 3:
        return redirect("desk", code=workshop.code)
    user = cast(User, request.user)
    return _to_desk(workshop, lambda: show_on_wall(workshop=workshop, view=WallView(view), page=int(page), user=user))
