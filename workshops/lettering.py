"""Which characters a name may hold: what the eye cannot see may not decide how a screen reads, or who one seems."""

from __future__ import annotations

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the words that follow around, also those that stand beside a name."""
NOTHING = frozenset("\u200b\u2060\ufeff\u00ad\u180e\u2028\u2029")
"""They draw nothing, so that two names look the same. Joiners draw nothing either, but scripts need them."""
LAYOUT = frozenset("\t\n\r")


def refuse_invisible(words: str) -> None:
    """Raise ValidationError where words hold a control character, an override of direction, or what draws nothing."""
    for letter in words:
        hidden = unicodedata.category(letter) in ("Cc", "Cs") and letter not in LAYOUT
        if hidden or letter in OVERRIDES or letter in NOTHING:
            raise ValidationError(_("There is an invisible character in this. Type the words instead of pasting them."))


def refuse_mixed_scripts(name: str) -> None:
    """Raise ValidationError where a name has letters of several alphabets, some of which look the same."""
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in name if letter.isalpha()}
    if len(scripts) > 1:
        raise ValidationError(_("Keep to the letters of one alphabet: some of different alphabets look the same."))


def check_words(form: forms.BaseForm) -> None:
    """Let every text of a form be refused where it holds something invisible."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField):
            field.validators.append(refuse_invisible)
