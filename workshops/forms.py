"""Validation of what facilitators and joining phones type; nothing is saved here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import AbstractBaseUser, User
from django.utils.translation import gettext_lazy as _

from workshops.choices import Role
from workshops.lettering import check_words, refuse_mixed_scripts
from workshops.models import Deliverable, Edition, Group, Review, Scale, Workshop
from workshops.planning import erase_date

FIELD = {"class": "field"}
"""Every typed field looks the same."""
GROUPS_MAX = 20
DELIVERABLES_MAX = 12
WIFI_NAME_BYTES = 32
WIFI_PASSWORD_MIN = 8


class GroupForm(forms.Form):
    """The group that a participant picks on joining, where the workshop has groups."""

    group = forms.ModelChoiceField(
        queryset=Group.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the groups in the list.")},
    )

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = workshop.groups.all()  # type: ignore[attr-defined]


class DetailsForm(forms.ModelForm[Workshop]):
    """Where and when a workshop is; all of it is printed on the journal."""

    class Meta:
        model = Workshop
        fields = ["organisation", "venue", "date", "self_paced_until", "erase_on"]
        help_texts = {
            "self_paced_until": _(
                "Leave it empty to pace the workshop in the room. With a date, all questions are open at once until "
                "the end of that day, and everybody answers in their own time."
            ),
            "erase_on": _(
                "From that day on the workshop can be erased for good, with every answer and comment: download the "
                "journal before. Leave it empty for the usual time."
            ),
        }
        widgets = {
            "organisation": forms.TextInput(attrs=FIELD),
            "venue": forms.TextInput(attrs=FIELD),
            "date": forms.DateInput(attrs={"type": "date", **FIELD}, format="%Y-%m-%d"),
            "self_paced_until": forms.DateInput(attrs={"type": "date", **FIELD}, format="%Y-%m-%d"),
            "erase_on": forms.DateInput(attrs={"type": "date", **FIELD}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check_words(self)
        self.fields["erase_on"].required = False

    def clean(self) -> dict[str, Any]:
        """Fill in an erase date that is left empty; refuse one that comes before the workshop is over."""
        values = super().clean() or self.cleaned_data
        held, erased = values.get("date"), values.get("erase_on")
        if held and "erase_on" in values:
            over = max(held, values.get("self_paced_until") or held)
            if erased is None:
                values["erase_on"] = erase_date(over)
            elif erased <= over:
                sentence = _("Choose a day after the workshop, or everything is erased before it is over.")
                self.add_error("erase_on", sentence)
        return values


class WifiForm(forms.ModelForm[Workshop]):
    """The wifi of the room, as its router has it."""

    class Meta:
        model = Workshop
        fields = ["wifi_name", "wifi_password"]
        help_texts = {
            "wifi_name": _("As phones list it, with its capitals. Leave it empty to show no wifi."),
            "wifi_password": _(
                "The wall shows it in clear to everybody in the room: give the password of a guest network or of your "
                "own hotspot, never that of an office. Leave it empty for an open network."
            ),
        }
        widgets = {
            name: forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", **FIELD}
            )
            for name in fields
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check_words(self)
        for field in self.fields.values():
            field.strip = False  # type: ignore[attr-defined]  # a router means the blanks that it was given

    def clean_wifi_name(self) -> str:
        """Refuse a name that no network can have: it is 32 bytes, and some letters take more than one."""
        name: str = self.cleaned_data["wifi_name"]
        if len(name.encode()) > WIFI_NAME_BYTES:
            raise forms.ValidationError(_("No wifi has a name as long as this. Look again at what phones list."))
        return name

    def clean_wifi_password(self) -> str:
        """Refuse a password that no network of WPA, WPA2 or WPA3 can have been given."""
        password: str = self.cleaned_data["wifi_password"]
        if password and len(password) < WIFI_PASSWORD_MIN:
            raise forms.ValidationError(_("A wifi’s password has 8 characters or more. Look again at what is missing."))
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse a password of no network."""
        values = super().clean() or self.cleaned_data
        if values.get("wifi_password") and values.get("wifi_name") == "":
            self.add_error("wifi_name", _("Type the name of the wifi that this is the password of."))
        return values


