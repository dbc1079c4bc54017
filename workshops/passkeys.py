"""What a browser says of a passkey, whatever it says: allauth's forms, which take some rubbish for a fault of ours."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as passkeys
from django import forms

RUBBISH = (KeyError, TypeError, ValueError, AttributeError, RecursionError)
"""What reading it raises: numbers of thousands of digits, brackets in thousands of brackets, bytes of no key."""


class Credential(forms.JSONField):
    """What a browser says of a passkey; rubbish is a code that is not right."""

    def __init__(self) -> None:
        super().__init__(required=True, widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        """Return it read; raise ValidationError where that cannot be done."""
        try:
            return super().to_python(value)
        except RUBBISH as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AddForm(passkeys.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey."""

    credential = Credential()

    def clean(self) -> dict[str, Any]:
        """Take what is a passkey; raise ValidationError for anything else."""
        try:
            return dict(super().clean())
        except RUBBISH as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AuthenticateForm(passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey after a password."""

    credential = Credential()

    def clean_credential(self) -> Any:
        """Return whose passkey it is; raise ValidationError for anything else."""
        try:
            return super().clean_credential()
        except RUBBISH as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginForm(AuthenticateForm, passkeys.LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey instead of a password."""


class ReauthenticateForm(AuthenticateForm, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # the same
    """A passkey again, before something that matters."""
