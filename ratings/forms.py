"""Validation of what participants answer; nothing is saved here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ratings.aloud import COUNT_MAX
from ratings.choices import COMMENT_MAX, ENTERED, IMPERATIVE_MAX, VOTES_EACH, WRITTEN_MAX, Mark, Rag, Reason, Source
from ratings.deciding import digest, spoken_words
from ratings.imperatives import on_show, to_vote_on
from ratings.models import Action, Imperative, Words
from ratings.names import FindingKind
from workshops.choices import StageKind
from workshops.lettering import refuse_invisible
from workshops.models import Deliverable, Stage, Workshop

UNSURE = "unsure"
NOT_IN_THE_LIST = _("One of these is no longer in the list. Look at the list again.")


def _words(maximum: int) -> forms.CharField:
    """Return a field of at most `maximum` characters, counted as a browser does: a line break is one."""
    too_long = _("That is too long by a little: %(show_value)d characters. Keep it to %(limit_value)d.")
    return _Words(required=False, validators=[MaxLengthValidator(maximum, too_long)])


class _Shared(forms.Field):
    """A field that all forms of a kind have in common: what a room sends, no form changes."""

    def __deepcopy__(self, memo: object) -> Self:
        return self


class _Words(_Shared, forms.CharField):
    """Words as typed, with line breaks as one character each."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class _OneOf(_Shared):
    """One of a few values, as sent."""

    def __init__(self, *values: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.values = frozenset(values)

    def validate(self, value: Any) -> None:
        """Refuse any other value."""
        super().validate(value)
        if value not in self.values and value not in self.empty_values:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")

    def to_python(self, value: Any) -> str:
        """Return what was sent; "" for nothing."""
        return value or ""


class _Several(forms.ModelMultipleChoiceField[Any]):
    """Rows chosen by their ids; an id too long for the database is one that nobody has."""

    def clean(self, value: Any) -> Any:
        for each in value or ():
            if len(str(each)) > 18:
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": each})
        return super().clean(value)


class ScoreForm(forms.Form):
    """A score of 0 to 10 or "unsure", and a comment with an optional mark."""

    value = _OneOf(
        *map(str, range(11)),
        UNSURE,
        error_messages={
            "required": _("Choose a number from 0 to 10, or “I can’t say”."),
            "invalid_choice": _("Choose a number from 0 to 10, or “I can’t say”."),
        },
    )
    mark = _OneOf(
        *Mark, required=False, error_messages={"invalid_choice": _("Choose one of the three marks, or none.")}
    )
    text = _words(COMMENT_MAX)

    def clean_value(self) -> int | None:
        """Return the score; None for "can't say"."""
        value = self.cleaned_data["value"]
        return None if value == UNSURE else int(value)


class HigherForm(forms.Form):
    """What one point higher on a scale would look like; nothing takes it back."""

    higher = _words(COMMENT_MAX)


class RagForm(forms.Form):
    """Red, amber, green or "unsure"."""

    value = _OneOf(
        *Rag,
        UNSURE,
        error_messages={
            "required": _("Choose red, amber or green, or “I can’t say”."),
            "invalid_choice": _("Choose red, amber or green, or “I can’t say”."),
        },
    )

    def clean_value(self) -> str:
        """Return the colour's letter; "" for "can't say"."""
        value: str = self.cleaned_data["value"]
        return "" if value == UNSURE else value


class ImperativesForm(forms.Form):
    """One or two imperatives, each with the deliverables it is for."""

    text_1 = _words(IMPERATIVE_MAX)
    text_2 = _words(IMPERATIVE_MAX)
    deliverables_1 = _Several(Deliverable.objects.none(), required=False)
    deliverables_2 = _Several(Deliverable.objects.none(), required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("deliverables_1", "deliverables_2"):
            self.fields[name].queryset = workshop.edition.deliverables.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one imperative."""
        values = super().clean() or {}
        if not self.errors and not (values.get("text_1") or values.get("text_2")):
            self.add_error("text_1", _("Write one thing that must happen. The second may stay empty."))
        return values


class WordsForm(forms.Form):
    """What somebody said aloud or wrote on paper: a comment on a scale, or something that must happen next."""

    IMPERATIVE = "next"

    about = forms.ChoiceField(error_messages={"required": _("Choose what it is about.")})
    text = _Words(
        max_length=WRITTEN_MAX,
        error_messages={
            "required": _("Write what was said."),
            "max_length": _("That is too long: %(show_value)d characters. Keep it to %(limit_value)d."),
        },
    )
    mark = forms.ChoiceField(choices=[("", ""), *Mark.choices], required=False)
    source = forms.ChoiceField(
        choices=[(source.value, source.label) for source in ENTERED],
        error_messages={"required": _("Choose how it came: said aloud, or on paper.")},
    )

    def __init__(self, *args: Any, stages: Sequence[Stage], at: Stage | None = None, **kwargs: Any) -> None:
        """Offer the scales and the imperatives among `stages`; what belongs to the stage `at` is chosen at first."""
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]] = []
        chosen = ""
        for stage in stages:
            if stage.scale and stage.deliverable:
                choices.append((str(stage.scale.pk), f"{stage.deliverable.label}: {stage.title}"))
                here = at and at.deliverable_id == stage.deliverable_id and at.scale_id in (None, stage.scale_id)
            elif stage.kind == StageKind.IMPERATIVES:
                choices.append((self.IMPERATIVE, stage.title))
                here = at and at.kind in (StageKind.IMPERATIVES, StageKind.PRIORITIES)
            else:
                continue
            chosen = choices[-1][0] if here or not chosen else chosen
        self.fields["about"].choices = choices  # type: ignore[attr-defined]
        self.initial = {"about": chosen, "source": Source.ALOUD, **self.initial}

    @property
    def scale_id(self) -> int | None:
        """The scale that a valid form is about; None for something that must happen next."""
        about = self.cleaned_data["about"]
        return None if about == self.IMPERATIVE else int(about)


class PaperForm(forms.Form):
    """How many papers gave each answer at a scale's or a RAG stage, or dots to each imperative; empty is none."""

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = COUNT_MAX
        labels: dict[str, Any] = {str(n): str(n) for n in range(11)} | {UNSURE: _("Can’t say")}
        if stage.kind == StageKind.RAG:
            labels = dict(Rag.choices) | {UNSURE: _("Can’t say")}
        elif stage.kind == StageKind.PRIORITIES:
            labels = {str(row.pk): row.text for row in on_show(stage.workshop)}
            self.most = COUNT_MAX * VOTES_EACH
        for name, label in labels.items():
            wrong = _("%(field)s: write a whole number from 0 to %(most)d, or leave it empty.")
            message = wrong % {"field": label, "most": COUNT_MAX}
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=COUNT_MAX,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), message),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse more papers than a count holds."""
        values = super().clean() or {}
        if sum(values.get(name) or 0 for name in self.fields) > self.most:
            raise forms.ValidationError(_("That is more than %(most)d papers."), params={"most": COUNT_MAX})
        return values

    @property
    def counts(self) -> dict[str, int]:
        """The count of each answer of a valid form, by field name."""
        return {name: self.cleaned_data[name] or 0 for name in self.fields}


class VotesForm(forms.Form):
    """Up to three different imperatives of this workshop."""

    imperative = _Several(
        Imperative.objects.none(),
        required=False,
        error_messages={"invalid_choice": NOT_IN_THE_LIST},
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["imperative"].queryset = to_vote_on(workshop)  # type: ignore[attr-defined]

    def clean_imperative(self) -> list[Imperative]:
        """Return the chosen ones; more than three are sent back."""
        chosen = list(self.cleaned_data["imperative"])
        if len(chosen) > VOTES_EACH:
            message = _("You chose %(chosen)d. Keep three dots: take off the ones that matter less.")
            raise forms.ValidationError(message, params={"chosen": len(chosen)})
        return chosen


class MergeForm(forms.Form):
    """Imperatives that say the same, and the one that stands for them."""

    leading = forms.ModelChoiceField(
        Imperative.objects.none(),
        error_messages={
            "required": _("Choose the wording that stands for the others."),
            "invalid_choice": NOT_IN_THE_LIST,
        },
    )
    others = _Several(
        Imperative.objects.none(),
        error_messages={
            "required": _("Tick the imperatives that say the same."),
            "invalid_choice": NOT_IN_THE_LIST,
        },
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leading", "others"):
            self.fields[name].queryset = on_show(workshop)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for at least two different imperatives."""
        values = super().clean() or {}
        if not self.errors and not set(values["others"]) - {values["leading"]}:
            self.add_error("others", _("Tick at least one more than the wording that stands for them."))
        return values


