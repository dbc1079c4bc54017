"""What allauth's views of an account do not do as it is wanted here."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Sign in with a passkey; one that is not known here leads back, with a sentence."""

    def form_invalid(self, form: LoginWebAuthnForm) -> HttpResponse:
        """Say so on the page of signing in."""
        return HttpResponseRedirect(reverse("account_login") + "?passkey=unknown")
