"""Editing the journal before it is printed: what stands beside the answers, and one page for each deliverable."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ratings.choices import QUOTES_EACH
from ratings.journal.chapter import Chapter, read_chapter
from ratings.journal.editing import EditedMeanwhile, save_chapter, save_notes
from ratings.journal.forms import TERMS_MAX, ChapterForm, NotesForm, TermFormSet, Terms
from ratings.journal.notes import Notes, read_notes, suspects
from workshops.access import requires
from workshops.models import Deliverable, Workshop
from workshops.permissions import Act

TERMS = "terms"


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.EDIT)
def edit_journal(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Write the introduction, the epigraph and the glossary, and choose how comments are grouped."""
    notes = read_notes(workshop)
    if request.method != "POST":
        return _notes_page(request, workshop, notes, *_unbound(notes))
    if "as_in_review" in request.POST or "add" in request.POST:
        data = _with_review(request.POST, workshop) if "as_in_review" in request.POST else _with_more(request.POST)
        return _notes_page(request, workshop, notes, NotesForm(data), TermFormSet(data, prefix=TERMS))
    form, formset = NotesForm(request.POST), TermFormSet(request.POST, prefix=TERMS)
    read = request.POST.get("read", "")
    if form.is_valid() and formset.is_valid():
        try:
            save_notes(workshop=workshop, notes=form.notes(formset.glossary), read=read, user=_user(request))
        except EditedMeanwhile:
            notes = read_notes(workshop)
        else:
            return redirect(reverse("ratings:edit_journal", args=[workshop.code]) + "?saved=1")
    return _notes_page(request, workshop, notes, form, formset, checked=True, meanwhile=read != notes.read)


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Act.EDIT)
def edit_deliverable(request: HttpRequest, workshop: Workshop, deliverable_id: int) -> HttpResponse:
    """Write a deliverable's lead, name and order its themes, order its comments and choose quotations (`?page=`)."""
    deliverable = get_object_or_404(workshop.edition.deliverables, pk=deliverable_id)
    chapter = read_chapter(workshop, deliverable)
    page = _page(request, chapter)
    if request.method != "POST":
        return _chapter_page(request, workshop, page, ChapterForm(chapter=chapter, page=page))
    if "as_in_review" in request.POST:
        data = request.POST.copy()
        data["lead"] = deliverable.lead
        return _chapter_page(request, workshop, page, ChapterForm(data, chapter=chapter, page=page))
    form, read = ChapterForm(request.POST, chapter=chapter, page=page), request.POST.get("read", "")
    if form.is_valid():
        try:
            edit = form.edit(_move(request.POST))
            save_chapter(workshop=workshop, deliverable=deliverable, edit=edit, read=read, user=_user(request))
        except EditedMeanwhile:
            chapter = read_chapter(workshop, deliverable)
            form = ChapterForm(request.POST, chapter=chapter, page=page)
        else:
            return redirect(_address(workshop, deliverable) + f"?saved=1&page={page}" + _to_line(request.POST))
    meanwhile = read != chapter.read
    return _chapter_page(request, workshop, page, form, checked=True, meanwhile=meanwhile)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _unbound(notes: Notes) -> tuple[NotesForm, Terms]:
    """Return the forms as they are shown at first."""
    initial = {
        "introduction": notes.introduction,
        "epigraph": notes.epigraph,
        "epigraph_by": notes.epigraph_by,
        "grouping": notes.grouping,
    }
    rows = [{"term": term, "meaning": meaning} for term, meaning in notes.glossary]
    return NotesForm(initial=initial), TermFormSet(initial=rows, prefix=TERMS)


def _with_review(data: QueryDict, workshop: Workshop) -> QueryDict:
    """Return what was typed, with the review's epigraph in place of another."""
    typed = data.copy()
    typed["epigraph"], typed["epigraph_by"] = workshop.edition.epigraph, workshop.edition.epigraph_by
    return typed


def _with_more(data: QueryDict) -> QueryDict:
    """Return what was typed, with another empty row of the glossary; nothing is checked yet."""
    typed = data.copy()
    total = typed.get(f"{TERMS}-TOTAL_FORMS", "")
    rows = int(total) if total.isascii() and total.isdecimal() and len(total) < 4 else 0
    typed[f"{TERMS}-TOTAL_FORMS"] = str(min(rows + 1, TERMS_MAX))
    return typed


def _notes_page(
    request: HttpRequest,
    workshop: Workshop,
    notes: Notes,
    form: NotesForm,
    formset: Terms,
    *,
    checked: bool = False,
    meanwhile: bool = False,
) -> HttpResponse:
    context = {
        **_context(request, workshop, checked=checked, meanwhile=meanwhile),
        "notes": notes,
        "read": notes.read if checked or request.method == "GET" else request.POST.get("read", ""),
        "form": form,
        "formset": formset,
    }
    return render(request, "ratings/journal/edit_journal.html", context)


def _chapter_page(
    request: HttpRequest,
    workshop: Workshop,
    page: int,
    form: ChapterForm,
    *,
    checked: bool = False,
    meanwhile: bool = False,
) -> HttpResponse:
    context = {
        **_context(request, workshop, checked=checked, meanwhile=meanwhile),
        "chapter": form.chapter,
        "read": form.chapter.read if checked or request.method == "GET" else request.POST.get("read", ""),
        "form": form,
        "page": page,
        "pages": range(1, form.chapter.pages + 1),
        "most": QUOTES_EACH,
    }
    return render(request, "ratings/journal/edit_deliverable.html", context)


def _context(request: HttpRequest, workshop: Workshop, *, checked: bool, meanwhile: bool) -> dict[str, Any]:
    return {
        "workshop": workshop,
        "here": "edit",
        "deliverables": workshop.edition.deliverables.all(),
        "suspects": suspects(workshop),
        "checked": checked,
        "meanwhile": meanwhile,
        "saved": "saved" in request.GET and request.method == "GET",
    }


def _page(request: HttpRequest, chapter: Chapter) -> int:
    """Return the page of comments that is asked for (`?page=`), or the nearest there is."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    return min(max(number, 1), chapter.pages)


def _move(data: QueryDict) -> tuple[str, int] | None:
    """Return which comment goes up or down by one place, if a button of that kind was pressed."""
    for name, step in (("up", -1), ("down", 1)):
        if name in data:
            return str(data[name]), step
    return None


def _to_line(data: QueryDict) -> str:
    """Return where on the page to go on after a comment was moved."""
    move = _move(data)
    return f"#line-{move[0]}" if move and move[0].replace("-", "").isalnum() and move[0].isascii() else ""


def _address(workshop: Workshop, deliverable: Deliverable) -> str:
    return reverse("ratings:edit_deliverable", args=[workshop.code, deliverable.pk])