class ActionForm(forms.ModelForm[Action]):
    """Who does an imperative, and by when; an empty owner takes the action back."""

    owner = forms.CharField(required=False, max_length=120, validators=[refuse_invisible])

    class Meta:
        model = Action
        fields = ["owner", "due"]
        error_messages = {"due": {"invalid": _("Write the date as day, month and year.")}}


class DecisionForm(forms.Form):
    """What to do with a text; `words` are numbers of words to take out, `read` is the text as it was read."""

    do = forms.ChoiceField(choices=[(each, each) for each in ("show", "hold", "hide", "redact")])
    reason = forms.ChoiceField(choices=Reason, required=False)
    own_reason = forms.CharField(max_length=200, required=False, validators=[refuse_invisible])
    words = forms.TypedMultipleChoiceField(coerce=int, required=False)
    kind = forms.TypedChoiceField(choices=FindingKind, coerce=FindingKind, required=False, empty_value=FindingKind.NAME)
    read = forms.CharField(required=False)

    def __init__(self, *args: Any, about: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.fields["words"].choices = [  # type: ignore[attr-defined]
            (number, number) for number, _word in enumerate(spoken_words(about.text))
        ]
        self.fields["read"].initial = digest(about.text)

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where one is needed, and for words to take out that are still there."""
        values = super().clean() or {}
        do = values.get("do")
        values["reason"] = values.get("own_reason") or (Reason(values["reason"]).label if values.get("reason") else "")
        if do in ("hide", "redact") and not values["reason"]:
            self.add_error("reason", _("Say why: choose a reason, or write one."))
        if do == "redact" and self.data.get("read") != digest(self.about.text):
            self.add_error(None, _("Its writer has changed it meanwhile. Read it again."))
        elif do == "redact" and not values.get("words"):
            self.add_error("words", _("Mark the words to take out."))
        return values


class ThemeForm(forms.Form):
    """Ticked comments by id, and the theme for them: a name that is written, else one that is chosen."""

    new_name = forms.CharField(max_length=80, required=False, validators=[refuse_invisible])
    name = forms.CharField(max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for ticked comments, and for a name unless they are taken out of their themes."""
        values = super().clean() or {}
        sent = self.data.getlist("comments") if isinstance(self.data, QueryDict) else []
        values["comments"] = [int(pk) for pk in sent if pk.isdecimal() and len(pk) < 19]
        values["name"] = values.get("new_name") or values.get("name") or ""
        if not values["comments"]:
            self.add_error(None, _("Tick the comments first."))
        elif not values["name"] and not self.errors and self.data.get("do") != "ungroup":
            self.add_error("new_name", _("Name the theme, or choose one."))
        return values