class WorkshopForm(DetailsForm):
    """What a workshop is planned from."""

    review = forms.ModelChoiceField(
        label=_("Review"), queryset=Review.objects.none(), empty_label=None, widget=forms.Select(attrs=FIELD)
    )
    groups = forms.CharField(
        label=_("Groups, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, **FIELD}),
        help_text=_("Service areas or roles. People pick one when they join. Leave it empty to ask nothing."),
    )

    field_order = ["review", "organisation", "venue", "date", "groups", "self_paced_until", "erase_on"]

    def __init__(self, *args: Any, user: AbstractBaseUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review"].queryset = Review.objects.visible_to(user.pk)  # type: ignore[attr-defined]

    def clean_groups(self) -> list[str]:
        """Return the names, each once."""
        names = list(dict.fromkeys(line.strip() for line in self.cleaned_data["groups"].splitlines() if line.strip()))
        if len(names) > GROUPS_MAX:
            raise forms.ValidationError(_("Name at most %(max)d groups.") % {"max": GROUPS_MAX})
        if any(len(name) > 60 for name in names):
            raise forms.ValidationError(_("Keep each group's name to 60 characters."))
        return names


class RoleForm(forms.Form):
    """A role in a workshop."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, initial=Role.FACILITATOR, widget=forms.Select(attrs=FIELD)
    )


class AccountForm(UserCreationForm[User]):
    """The user name and the password, typed twice, of whoever follows an invitation."""

    class Meta(UserCreationForm.Meta):
        labels = {"username": _("User name")}
        help_texts = {"username": _("Letters, digits and @ . + - _")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].validators.append(refuse_mixed_scripts)
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["username"].widget.attrs.update({"autocapitalize": "none", "autocomplete": "username"})
        self.fields["password1"].help_text = _("Ten characters or more; three words that nobody would guess are good.")
        self.fields["password2"].help_text = ""
        self.fields["password2"].label = _("The password again")
        for field in self.fields.values():
            field.widget.attrs.update(FIELD)


class EditionForm(forms.ModelForm[Edition]):
    """What an edition says beside its deliverables."""

    class Meta:
        model = Edition
        fields = ["title", "subtitle", "epigraph", "epigraph_by", "imperative_question", "threshold", "asks_higher"]
        help_texts = {
            "threshold": _(
                "Where fewer have answered, nobody is shown how, so that nobody’s answer can be guessed. From 3 to 20."
            ),
            "asks_higher": _(
                "Phones then ask it below the picture of each scale, as long as the room looks at it. The answers wait "
                "for you like comments, and have a heading of their own on the wall and in the journal."
            ),
        }
        widgets = {
            "title": forms.TextInput(attrs=FIELD),
            "subtitle": forms.TextInput(attrs=FIELD),
            "epigraph_by": forms.TextInput(attrs=FIELD),
            "epigraph": forms.Textarea(attrs={"rows": 2, **FIELD}),
            "imperative_question": forms.Textarea(attrs={"rows": 2, **FIELD}),
            "threshold": forms.NumberInput(attrs={"inputmode": "numeric", **FIELD}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check_words(self)


def _scale_fields(prefix: str) -> dict[str, forms.Field]:
    texts = {field.name: field for field in Scale._meta.fields if field.name.startswith(("anchor_", "short_"))}
    return {
        f"{prefix}_{name}": forms.CharField(
            label=field.verbose_name,
            max_length=field.max_length,
            required=not field.blank,
            widget=forms.Textarea(attrs={"rows": 4, **FIELD})
            if name.startswith("anchor")
            else forms.TextInput(attrs=FIELD),
        )
        for name, field in texts.items()
    }


class DeliverableForm(forms.ModelForm[Deliverable]):
    """One deliverable with both its scales."""

    key = forms.SlugField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Deliverable
        fields = ["key", "name", "short_name", "lead"]
        widgets = {name: forms.TextInput(attrs=FIELD) for name in ("name", "short_name", "lead")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_scale_fields("being") | _scale_fields("progress"))
        check_words(self)

    def scale_fields(self, prefix: str) -> list[forms.BoundField]:
        """Return the bound fields of one scale, for the template."""
        return [field for field in self if field.name.startswith(prefix)]

    @property
    def being_fields(self) -> list[forms.BoundField]:
        """The fields of "being at the goal"."""
        return self.scale_fields("being_")

    @property
    def progress_fields(self) -> list[forms.BoundField]:
        """The fields of "making progress"."""
        return self.scale_fields("progress_")


class _Deliverables(forms.BaseFormSet[DeliverableForm]):
    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_few_forms": _("A review needs at least one deliverable."),
        "too_many_forms": _("A review has at most %(num)d deliverables."),
    }


DeliverableFormSet = forms.formset_factory(
    DeliverableForm,
    formset=_Deliverables,
    extra=0,
    can_delete=True,
    can_order=True,
    min_num=1,
    validate_min=True,
    max_num=DELIVERABLES_MAX,
    validate_max=True,
    absolute_max=DELIVERABLES_MAX + 1,
)
