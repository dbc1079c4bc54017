"""Validation of what is typed to sign a journal off, to share it and to verify it; nothing is saved here."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ratings.models import ShareLink, SignedJournal

FIELD = {"class": "field"}
LIFETIME = datetime.timedelta(days=30)
"""How long a link leads somewhere, unless it says otherwise."""
LONGEST = datetime.timedelta(days=365)
LARGEST = 2_500_000
"""Bytes of a file that can be verified; the server takes in no more at once."""


class SignForm(forms.Form):
    """Who signs, and in which role; `read` is the fingerprint of what they had before them."""

    name = forms.CharField(
        label=_("Name of whoever signs"),
        max_length=SignedJournal._meta.get_field("signed_by").max_length,
        widget=forms.TextInput(attrs={**FIELD, "autocomplete": "name"}),
        error_messages={"required": _("Type the name of the leader who signs.")},
    )
    role = forms.CharField(
        label=_("Their role"),
        help_text=_("For example: Director of Children’s Services."),
        max_length=SignedJournal._meta.get_field("signed_as").max_length,
        widget=forms.TextInput(attrs={**FIELD, "autocomplete": "organization-title"}),
        error_messages={"required": _("Type the role in which they sign.")},
    )
    read = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class ShareForm(forms.Form):
    """What a link leads to, whom it is for and until when it is good."""

    number = forms.TypedChoiceField(
        label=_("What it leads to"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs=FIELD),
        error_messages={"invalid_choice": _("Choose one of the editions in the list.")},
    )
    label = forms.CharField(
        label=_("Whom it is for"),
        help_text=_("Only you see this. For example: the cabinet member."),
        max_length=ShareLink._meta.get_field("label").max_length,
        widget=forms.TextInput(attrs=FIELD),
        error_messages={"required": _("Say whom it is for, so that you know later which link to revoke.")},
    )
    expires_on = forms.DateField(
        label=_("Until"),
        help_text=_("The last day on which it can be opened: at most a year from now."),
        widget=forms.DateInput(attrs={"type": "date", **FIELD}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the last day."), "invalid": _("Choose a day.")},
    )

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = [(str(number), _("Edition %(number)d, for good") % {"number": number}) for number in numbers]
        self.fields["number"].choices = [("", _("Whichever was signed last")), *editions]  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = timezone.localdate() + LIFETIME

    def clean_expires_on(self) -> datetime.date:
        """Return the last day: today or later, and no later than a year from now."""
        day: datetime.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, at most a year from now."))
        return day


class VerifyForm(forms.Form):
    """A file, or the fingerprint that is printed in it."""

    takes_one = True  # no field is optional by itself

    file = forms.FileField(
        label=_("The file"),
        help_text=_("At most 2.5 MB. Of a larger file type the fingerprint."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs=FIELD),
    )
    fingerprint = forms.CharField(
        label=_("Or its fingerprint"),
        help_text=_("64 digits and letters from a to f, with or without spaces."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={**FIELD, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_file(self) -> Any:
        """Return the file; one that is larger than what this page takes is refused."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                _("This file is larger than 2.5 MB. Type the fingerprint that is printed in it.")
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Refuse a form with nothing in it."""
        given = super().clean() or {}
        if not self.errors and given.get("file") is None and not given.get("fingerprint"):
            self.add_error("file", _("Choose a file, or type a fingerprint."))
        return given
