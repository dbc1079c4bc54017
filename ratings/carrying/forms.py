"""What is sent to take a workshop in, and what is said where it cannot be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ratings.carrying.contents import Unreadable
from ratings.carrying.locking import LARGEST, CannotOpen, Damaged, WrongPassphrase
from ratings.carrying.taking_in import AlreadyHere, CannotTakeIn, PastItsTime

FIELD = {"class": "field"}


class TakeInForm(forms.Form):
    """A file that was packed at another Midpoint, and its passphrase."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("Its name ends in .midpoint."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs=FIELD),
        error_messages={"required": gettext_lazy("Choose the file.")},
    )
    passphrase = forms.CharField(
        label=gettext_lazy("Its passphrase"),
        help_text=gettext_lazy("Five groups of four letters and digits. Capitals, spaces and dashes do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={**FIELD, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Type the passphrase that was shown when it was packed.")},
    )

    def clean_file(self) -> Any:
        """Return the file; one that is larger than any that is packed is refused."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This is no file that was packed at a Midpoint: it is too large."))
        return file


def refusal(error: CannotOpen | CannotTakeIn | Unreadable) -> str:
    """Return the sentence that says why a workshop was not taken in, and what to do."""
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, WrongPassphrase):
        return _(
            "Another passphrase opens this file. Look at what you typed, choose the file again, and try once more."
        )
    if isinstance(error, Damaged):
        return _("This file was damaged on its way. Bring it once more, or pack it again.")
    if isinstance(error, PastItsTime):
        day = date_format(error.on, "j F Y")
        return _("This workshop was to be erased on %(day)s, so it is not taken in.") % {"day": day}
    if isinstance(error, AlreadyHere):
        return _already_here(error)
    return _("This is no file that was packed at a Midpoint. Choose the one whose name ends in .midpoint.")


def _already_here(error: AlreadyHere) -> str:
    """Return when it was taken in, and where it is now."""
    day = date_format(error.on, "j F Y") if error.on else ""
    code = error.workshop.spaced_code if error.workshop else ""
    if not day:
        return _("This workshop was packed here, and is still here: its code is %(code)s.") % {"code": code}
    if not code:
        return _("This workshop was taken in on %(day)s and has been erased since. It is taken in once.") % {"day": day}
    said = _("This workshop was taken in on %(day)s: its code is %(code)s. It is taken in once.")
    return said % {"day": day, "code": code}
