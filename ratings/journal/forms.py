"""Validation of what a facilitator edits in a journal; nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ratings.choices import QUOTES_EACH, Grouping
from ratings.journal.chapter import Chapter, Line
from ratings.journal.editing import ChapterEdit
from ratings.journal.grouping import Group
from ratings.journal.notes import Notes, in_order
from ratings.models import JournalNotes, Lead, Term, Theme
from ratings.models.journal import INTRODUCTION_MAX
from workshops.models import Scale

FIELD = {"class": "field"}
TERMS_MAX = 60
EMPTY_TERMS = 2
"""So many empty rows wait below the glossary."""


def _longest(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).max_length)


class _Text(forms.CharField):
    """Words as typed, with a line break as one character; NUL, which no database takes, is refused by CharField."""

    def __init__(self, maximum: int, **kwargs: Any) -> None:
        too_long = _("That is too long: %(show_value)d characters. Keep it to %(limit_value)d.")
        super().__init__(required=False, validators=[MaxLengthValidator(maximum, too_long)], **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class _Line(_Text):
    """Words that stand in one paragraph: line breaks are spaces."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class NotesForm(forms.Form):
    """What stands in a journal as a whole; the glossary is `TermFormSet`."""

    introduction = _Text(
        INTRODUCTION_MAX,
        label=_("Introduction"),
        help_text=_("Stands before the answers. An empty line begins a paragraph."),
        widget=forms.Textarea(attrs={"rows": 10, **FIELD}),
    )
    epigraph = _Text(
        _longest(JournalNotes, "epigraph"),
        label=_("Epigraph"),
        help_text=_("Stands on the cover. Leave it empty to print none."),
        widget=forms.Textarea(attrs={"rows": 3, **FIELD}),
    )
    epigraph_by = _Line(
        _longest(JournalNotes, "epigraph_by"), label=_("Epigraph by"), widget=forms.TextInput(attrs=FIELD)
    )
    grouping = forms.ChoiceField(
        label=_("Comments"),
        choices=Grouping,
        widget=forms.RadioSelect(attrs={"class": "hit"}),
        error_messages={"required": _("Choose one.")},
    )

    def notes(self, glossary: tuple[tuple[str, str], ...]) -> Notes:
        """Return what a valid form says, with a glossary."""
        return Notes(**{**self.cleaned_data, "grouping": Grouping(self.cleaned_data["grouping"])}, glossary=glossary)


class TermForm(forms.Form):
    """A row of the glossary; one that is empty, or ticked to go, is none."""

    term = _Line(_longest(Term, "term"), label=_("Term"), widget=forms.TextInput(attrs=FIELD))
    meaning = _Line(_longest(Term, "meaning"), label=_("Meaning"), widget=forms.Textarea(attrs={"rows": 2, **FIELD}))

    def clean(self) -> dict[str, Any]:
        """Ask for the other half of a row that has one."""
        values = super().clean() or {}
        if not self.errors and not values.get("DELETE") and bool(values["term"]) != bool(values["meaning"]):
            missing = "meaning" if values["term"] else "term"
            self.add_error(missing, _("Write both the term and its meaning, or neither."))
        return values


class Terms(forms.BaseFormSet[TermForm]):
    """The glossary's rows."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": _("A glossary has at most %(num)d terms."),
    }

    def clean(self) -> None:
        """Refuse a term that is explained twice."""
        terms = [term for term, _meaning in self.rows()]
        twice = next((term for term in terms if terms.count(term) > 1), None)
        if twice:
            raise forms.ValidationError(_("“%(term)s” is explained twice."), params={"term": twice})

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield each term with its meaning, as typed, without the empty rows and those that go."""
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            if values.get("term") and values.get("meaning") and not values.get("DELETE"):
                yield values["term"], values["meaning"]

    @property
    def glossary(self) -> tuple[tuple[str, str], ...]:
        """The glossary of a valid formset."""
        return in_order(self.rows())


TermFormSet = cast(
    type[Terms],
    forms.formset_factory(
        TermForm,
        formset=Terms,
        extra=EMPTY_TERMS,
        can_delete=True,
        max_num=TERMS_MAX,
        validate_max=True,
        absolute_max=TERMS_MAX + EMPTY_TERMS,
    ),
)


@dataclass(frozen=True)
class LineRow:
    """A comment with the fields for it, as typed."""

    line: Line
    place: forms.BoundField
    is_quoted: bool

    @property
    def was_placed(self) -> bool:
        """Whether another place stands in its field than it has."""
        return str(self.place.value() or "") != str(self.line.place)

    @property
    def was_ticked(self) -> bool:
        """Whether it is chosen or taken off, but not yet saved."""
        return self.is_quoted != self.line.comment.quoted


@dataclass(frozen=True)
class ThemeRow:
    """A theme with the fields for it, as typed."""

    theme: Theme
    no: int
    name: forms.BoundField
    place: forms.BoundField


class ChapterForm(forms.Form):
    """A deliverable's lead, its themes, and those of its comments that are on one page of the desk."""

    lead = _Line(
        _longest(Lead, "text"),
        label=_("Lead"),
        help_text=_("Stands under the title. Leave it empty to print none."),
        widget=forms.Textarea(attrs={"rows": 3, **FIELD}),
    )

    def __init__(self, data: QueryDict | None = None, *, chapter: Chapter, page: int = 1) -> None:
        super().__init__(data, initial={"lead": chapter.lead})
        self.chapter = chapter
        self.parts = chapter.page(page)
        self.shown = [line for part in self.parts for group in part.groups for line in group.lines]
        for place, theme in enumerate(chapter.themes, start=1):
            self.fields[f"theme-{theme.pk}"] = _Line(
                _longest(Theme, "name"), label=_("Theme"), initial=theme.name, widget=forms.TextInput(attrs=FIELD)
            )
            self.fields[f"theme-{theme.pk}-place"] = _place(place, len(chapter.themes))
        for line in self.shown:
            self.fields[f"place-{line.key}"] = _place(line.place, line.of)
        self.fields["quote"] = forms.MultipleChoiceField(
            label=_("Quotations"),
            required=False,
            choices=[(line.key, line.key) for line in self.shown],
            initial=[line.key for line in self.shown if line.comment.quoted],
            error_messages={"invalid_choice": _("One of these comments is no longer printed. Look at the list again.")},
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a name for each theme, each its own, and for no more quotations than there may be."""
        values = super().clean() or {}
        names = {theme.pk: values.get(f"theme-{theme.pk}") for theme in self.chapter.themes}
        for pk, name in names.items():
            field = f"theme-{pk}"
            if field not in self.errors and not name:
                self.add_error(field, _("Give the theme a name."))
            elif name and list(names.values()).count(name) > 1:
                self.add_error(field, _("Two themes have this name. Group their comments into one instead."))
        here = {line.key for line in self.shown}
        elsewhere = sum(line.comment.quoted for line in self.chapter.lines if line.key not in here)
        if len(values.get("quote", [])) + elsewhere > QUOTES_EACH:
            message = _("You chose %(chosen)d quotations. Keep %(most)d: take off the ones that matter less.")
            params = {"chosen": len(values["quote"]) + elsewhere, "most": QUOTES_EACH}
            self.add_error("quote", forms.ValidationError(message, params=params))
        return values

    def edit(self, move: tuple[str, int] | None = None) -> ChapterEdit:
        """Return what a valid form says; a place that is left empty stays."""
        values = self.cleaned_data
        themes = self.chapter.themes
        places = {line.key: values[f"place-{line.key}"] or line.place for line in self.shown}
        theme_places = {theme.pk: values[f"theme-{theme.pk}-place"] for theme in themes}
        return ChapterEdit(
            lead=values["lead"],
            names={theme.pk: values[f"theme-{theme.pk}"] for theme in themes},
            theme_places={pk: place for pk, place in theme_places.items() if place},
            places=places,
            quoted={line.key: line.key in values["quote"] for line in self.shown},
            move=move,
        )

    @property
    def theme_rows(self) -> list[ThemeRow]:
        """The themes in order, with their fields."""
        return [
            ThemeRow(theme, no, self[f"theme-{theme.pk}"], self[f"theme-{theme.pk}-place"])
            for no, theme in enumerate(self.chapter.themes, start=1)
        ]

    @property
    def rows(self) -> list[tuple[Scale, list[tuple[Group, list[LineRow]]]]]:
        """The comments on this page by scale and group, with their fields."""
        chosen = self["quote"].value() or []
        return [
            (
                part.scale,
                [
                    (
                        group.group,
                        [LineRow(line, self[f"place-{line.key}"], line.key in chosen) for line in group.lines],
                    )
                    for group in part.groups
                ],
            )
            for part in self.parts
        ]


def _place(place: int, of: int) -> forms.IntegerField:
    wrong = _("Write a whole number from 1 to %(most)d.") % {"most": of}
    return forms.IntegerField(
        label=_("Place"),
        required=False,
        min_value=1,
        max_value=of,
        initial=place,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )
